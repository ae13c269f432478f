package dev.landbridge;

import java.util.OptionalLong;

/**
 * The type of a table.
 *
 * @param element the type of its elements
 * @param min elements at the start
 * @param max elements it may grow to, if bounded
 */
public record TableType(Type element, long min, OptionalLong max) implements ExternType {
    @Override
    public String sort() {
        return "table";
    }

    /** Such as {@code table 1 10 funcref}. */
    @Override
    public String toString() {
        String bounds = Long.toUnsignedString(min);
        bounds += max.isPresent() ? " " + Long.toUnsignedString(max.getAsLong()) : "";
        return "table " + bounds + " " + element;
    }
}
