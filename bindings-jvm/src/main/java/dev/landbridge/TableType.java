package dev.landbridge;

import java.util.OptionalLong;

/**
 * The type of a table.
 *
 * @param element the type of its elements
 * @param min elements at the start
 * @param max elements it may grow to, if bounded
 * @param is64 whether indices have 64 bits
 */
public record TableType(Type element, long min, OptionalLong max, boolean is64) implements ExternType {
    /**
     * The type of a table with 32-bit indices.
     *
     * @param element the type of its elements
     * @param min elements at the start
     * @param max elements it may grow to, if bounded
     */
    public TableType(Type element, long min, OptionalLong max) {
        this(element, min, max, false);
    }

    @Override
    public String sort() {
        return "table";
    }

    /** Such as {@code table 1 10 funcref}. */
    @Override
    public String toString() {
        String bounds = Long.toUnsignedString(min);
        bounds += max.isPresent() ? " " + Long.toUnsignedString(max.getAsLong()) : "";
        return (is64 ? "table i64 " : "table ") + bounds + " " + element;
    }
}
