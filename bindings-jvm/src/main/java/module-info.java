/** Loads WebAssembly modules and calls them; see {@link dev.landbridge}. */
@SuppressWarnings("module") // The modules with native libraries are compiled after this one.
module dev.landbridge {
    exports dev.landbridge;
    exports dev.landbridge.spi to
            dev.landbridge.natives.linux.x86_64,
            dev.landbridge.natives.linux.aarch_64,
            dev.landbridge.natives.linux.x86_64.musl,
            dev.landbridge.natives.linux.aarch_64.musl,
            dev.landbridge.natives.osx.x86_64,
            dev.landbridge.natives.osx.aarch_64,
            dev.landbridge.natives.windows.x86_64;

    uses dev.landbridge.spi.NativeLibrary;
}
