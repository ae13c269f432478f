// [countdown]
#[link(wasm_import_module = "env")]
unsafe extern "C" {
    /// The host's function.
    fn log(ptr: *const u8, len: usize);
}

#[unsafe(no_mangle)]
pub extern "C" fn countdown(start: u32) -> u32 {
    for n in (1..=start).rev() {
        let line = n.to_string();
        unsafe { log(line.as_ptr(), line.len()) };
    }
    start
}
// [end countdown]
