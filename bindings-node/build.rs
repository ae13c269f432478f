//! Links the addon so that Node.js resolves its Node-API symbols and never unloads it.

fn main() {
    napi_build::setup();
    // The ticker thread runs this code, so the image must outlive the last worker that loaded it.
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
