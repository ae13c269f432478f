package dev.landbridge;

/**
 * The type of a global.
 *
 * @param content the type of its value
 * @param mutable whether it can be written
 */
public record GlobalType(Type content, boolean mutable) implements ExternType {
    @Override
    public String sort() {
        return "global";
    }

    /** Such as {@code global (mut i32)}. */
    @Override
    public String toString() {
        return mutable ? "global (mut " + content + ")" : "global " + content;
    }
}
