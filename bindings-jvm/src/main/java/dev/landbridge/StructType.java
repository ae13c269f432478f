package dev.landbridge;

import java.util.List;

/**
 * The type of a struct of the guest's heap.
 *
 * @param fields its fields
 */
public record StructType(List<FieldType> fields) implements GcType {
    /**
     * The type of a struct.
     *
     * @param fields its fields
     */
    public StructType {
        fields = List.copyOf(fields);
    }

    @Override
    public String sort() {
        return "struct";
    }

    @Override
    public FieldType field(int index) {
        return index >= 0 && index < fields.size() ? fields.get(index) : null;
    }

    /** Such as {@code (struct (mut i32) f64)}. */
    @Override
    public String toString() {
        return fields.isEmpty() ? "(struct)" : "(struct " + Texts.listed(fields, FieldType::toString, " ") + ")";
    }
}
