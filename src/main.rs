//! The command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    spillcheck::cli::main()
}
