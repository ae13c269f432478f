// A class that has a module beside it in its jar; see docs/guide/packaging.md, which docs/start/test.py follows.

// [package]
package com.example;

import dev.landbridge.Instance;
import dev.landbridge.Module;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Greets people. */
public final class Greeter {
    private static final Module MODULE = module("greet.wasm");

    private static Module module(String name) {
        try (InputStream in = Greeter.class.getResourceAsStream(name)) {
            return Module.load(in);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    public static void main(String[] args) {
        try (Instance greet = MODULE.instantiate()) {
            System.out.println(greet.call("hello", args[0]));
        }
    }
}
// [end package]
