//! Gives the shared library the name that programs remember it by. `tests/names.rs` compares it with where it is repeated.

/// Another number where programs have to be built anew.
const SONAME: &str = "liblandbridge.so.0";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-env=LANDBRIDGE_SONAME={SONAME}");
    let target = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    if target == "linux" {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,{SONAME}");
        // The ticker thread runs this code, and so do the handlers of signals: dlclose must not unmap it.
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
    if target == "macos" {
        let number = SONAME.trim_start_matches("liblandbridge.so.");
        println!(
            "cargo::rustc-cdylib-link-arg=-Wl,-install_name,@rpath/liblandbridge.{number}.dylib"
        );
    }
}
