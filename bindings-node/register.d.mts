/** `node --import landbridge/register app.mjs`: programs can import `.wasm` files as ES modules. */
export {}
