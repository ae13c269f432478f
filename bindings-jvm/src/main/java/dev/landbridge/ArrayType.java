package dev.landbridge;

/**
 * The type of an array of the guest's heap.
 *
 * @param element what its elements are
 */
public record ArrayType(FieldType element) implements GcType {
    @Override
    public String sort() {
        return "array";
    }

    @Override
    public FieldType field(int index) {
        return element;
    }

    /** Such as {@code (array (mut i8))}. */
    @Override
    public String toString() {
        return "(array " + element + ")";
    }
}
