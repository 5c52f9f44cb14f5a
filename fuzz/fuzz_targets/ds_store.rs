//! Any bytes as a `.DS_Store`: no panic, and an end.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spillcheck::site::ds_store;

fuzz_target!(|data: &[u8]| {
    if let Some(names) = ds_store::names(data) {
        assert!(names.len() <= data.len());
    }
});
