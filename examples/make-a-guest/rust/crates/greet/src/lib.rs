// [add]
#[unsafe(no_mangle)]
pub extern "C" fn add(a: i32, b: i32) -> i32 {
    a + b
}
// [end add]

// [memory]
/// Makes room for `len` bytes.
#[unsafe(no_mangle)]
pub extern "C" fn alloc(len: usize) -> *mut u8 {
    Box::into_raw(vec![0u8; len].into_boxed_slice()).cast()
}

/// Frees what `alloc` or `hello` gave out.
///
/// # Safety
/// `ptr` and `len` are those of one `alloc`, or of one text that `hello` returned.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dealloc(ptr: *mut u8, len: usize) {
    drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(ptr, len)) });
}
// [end memory]

// [strings]
/// The text of the host at `ptr`.
unsafe fn text<'a>(ptr: *const u8, len: usize) -> &'a str {
    std::str::from_utf8(unsafe { std::slice::from_raw_parts(ptr, len) }).expect("the text is UTF-8")
}

/// # Safety
/// `len` bytes of text lie at `ptr`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vowels(ptr: *const u8, len: usize) -> usize {
    let text = unsafe { text(ptr, len) };
    text.chars().filter(|c| "aeiouAEIOU".contains(*c)).count()
}

/// Returns where its text is, in the high 32 bits, and how long it is, in the low 32.
///
/// # Safety
/// `len` bytes of text lie at `ptr`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hello(ptr: *const u8, len: usize) -> u64 {
    let greeting = format!("Hello, {}!", unsafe { text(ptr, len) }).into_boxed_str();
    let len = greeting.len() as u64;
    (Box::into_raw(greeting).cast::<u8>() as u64) << 32 | len
}
// [end strings]
