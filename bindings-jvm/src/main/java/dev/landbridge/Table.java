package dev.landbridge;

import java.lang.ref.Reference;

/** References by index: to functions, to objects of Java or of the guest's heap. Needs no closing. */
public final class Table extends Item implements Extern {
    private int element;

    Table(long handle, HostFunctions lender) {
        super(Native.TABLE, handle, lender);
    }

    /**
     * Makes a table in a store. Modules of that store can import it.
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
        Values.lower(element, init, 0, bits, objects, Messages.tableElement());
        long handle = Native.tableNew(store.handle, TypeFrames.write(type), bits, objects);
        Table table = new Table(handle, store.lender);
        Reference.reachabilityFence(store);
        Reference.reachabilityFence(objects);
        return table;
    }

    @Override
    public TableType type() {
        return (TableType) FrameReader.read(Handles.use(this, handle, Native::tableType), TypeFrames::read);
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
        Values.lower(element(), value, 0, bits, objects, Messages.tableElement());
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
        Values.lower(element(), init, 0, bits, objects, Messages.tableElement());
        long former = Native.tableGrow(handle, delta, element, bits, objects);
        Reference.reachabilityFence(this);
        Reference.reachabilityFence(objects);
        return former;
    }
}
