package dev.landbridge;

/** Why a guest trapped. Numbers and labels are stable and the same in every host. */
public enum TrapCode {
    // generated: java.traps
    /** The {@code unreachable} instruction was executed. */
    UNREACHABLE,
    /** A load or store outside of linear memory. */
    MEMORY_OUT_OF_BOUNDS,
    /** An access outside of a table. */
    TABLE_OUT_OF_BOUNDS,
    /** An indirect call through an empty table element. */
    INDIRECT_CALL_TO_NULL,
    /** An indirect call of a function with another signature. */
    BAD_SIGNATURE,
    /** An integer operation overflowed. */
    INTEGER_OVERFLOW,
    /** An integer was divided by zero. */
    INTEGER_DIVISION_BY_ZERO,
    /** A float that no integer can hold was converted to one. */
    BAD_CONVERSION_TO_INTEGER,
    /** The call stack is exhausted. */
    STACK_OVERFLOW,
    /** An atomic access was not aligned. */
    HEAP_MISALIGNED,
    /** A null reference was used. */
    NULL_REFERENCE,
    /** An access outside of a GC array. */
    ARRAY_OUT_OF_BOUNDS,
    /** A GC allocation was too large. */
    ALLOCATION_TOO_LARGE,
    /** A reference was cast to a type it does not have. */
    CAST_FAILURE,
    /** The guest was interrupted. */
    INTERRUPT,
    /** Fuel ran out. */
    OUT_OF_FUEL,
    /** Any other trap of the engine; the message says which. */
    OTHER;
    // end generated

    private static final TrapCode[] ALL = values();

    /**
     * The stable number, the same in every host.
     *
     * @return the number, from 1
     */
    public int number() {
        return ordinal() + 1;
    }

    /**
     * The stable name, in lower snake case, the same in every host.
     *
     * @return such as {@code stack_overflow}
     */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    static TrapCode of(int number) {
        return number >= 1 && number <= ALL.length ? ALL[number - 1] : OTHER;
    }
}
