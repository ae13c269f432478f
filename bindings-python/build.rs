//! Tells the compiler which version of CPython this is compiled for: `cfg(Py_3_14)`, `cfg(Py_GIL_DISABLED)`.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    pyo3_build_config::use_pyo3_cfgs();
}
