//! Links the library so that it stays when the JVM unloads it.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // The ticker thread runs this code, and so do the handlers of signals: the image must outlive the
    // class loader that loaded it.
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
