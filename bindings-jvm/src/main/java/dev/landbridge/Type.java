package dev.landbridge;

import java.util.List;

/**
 * The type of a WebAssembly value. In Java: {@code int}, {@code long}, {@code float}, {@code double}, {@link V128},
 * {@link Func} or null, any Object or null. Integers have no sign of their own: results are signed.
 */
public enum Type {
    /** 32-bit integer: {@code int}. */
    I32("i32"),
    /** 64-bit integer: {@code long}. */
    I64("i64"),
    /** 32-bit float; all bits of a NaN are kept. */
    F32("f32"),
    /** 64-bit float; all bits of a NaN are kept. */
    F64("f64"),
    /** 128-bit vector: {@link V128}. */
    V128("v128"),
    /** A function or null: {@link Func}. */
    FUNCREF("funcref"),
    /** Any object of Java, or null. */
    EXTERNREF("externref"),
    /** A reference type that cannot cross to Java yet. */
    REF("ref");

    private static final List<Type> ALL = List.of(values());

    private final String label;

    Type(String label) {
        this.label = label;
    }

    /**
     * The stable number, the same in every host.
     *
     * @return the number, from 1
     */
    public int number() {
        return ordinal() + 1;
    }

    /**
     * The name the WebAssembly text format gives it.
     *
     * @return such as {@code i32}
     */
    public String label() {
        return label;
    }

    @Override
    public String toString() {
        return label;
    }

    static Type of(int number) {
        return ALL.get(number - 1);
    }
}
