package dev.landbridge;

import java.lang.ref.Reference;

/**
 * A struct or an array of the guest's garbage-collected heap. It lives as long as Java or the guest holds it. Needs no
 * closing. May be used from every thread: threads take turns. Two objects are equal if they are one there.
 */
public final class GcRef {
    final long handle;
    private final HostFunctions lender;
    private GcType type;

    GcRef(long handle, HostFunctions lender) {
        this.handle = handle;
        this.lender = lender;
        Handles.own(this, Native.OBJECT, handle);
    }

    /** Where a value stands, for messages. */
    private record Place(GcRef object, int index) {
        @Override
        public String toString() {
            return Native.gcPlace(object.handle, index);
        }
    }

    /**
     * {@code struct} or {@code array}.
     *
     * @return the word
     */
    public String sort() {
        return type().sort();
    }

    /**
     * What it is, with its fields or elements; told when its store is closed, too.
     *
     * @return a {@link StructType} or an {@link ArrayType}
     */
    public GcType type() {
        GcType known = type;
        if (known == null) {
            type = known = FrameReader.read(Native.gcType(handle), TypeFrames::ofHeap);
            Reference.reachabilityFence(this);
        }
        return known;
    }

    /** From whether it is a struct, then two parts for each field. */
    /**
     * How many fields, or elements, it has.
     *
     * @return the number, unsigned
     * @throws WasmException {@code closed}
     */
    public int length() {
        int length = Native.gcLength(handle);
        Reference.reachabilityFence(this);
        return length;
    }

    /**
     * Reads a field of a struct, or an element of an array.
     *
     * @param index its index, from 0, unsigned
     * @return the value, see {@link Type}; not negative if it is stored in 8 or 16 bits
     * @throws WasmException {@code out_of_bounds}; {@code closed}
     */
    public Object get(int index) {
        long[] bits = new long[2];
        Object[] objects = new Object[1];
        int type = Native.gcGet(handle, index, bits, objects);
        Reference.reachabilityFence(this);
        return Values.lift(type, 0, bits, objects, lender);
    }

    /**
     * Writes a field of a struct, or an element of an array.
     *
     * @param index its index, from 0, unsigned
     * @param value see {@link Type}
     * @throws WasmException {@code out_of_bounds}; {@code type} if the value does not fit or the field is immutable;
     *     {@code range}; {@code wrong_store}; {@code closed}
     */
    public void set(int index, Object value) {
        FieldType field = type().field(index);
        if (field == null) {
            get(index); // Says that there is none.
            return;
        }
        long[] bits = new long[2];
        Object[] objects = new Object[1];
        Values.lower(field.type().number(), value, 0, bits, objects, new Place(this, index));
        Native.gcSet(handle, index, field.type().number(), bits, objects);
        Reference.reachabilityFence(this);
        Reference.reachabilityFence(objects);
    }

    /** Whether both are one object of one store. */
    @Override
    public boolean equals(Object other) {
        if (this == other || !(other instanceof GcRef object)) {
            return this == other;
        }
        boolean same = Native.gcSame(handle, object.handle);
        Reference.reachabilityFence(this);
        Reference.reachabilityFence(object);
        return same;
    }

    /** One for all objects of a type: the guest's collector moves them, and they have no number of their own. */
    @Override
    public int hashCode() {
        return type().hashCode();
    }

    /** The object with its type, for reading. */
    @Override
    public String toString() {
        return "GcRef" + type();
    }
}
