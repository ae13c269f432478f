/** Loads WebAssembly modules and calls them; see {@link dev.landbridge}. */
module dev.landbridge {
    exports dev.landbridge;
}
