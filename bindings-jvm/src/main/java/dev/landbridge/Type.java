package dev.landbridge;

import java.util.List;

/**
 * The type of a WebAssembly value, as far as Java needs it to pass one. In Java: {@code int}, {@code long}, {@code
 * float}, {@code double}, {@link V128}; for references an object or null, as said for each. Integers have no sign of
 * their own: results are signed.
 *
 * <p>A module may be more exact: a reference that is never null, or one to a struct of certain fields. Such a type is
 * told as the nearest one here, and what it rules out is an error of kind {@code type} when a value is passed.
 */
public enum Type {
    // generated: java.types
    /** 32-bit integer: {@code int}. */
    I32("i32"),
    /** 64-bit integer: {@code long}. */
    I64("i64"),
    /** 32-bit IEEE 754 float; all bits of a NaN are kept. */
    F32("f32"),
    /** 64-bit IEEE 754 float; all bits of a NaN are kept. */
    F64("f64"),
    /** 128-bit vector: {@link V128}. */
    V128("v128"),
    /** A function or null: {@link Func}. */
    FUNCREF("funcref"),
    /**
     * Any object of Java, or null. Something of the guest's heap that a guest made an externref is a {@link GcRef}, or
     * an {@link Integer}; a {@code GcRef} goes back as what it is.
     */
    EXTERNREF("externref"),
    /**
     * Anything of the guest's garbage-collected heap, which is a {@link GcRef}; or a small integer, which is an
     * {@link Integer} from -2^30 to 2^30 - 1; or any other object of Java; or null.
     */
    ANYREF("anyref"),
    /** A struct or an array, which is a {@link GcRef}, or a small integer, or null. */
    EQREF("eqref", ANYREF),
    /** An integer of 31 bits, which is an {@link Integer}, or null. */
    I31REF("i31ref", ANYREF),
    /** A struct of the guest's heap, or null: {@link GcRef}. */
    STRUCTREF("structref", ANYREF),
    /** An array of the guest's heap, or null: {@link GcRef}. */
    ARRAYREF("arrayref", ANYREF),
    /** An exception, or null: {@link TaggedException}. */
    EXNREF("exnref"),
    /** Only the null of {@code anyref} and its kin. */
    NULLREF("nullref", ANYREF),
    /** Only the null of {@code funcref}. */
    NULLFUNCREF("nullfuncref", FUNCREF),
    /** Only the null of {@code externref}. */
    NULLEXTERNREF("nullexternref", EXTERNREF),
    /** Only the null of {@code exnref}. */
    NULLEXNREF("nullexnref", EXNREF);
    // end generated

    private static final List<Type> ALL = List.of(values());

    private final String label;
    private final Type top;

    Type(String label) {
        this.label = label;
        this.top = this;
    }

    Type(String label, Type top) {
        this.label = label;
        this.top = top;
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

    /** The widest type whose values can meet this one's. */
    Type top() {
        return top;
    }

    @Override
    public String toString() {
        return label;
    }

    static Type of(int number) {
        return ALL.get(number - 1);
    }
}
