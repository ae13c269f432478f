package dev.landbridge;

import java.lang.ref.Reference;

/** One value that Java and guests share. Needs no closing. */
public final class Global extends Item implements Extern {
    private int content;

    Global(long handle, HostFunctions lender) {
        super(Native.GLOBAL, handle, lender);
    }

    /**
     * Makes a global in a store. Modules of that store can import it.
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
        Values.lower(content, value, 0, bits, objects, Messages.globalValue());
        long handle = Native.globalNew(store.handle, TypeFrames.write(type), bits, objects);
        Global global = new Global(handle, store.lender);
        Reference.reachabilityFence(store);
        Reference.reachabilityFence(objects);
        return global;
    }

    @Override
    public GlobalType type() {
        return (GlobalType) FrameReader.read(Handles.use(this, handle, Native::globalType), TypeFrames::read);
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
        Values.lower(content(), value, 0, bits, objects, Messages.globalValue());
        Native.globalSet(handle, content, bits, objects);
        Reference.reachabilityFence(this);
        Reference.reachabilityFence(objects);
    }
}
