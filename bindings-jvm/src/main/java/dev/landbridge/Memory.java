package dev.landbridge;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * A guest's linear memory, copied in and out or viewed in place. Offsets and lengths are in bytes; numbers are
 * little-endian. Needs no closing.
 */
public final class Memory extends Item implements Extern {
    /** The last view; weak, so that it does not keep the memory mapped for itself. */
    private volatile WeakReference<ByteBuffer> view = new WeakReference<>(null);

    Memory(long handle, HostFunctions lender) {
        super(Native.MEMORY, handle, lender);
    }

    /**
     * Makes a memory in a store. Modules of that store can import it.
     *
     * @param store the store
     * @param minPages pages of 64 KiB at the start
     * @param maxPages pages it may grow to, if bounded
     * @return the memory
     * @throws WasmException {@code limit} if there is no room; {@code closed}
     */
    public static Memory of(Store store, long minPages, OptionalLong maxPages) {
        checkPages(minPages);
        maxPages.ifPresent(Memory::checkPages);
        return of(store, new MemoryType(minPages, maxPages));
    }

    private static void checkPages(long pages) {
        if (pages < 0) {
            throw WasmException.of(ErrorKind.LIMIT, "a memory cannot have " + pages + " pages");
        }
    }

    /**
     * Makes a memory in a store. Modules of that store can import it.
     *
     * @param store the store
     * @param type its type; pages have 65536 bytes or 1
     * @return the memory
     * @throws WasmException {@code limit} if the type is impossible or there is no room; {@code closed}
     */
    public static Memory of(Store store, MemoryType type) {
        Memory memory = new Memory(Native.memoryNew(store.handle, TypeFrames.write(type)), store.lender);
        Reference.reachabilityFence(store);
        return memory;
    }

    @Override
    public MemoryType type() {
        return (MemoryType) FrameReader.read(Handles.use(this, handle, Native::memoryType), TypeFrames::read);
    }

    /**
     * Its size now.
     *
     * @return bytes
     * @throws WasmException {@code closed}
     */
    public long sizeBytes() {
        long size = Native.memoryBytes(handle);
        Reference.reachabilityFence(this);
        return size;
    }

    /**
     * Its size now.
     *
     * @return pages, of 64 KiB unless the module chose otherwise
     * @throws WasmException {@code closed}
     */
    public long sizePages() {
        long size = Native.memoryPages(handle);
        Reference.reachabilityFence(this);
        return size;
    }

    /**
     * Grows it. Buffers that exist stay valid and keep their length.
     *
     * @param pages by how many pages
     * @return its former size in pages
     * @throws WasmException {@code memory_limit} if it cannot become that large; {@code closed}
     */
    public long grow(long pages) {
        long former = Native.memoryGrow(handle, pages);
        Reference.reachabilityFence(this);
        return former;
    }

    /**
     * A view of the memory in place: a direct buffer, little-endian, of the whole memory or its first 2 GiB - 1. Guests
     * write to it while they run. It never dangles: after the memory grew it shows the first part (ask again for all of
     * it), and after closing it keeps the memory mapped until it becomes unreachable.
     *
     * @return a buffer with a position and limit of its own
     * @throws WasmException {@code closed}
     */
    public ByteBuffer buffer() {
        // No monitor: asking for the size may wait for a thread that waits for the monitor.
        long size = Math.min(sizeBytes(), Integer.MAX_VALUE);
        ByteBuffer known = view.get();
        if (known == null || known.capacity() != size) {
            long[] pin = new long[1];
            known = Native.memoryView(handle, pin);
            Handles.own(known, Native.VIEW, pin[0]);
            view = new WeakReference<>(known);
        }
        Reference.reachabilityFence(this);
        return known.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Copies bytes out.
     *
     * @param offset where they begin
     * @param length how many
     * @return a new array
     * @throws WasmException {@code out_of_bounds}; {@code closed}
     */
    public byte[] read(long offset, int length) {
        if (length < 0 || Long.compareUnsigned(offset + length, sizeBytes()) > 0 || offset < 0) {
            throw outside(offset, length); // Before an array is made for nothing.
        }
        byte[] bytes = new byte[length];
        read(offset, bytes, 0, length);
        return bytes;
    }

    /**
     * Copies bytes out, into a part of an array.
     *
     * @param offset where they begin in the memory
     * @param into the array
     * @param start where they begin in the array
     * @param length how many
     * @throws WasmException {@code out_of_bounds} of the memory; {@code closed}
     * @throws IndexOutOfBoundsException out of the bounds of the array
     */
    public void read(long offset, byte[] into, int start, int length) {
        Objects.checkFromIndexSize(start, length, into.length);
        Native.memoryRead(handle, offset, into, start, length);
        Reference.reachabilityFence(this);
    }

    /**
     * Copies bytes in.
     *
     * @param offset where they shall begin
     * @param bytes the bytes
     * @throws WasmException {@code out_of_bounds} (nothing is written then); {@code closed}
     */
    public void write(long offset, byte[] bytes) {
        write(offset, bytes, 0, bytes.length);
    }

    /**
     * Copies a part of an array in.
     *
     * @param offset where the bytes shall begin in the memory
     * @param from the array
     * @param start where they begin in the array
     * @param length how many
     * @throws WasmException {@code out_of_bounds} of the memory (nothing is written then); {@code closed}
     * @throws IndexOutOfBoundsException out of the bounds of the array
     */
    public void write(long offset, byte[] from, int start, int length) {
        Objects.checkFromIndexSize(start, length, from.length);
        Native.memoryWrite(handle, offset, from, start, length);
        Reference.reachabilityFence(this);
    }

    /**
     * Reads a text in UTF-8, strictly.
     *
     * @param offset where it begins
     * @param length how many bytes
     * @return the text
     * @throws WasmException {@code type} if the bytes are not UTF-8, saying where; {@code out_of_bounds}; {@code closed}
     */
    public String readText(long offset, int length) {
        if (length < 0) {
            throw outside(offset, length);
        }
        String text = Native.memoryReadText(handle, offset, length);
        Reference.reachabilityFence(this);
        return text;
    }

    /**
     * Reads a text in UTF-8, strictly, up to its zero byte, which is searched for in 1 MiB.
     *
     * @param offset where it begins
     * @return the text, without the zero byte
     * @throws WasmException {@code out_of_bounds} if there is no zero byte; {@code type} if the bytes are not UTF-8,
     *     saying where; {@code closed}
     */
    public String readCString(long offset) {
        String text = Native.memoryReadCString(handle, offset, -1);
        Reference.reachabilityFence(this);
        return text;
    }

    /**
     * Reads a text in UTF-8, strictly, up to its zero byte.
     *
     * @param offset where it begins
     * @param most in how many bytes the zero byte is searched for
     * @return the text, without the zero byte
     * @throws WasmException as for {@link #readCString(long)}
     */
    public String readCString(long offset, int most) {
        if (most < 0) {
            throw outside(offset, most);
        }
        String text = Native.memoryReadCString(handle, offset, most);
        Reference.reachabilityFence(this);
        return text;
    }

    /**
     * Writes a text in UTF-8, without a zero byte behind it.
     *
     * @param offset where it shall begin
     * @param text the text
     * @return how many bytes it has
     * @throws WasmException {@code out_of_bounds} (nothing is written then); {@code type} for half of a surrogate pair;
     *     {@code closed}
     */
    public int writeText(long offset, String text) {
        int written = Native.memoryWriteText(handle, offset, Objects.requireNonNull(text, "text"));
        Reference.reachabilityFence(this);
        return written;
    }

    /**
     * Reads text in UTF-8. What is no UTF-8 becomes U+FFFD; {@link #readText} refuses it.
     *
     * @param offset where it begins
     * @param length how many bytes
     * @return the text
     * @throws WasmException {@code out_of_bounds}; {@code closed}
     */
    public String readString(long offset, int length) {
        return new String(read(offset, length), StandardCharsets.UTF_8);
    }

    /**
     * Reads a little-endian {@code byte}.
     *
     * @param offset where it begins
     * @return the number
     * @throws WasmException {@code out_of_bounds}; {@code closed}
     */
    public byte readByte(long offset) {
        return (byte) get(offset, 1);
    }

    /**
     * Writes a little-endian {@code byte}.
     *
     * @param offset where it shall begin
     * @param value the number
     * @throws WasmException {@code out_of_bounds}; {@code closed}
     */
    public void writeByte(long offset, byte value) {
        put(offset, 1, value);
    }

    /**
     * Reads a little-endian {@code short}.
     *
     * @param offset where it begins
     * @return the number
     * @throws WasmException {@code out_of_bounds}; {@code closed}
     */
    public short readShort(long offset) {
        return (short) get(offset, 2);
    }

    /**
     * Writes a little-endian {@code short}.
     *
     * @param offset where it shall begin
     * @param value the number
     * @throws WasmException {@code out_of_bounds}; {@code closed}
     */
    public void writeShort(long offset, short value) {
        put(offset, 2, value);
    }

    /**
     * Reads a little-endian {@code int}.
     *
     * @param offset where it begins
     * @return the number
     * @throws WasmException {@code out_of_bounds}; {@code closed}
     */
    public int readInt(long offset) {
        return (int) get(offset, 4);
    }

    /**
     * Writes a little-endian {@code int}.
     *
     * @param offset where it shall begin
     * @param value the number
     * @throws WasmException {@code out_of_bounds}; {@code closed}
     */
    public void writeInt(long offset, int value) {
        put(offset, 4, value);
    }

    /**
     * Reads a little-endian {@code long}.
     *
     * @param offset where it begins
     * @return the number
     * @throws WasmException {@code out_of_bounds}; {@code closed}
     */
    public long readLong(long offset) {
        return get(offset, 8);
    }

    /**
     * Writes a little-endian {@code long}.
     *
     * @param offset where it shall begin
     * @param value the number
     * @throws WasmException {@code out_of_bounds}; {@code closed}
     */
    public void writeLong(long offset, long value) {
        put(offset, 8, value);
    }

    /**
     * Reads a little-endian {@code float}.
     *
     * @param offset where it begins
     * @return the number
     * @throws WasmException {@code out_of_bounds}; {@code closed}
     */
    public float readFloat(long offset) {
        return Float.intBitsToFloat((int) get(offset, 4));
    }

    /**
     * Writes a little-endian {@code float}.
     *
     * @param offset where it shall begin
     * @param value the number
     * @throws WasmException {@code out_of_bounds}; {@code closed}
     */
    public void writeFloat(long offset, float value) {
        put(offset, 4, Float.floatToRawIntBits(value));
    }

    /**
     * Reads a little-endian {@code double}.
     *
     * @param offset where it begins
     * @return the number
     * @throws WasmException {@code out_of_bounds}; {@code closed}
     */
    public double readDouble(long offset) {
        return Double.longBitsToDouble(get(offset, 8));
    }

    /**
     * Writes a little-endian {@code double}.
     *
     * @param offset where it shall begin
     * @param value the number
     * @throws WasmException {@code out_of_bounds}; {@code closed}
     */
    public void writeDouble(long offset, double value) {
        put(offset, 8, Double.doubleToRawLongBits(value));
    }

    private long get(long offset, int size) {
        long bits = Native.memoryGet(handle, offset, size);
        Reference.reachabilityFence(this);
        return bits;
    }

    private void put(long offset, int size, long bits) {
        Native.memoryPut(handle, offset, size, bits);
        Reference.reachabilityFence(this);
    }

    private WasmException outside(long offset, long length) {
        if (offset < 0) {
            Native.memoryRead(handle, offset, new byte[0], 0, 0); // Says so.
        }
        return Messages.outsideMemory(offset, length, sizeBytes());
    }
}
