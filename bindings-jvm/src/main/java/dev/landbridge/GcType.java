package dev.landbridge;

/** The type of an object of the guest's heap. Its text form is the same in every host. */
public sealed interface GcType permits StructType, ArrayType {
    /**
     * {@code struct} or {@code array}.
     *
     * @return the word
     */
    String sort();

    /**
     * A field of a struct, or what the elements of an array are.
     *
     * @param index the index of the field, or of an element
     * @return its type, or null if a struct has no such field
     */
    FieldType field(int index);
}
