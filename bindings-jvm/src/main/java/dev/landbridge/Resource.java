package dev.landbridge;

import java.lang.ref.Reference;
import java.util.Objects;

/**
 * A resource of a component, such as a file or a canvas, that Java owns or borrows. Close one that you own when you do not need
 * it any more. If you forget, it is dropped some time after it became unreachable, by a later call of a component of its
 * store. If you pass it to a function that takes it as its own, it is not yours any more.
 *
 * <p>One that a function of Java borrows is valid until that function returns, and closing it does nothing.
 *
 * <p>May be used from every thread.
 */
public final class Resource implements AutoCloseable {
    private final WitHome home;
    private final WitType type;
    private final long handle;
    /** What the native side holds it by. */
    private final long held;

    Resource(WitHome home, WitType type, long handle) {
        this.home = home;
        this.type = type;
        this.handle = handle;
        held = Native.resourceNew(home.store().handle, handle, type.sort == WitType.OWN);
        Handles.own(this, Native.RESOURCE, held);
    }

    /** The number that it crosses as, for a call at home. */
    long handle(WitHome there) {
        if (there == null || home.lender != there.lender && !Native.storeSame(home.store().handle, there.store().handle)) {
            throw Wrong.otherStore();
        }
        return handle;
    }

    WitHome home() {
        return home;
    }

    /**
     * Its type.
     *
     * @return the type, whose name is that of the resource, such as {@code canvas}
     */
    public WitType type() {
        return type;
    }

    /**
     * Calls a method of it.
     *
     * @param method its name, in WIT or as Java spells it: {@code draw}
     * @param args what it takes besides the resource, see {@link WitFunc#call}
     * @return what it gives, see {@link WitFunc#call}
     * @throws WasmException {@code not_found} if there is no such method; {@code closed} if the resource was closed or given
     *     away; what {@link WitFunc#call} throws
     */
    public Object call(String method, Object... args) {
        Object[] all = new Object[args.length + 1];
        all[0] = this;
        System.arraycopy(args, 0, all, 1, args.length);
        return home.instance().method(type, Objects.requireNonNull(method, "method")).call(all);
    }

    /**
     * This resource as an interface of yours, whose methods are those of the resource; see {@link Instance#as}.
     *
     * @param face an interface that extends {@link AutoCloseable}
     * @param <T> the interface
     * @return an object of it, which closes this resource
     * @throws WasmException {@code type} or {@code not_found} if it does not fit, with all that is wrong
     */
    public <T> T as(Class<T> face) {
        return face.cast(WitBinding.resource(home.instance(), type, face).wrap(this));
    }

    /**
     * Whether it can be used no more: it was closed or given away, or its store was closed.
     *
     * @return true if so
     * @throws WasmException {@code busy} and the like if the store cannot be asked
     */
    public boolean isClosed() {
        boolean isThere = Native.resourceIsThere(held);
        Reference.reachabilityFence(this);
        return !isThere;
    }

    /**
     * Drops the resource: its destructor runs now, or as soon as the running calls of components of its store have returned.
     * Closing it twice, or after you passed it on, is no error.
     *
     * @throws WasmException {@code busy} if a call in flight borrows it; whatever ends the destructor
     */
    @Override
    public void close() {
        Native.resourceClose(held);
        Reference.reachabilityFence(this);
    }

    /** Whether both are one resource. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Resource it && it.handle == handle;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(handle);
    }

    /** The type's name and a number. */
    @Override
    public String toString() {
        return "Resource(" + type.name().orElse("resource") + " " + (int) handle + ")";
    }
}
