package dev.landbridge;

import java.lang.ref.Reference;
import java.util.OptionalLong;

/** References by index: to functions, to objects of Java or of the guest's heap. Needs no closing. */
public final class Table implements Extern {
    final long handle;
    private String identity;
    private final HostFunctions lender;
    private int element;

    Table(long handle, HostFunctions lender) {
        this.handle = handle;
        this.lender = lender;
        Handles.own(this, Native.TABLE, handle);
    }

    /**
     * Makes a table that can be lent to modules in a store.
     *
     * @param store the store
     * @param type its type
     * @param init what all elements are at the start, see {@link Type}
     * @return the table
     * @throws WasmException {@code type} if {@code init} is not of the element type; {@code limit} if there is no room;
     *     {@code wrong_store}; {@code closed}
     */
    public static Table of(Store store, TableType type, Object init) {
        int element = type.element().number();
        long[] bits = new long[2];
        Object[] objects = new Object[1];
        Values.lower(element, init, 0, bits, objects, "element of a table");
        OptionalLong max = type.max();
        long handle = Native.tableNew(
                store.handle, element, type.min(), max.isPresent(), max.orElse(0), type.is64(), bits, objects);
        Table table = new Table(handle, store.lender);
        Reference.reachabilityFence(store);
        Reference.reachabilityFence(objects);
        return table;
    }

    @Override
    public TableType type() {
        long[] numbers = Native.tableType(handle);
        Reference.reachabilityFence(this);
        return (TableType) TypeNumbers.read(numbers);
    }

    private int element() {
        if (element == 0) {
            element = type().element().number();
        }
        return element;
    }

    /**
     * How many elements it has now.
     *
     * @return the number of elements
     * @throws WasmException {@code closed}
     */
    public long size() {
        long size = Native.tableSize(handle);
        Reference.reachabilityFence(this);
        return size;
    }

    /**
     * Reads an element.
     *
     * @param index its index
     * @return the element, see {@link Type}
     * @throws WasmException {@code out_of_bounds}; {@code closed}
     */
    public Object get(long index) {
        int type = element();
        long[] bits = new long[2];
        Object[] objects = new Object[1];
        Native.tableGet(handle, index, bits, objects);
        Reference.reachabilityFence(this);
        return Values.lift(type, 0, bits, objects, lender);
    }

    /**
     * Writes an element.
     *
     * @param index its index
     * @param value see {@link Type}
     * @throws WasmException {@code out_of_bounds}; {@code type}; {@code wrong_store}; {@code closed}
     */
    public void set(long index, Object value) {
        long[] bits = new long[2];
        Object[] objects = new Object[1];
        Values.lower(element(), value, 0, bits, objects, "element of a table");
        Native.tableSet(handle, index, element, bits, objects);
        Reference.reachabilityFence(this);
        Reference.reachabilityFence(objects);
    }

    /**
     * Grows it.
     *
     * @param delta by how many elements
     * @param init what the new elements are
     * @return its former size
     * @throws WasmException {@code limit} if it cannot become that large; {@code type}; {@code wrong_store}; {@code
     *     closed}
     */
    public long grow(long delta, Object init) {
        long[] bits = new long[2];
        Object[] objects = new Object[1];
        Values.lower(element(), init, 0, bits, objects, "element of a table");
        long former = Native.tableGrow(handle, delta, element, bits, objects);
        Reference.reachabilityFence(this);
        Reference.reachabilityFence(objects);
        return former;
    }

    /** The table in a line: its type and how many elements it has. For reading; waits for nobody and never throws. */
    @Override
    public String toString() {
        return Texts.shown(this, Native.TABLE, handle);
    }

    /** Whether both are one table of one store, through whatever instance it was found; also when the store is closed. */
    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Table it && identity().equals(it.identity());
    }

    @Override
    public int hashCode() {
        return identity().hashCode();
    }

    private String identity() {
        String known = identity;
        if (known == null) {
            identity = known = Native.identity(Native.TABLE, handle);
            Reference.reachabilityFence(this);
        }
        return known;
    }
}
