package dev.landbridge;

import java.lang.ref.Reference;

/** One value that Java and guests share. Needs no closing. */
public final class Global implements Extern {
    final long handle;
    private String identity;
    private final HostFunctions lender;
    private int content;

    Global(long handle, HostFunctions lender) {
        this.handle = handle;
        this.lender = lender;
        Handles.own(this, Native.GLOBAL, handle);
    }

    /**
     * Makes a global that can be lent to modules in a store.
     *
     * @param store the store
     * @param type its type
     * @param value its value at the start, see {@link Type}
     * @return the global
     * @throws WasmException {@code type} or {@code range} if the value does not fit; {@code wrong_store}; {@code closed}
     */
    public static Global of(Store store, GlobalType type, Object value) {
        int content = type.content().number();
        long[] bits = new long[2];
        Object[] objects = new Object[1];
        Values.lower(content, value, 0, bits, objects, "value of a global");
        Global global = new Global(
                Native.globalNew(store.handle, content, type.mutable(), bits, objects), store.lender);
        Reference.reachabilityFence(store);
        Reference.reachabilityFence(objects);
        return global;
    }

    @Override
    public GlobalType type() {
        long[] numbers = Native.globalType(handle);
        Reference.reachabilityFence(this);
        return (GlobalType) TypeNumbers.read(numbers);
    }

    private int content() {
        if (content == 0) {
            content = type().content().number();
        }
        return content;
    }

    /**
     * Reads its value.
     *
     * @return the value, see {@link Type}
     * @throws WasmException {@code closed}
     */
    public Object get() {
        int type = content();
        long[] bits = new long[2];
        Object[] objects = new Object[1];
        Native.globalGet(handle, bits, objects);
        Reference.reachabilityFence(this);
        return Values.lift(type, 0, bits, objects, lender);
    }

    /**
     * Writes its value.
     *
     * @param value see {@link Type}
     * @throws WasmException {@code type} if the value does not fit or the global is immutable; {@code range}; {@code
     *     wrong_store}; {@code closed}
     */
    public void set(Object value) {
        long[] bits = new long[2];
        Object[] objects = new Object[1];
        Values.lower(content(), value, 0, bits, objects, "value of a global");
        Native.globalSet(handle, content, bits, objects);
        Reference.reachabilityFence(this);
        Reference.reachabilityFence(objects);
    }

    /** The global in a line: its type, and its value if that is a number. For reading; waits for nobody and never throws. */
    @Override
    public String toString() {
        return Texts.shown(this, Native.GLOBAL, handle);
    }

    /** Whether both are one global of one store, through whatever instance it was found; also when the store is closed. */
    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Global it && identity().equals(it.identity());
    }

    @Override
    public int hashCode() {
        return identity().hashCode();
    }

    private String identity() {
        String known = identity;
        if (known == null) {
            identity = known = Native.identity(Native.GLOBAL, handle);
            Reference.reachabilityFence(this);
        }
        return known;
    }
}
