package dev.landbridge;

import java.util.OptionalLong;

/**
 * The type of a linear memory.
 *
 * @param min pages at the start
 * @param max pages it may grow to, if bounded
 * @param is64 whether addresses have 64 bits
 * @param pageBytes bytes in a page: 65536, unless the module chose otherwise
 */
public record MemoryType(long min, OptionalLong max, boolean is64, long pageBytes) implements ExternType {
    /**
     * The type of a memory with 32-bit addresses, in pages of 64 KiB.
     *
     * @param min pages at the start
     * @param max pages it may grow to, if bounded
     */
    public MemoryType(long min, OptionalLong max) {
        this(min, max, false, 1 << 16);
    }

    @Override
    public String sort() {
        return "memory";
    }

    /** Such as {@code memory 1 2}. */
    @Override
    public String toString() {
        String bounds = Long.toUnsignedString(min);
        bounds += max.isPresent() ? " " + Long.toUnsignedString(max.getAsLong()) : "";
        return is64 ? "memory i64 " + bounds : "memory " + bounds;
    }
}
