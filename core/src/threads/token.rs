//! Token: what tells a thread from all others while it lives.

/// A number that is this thread's own while it lives, never zero: its thread pointer, which a
/// shared library reaches in one instruction where a thread-local takes a call.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[inline(always)]
pub fn thread_token() -> usize {
    let token;
    // SAFETY: the x86-64 ABI keeps the thread pointer itself at offset 0 of what it points to.
    unsafe {
        std::arch::asm!(
            "mov {}, fs:0",
            out(reg) token,
            options(pure, readonly, nostack, preserves_flags)
        );
    }
    token
}

/// A number that is this thread's own while it lives, never zero.
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
#[inline(always)]
pub fn thread_token() -> usize {
    thread_local! {
        static TOKEN: u8 = const { 0 };
    }
    TOKEN.with(|token| std::ptr::from_ref(token) as usize)
}
