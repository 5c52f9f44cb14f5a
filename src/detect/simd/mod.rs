//! Loops over bytes that are worth vector instructions.
//!
//! Each has a portable version and, on x86-64, one for AVX2 that is chosen at run time; both give
//! the same results. This is the only module of the crate in which unsafe code may stand.
#![allow(unsafe_code)]

mod pairs;
mod probe;
mod runs;

pub use pairs::byte_pairs;
pub(in crate::detect) use probe::{GramSet, Positions, ROWS, STEP, fold, gram_at, row_of};
pub use runs::{RunClass, runs};

/// Whether the AVX2 versions can run here. Every processor with AVX2 has the others too.
#[cfg(target_arch = "x86_64")]
fn has_avx2() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("popcnt")
}
