//! Apache.

mod applications;
mod case;
mod generate;
mod random;
mod server;
mod truth;
