//! Fatal errors: text to standard error, exit status 2.

/// Writes bytes to standard error, whatever happens to them.
pub fn write_stderr(mut bytes: &[u8]) {
    while !bytes.is_empty() {
        // SAFETY: a valid range of memory.
        let n = unsafe { libc::write(2, bytes.as_ptr().cast(), bytes.len()) };
        if n <= 0 {
            return;
        }
        bytes = &bytes[n as usize..];
    }
}

/// Ends the process at once.
pub fn exit(status: i32) -> ! {
    // SAFETY: no Rust state needs to be torn down.
    unsafe { libc::_exit(status) }
}

/// `fatal error: TEXT`, status 2.
pub fn throw_text(text: &str) -> ! {
    write_stderr(format!("fatal error: {text}\n").as_bytes());
    exit(2)
}
