package dev.landbridge;

/**
 * A field of a struct, or the elements of an array.
 *
 * @param storage how it is stored: {@code i8}, {@code i16}, or the label of the type
 * @param type the type of the values that are read and written: {@link Type#I32} for {@code i8} and {@code i16}, read as
 *     not negative, of which the low bits are written
 * @param mutable whether it can be written
 */
public record FieldType(String storage, Type type, boolean mutable) {
    /** Such as {@code (mut i8)}. */
    @Override
    public String toString() {
        return mutable ? "(mut " + storage + ")" : storage;
    }
}
