//! Joins matches into findings: one per secret, deterministic, fingerprinted.
