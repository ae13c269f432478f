package dev.landbridge;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * An exception of WebAssembly: a tag, and what it carries. A call throws one that a guest threw and no guest caught. A
 * host function throws one that guests can catch by its tag; if none does, the outermost call throws the very same object.
 * It is also what an {@code exnref} is in Java.
 *
 * <p>It belongs to a store. In another one it passes as an exception of Java does: no guest there can catch it. After
 * serialization it has its kind and message only.
 */
public final class TaggedException extends WasmException {
    private static final long serialVersionUID = 1;

    /** Read by the native side; zero after serialization. */
    private final transient long handle;

    private transient HostFunctions lender;
    private transient Tag tag;
    private transient List<Object> payload;

    /**
     * Makes an exception, to be thrown by a host function or passed to a guest.
     *
     * @param tag which sort it is of
     * @param payload what it carries, one for each type of the tag, see {@link Type}
     * @throws WasmException {@code type} or {@code range} if the payload does not fit the tag; {@code wrong_store};
     *     {@code limit} if there is no room; {@code closed}
     */
    public TaggedException(Tag tag, Object... payload) {
        this(make(tag, payload), tag.lender);
        this.tag = tag;
    }

    /** What a guest gave. */
    TaggedException(long handle, HostFunctions lender) {
        this(handle, Native.exceptionMessage(handle), List.of());
        this.lender = lender;
    }

    /** What came out of a call, which tells the lender: see {@link #heldBy}. */
    TaggedException(long handle, String message, List<Frame> frames) {
        super(ErrorKind.EXCEPTION, message, frames);
        this.handle = handle;
        Handles.own(this, Native.EXCEPTION, handle);
    }

    private static long make(Tag tag, Object[] payload) {
        List<Type> types = tag.type().params();
        if (payload.length != types.size()) {
            throw Values.count(Messages.payload(), tag.type().numbers(), payload.length);
        }
        long[] bits = new long[2 * payload.length];
        Object[] objects = new Object[payload.length];
        for (int i = 0; i < payload.length; i++) {
            Values.lower(types.get(i).number(), payload[i], i, bits, objects, tag);
        }
        long handle = Native.exceptionNew(tag.handle, bits, objects);
        Reference.reachabilityFence(tag);
        Reference.reachabilityFence(payload);
        return handle;
    }

    /** Keeps the Java functions alive that its store may reach. */
    TaggedException heldBy(HostFunctions lender) {
        if (this.lender == null) {
            this.lender = lender;
        }
        return this;
    }

    /** For passing it to a guest. */
    long handle() {
        if (handle == 0) {
            throw Messages.sentException();
        }
        return handle;
    }

    /**
     * Which sort of exception it is.
     *
     * @return the tag, equal to the one an instance exports; null after serialization
     */
    public Tag tag() {
        if (tag == null && handle != 0) {
            tag = new Tag(Native.exceptionTag(handle), lender);
            Reference.reachabilityFence(this);
        }
        return tag;
    }

    /**
     * What it carries, of the types of its tag, see {@link Type}.
     *
     * @return the values, unmodifiable; empty after serialization
     * @throws WasmException {@code closed} if the store is, unless a call threw this or the values were read before
     */
    public List<Object> payload() {
        if (payload == null) {
            payload = handle == 0 ? List.of() : read();
        }
        return payload;
    }

    private List<Object> read() {
        int[] types = tag().type().numbers();
        long[] bits = new long[2 * types.length];
        Object[] objects = new Object[types.length];
        Native.exceptionPayload(handle, bits, objects);
        Reference.reachabilityFence(this);
        Object[] values = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            values[i] = Values.lift(types[i], i, bits, objects, lender);
        }
        return Collections.unmodifiableList(Arrays.asList(values)); // Which may be null.
    }

    /**
     * Whether both are one exception of one store. A guest that gives an exception twice gives two objects that are.
     *
     * @param other another exception
     * @return true if they are one
     */
    public boolean isSame(TaggedException other) {
        if (this == other) {
            return true;
        }
        boolean same = Native.exceptionSame(handle(), other.handle());
        Reference.reachabilityFence(this);
        Reference.reachabilityFence(other);
        return same;
    }
}
