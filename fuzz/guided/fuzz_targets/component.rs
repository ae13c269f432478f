#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| landbridge_fuzz::component(data));
