package dev.landbridge;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Values of WIT, one behind the other, as they cross: the form is told in {@code components/frame.rs} of the core. What is
 * large lies beside, and so do objects of Java that cross as resources. It is written, sent, filled by the native side, read
 * and used again.
 */
final class WitFrame {
    /** From so many bytes on, a text or a list of numbers lies beside. */
    static final int BLOB_MIN = 1024;

    /** What is beside: see the constants. The native side reads and fills it. */
    final Object[] beside;

    /** A larger array, in place of the one that was sent. */
    static final int LARGER = 0;

    static final int BLOBS = 1;
    static final int OBJECTS = 2;
    static final int LENDER = 3;

    /** A frame that is larger is not kept. */
    private static final int MOST_KEPT = 1 << 20;

    /** A length that says that the number of a blob follows. */
    private static final int BLOB = -1;

    private static final VarHandle SHORTS = view(short[].class);
    private static final VarHandle INTS = view(int[].class);
    private static final VarHandle LONGS = view(long[].class);

    /** A question mark in each byte. */
    private static final long QUESTIONS = 0x3f3f3f3f3f3f3f3fL;

    byte[] bytes;
    int at;
    private Object[] blobs;
    private int blobCount;
    private int[] objects;
    private int objectCount;

    WitFrame() {
        this(new byte[512], new Object[4]);
    }

    /** Around what the native side has. */
    WitFrame(byte[] bytes, Object[] beside) {
        this.bytes = bytes;
        this.beside = beside;
    }

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    /** Makes it empty, for values that are written. */
    void clear() {
        at = 0;
        blobCount = 0;
        objectCount = 0;
    }

    /** What was read is not needed any more: a result is written. */
    void beginResult() {
        if (blobs != null || beside[OBJECTS] != null) {
            blobs = null;
            beside[BLOBS] = null;
            beside[OBJECTS] = null;
        }
        clear();
    }

    /** Lets go of what is large and of all that is beside. */
    void rest() {
        if (blobCount > 0 || objectCount > 0 || beside[BLOBS] != null || beside[OBJECTS] != null) {
            blobs = null;
            objects = null;
            Arrays.fill(beside, null);
        }
        if (bytes.length > MOST_KEPT) {
            bytes = new byte[512];
        }
        clear();
    }

    /** Puts down beside it what was written there; whether that was anything. */
    boolean lend(HostFunctions lender) {
        if (blobCount == 0 && objectCount == 0) {
            return false;
        }
        beside[BLOBS] = blobCount == 0 ? null : blobs;
        beside[OBJECTS] = objectCount == 0 ? null : Arrays.copyOf(objects, objectCount);
        beside[LENDER] = objectCount == 0 ? null : lender;
        return true;
    }

    /** From now on it is read: the native side has written the values. */
    void filled() {
        if (beside[LARGER] != null) {
            bytes = (byte[]) beside[LARGER];
            beside[LARGER] = null;
        }
        at = 0;
        blobs = (Object[]) beside[BLOBS];
    }

    /** Where {@code count} bytes more can be written. */
    private int room(int count) {
        int from = at;
        if (bytes.length - from < count) {
            grow(count);
        }
        at = from + count;
        return from;
    }

    private void grow(int count) {
        long wanted = Math.max(2L * bytes.length, (long) at + count);
        if (at + (long) count > Integer.MAX_VALUE - 16) {
            throw WasmException.of(ErrorKind.LIMIT, "the values are too many: a frame has room for 2 GiB");
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
    }

    void putByte(int value) {
        int place = room(1);
        bytes[place] = (byte) value;
    }

    void putShort(int value) {
        int place = room(2);
        SHORTS.set(bytes, place, (short) value);
    }

    void putInt(int value) {
        int place = room(4);
        INTS.set(bytes, place, value);
    }

    void putLong(long value) {
        int place = room(8);
        LONGS.set(bytes, place, value);
    }

    /** Which case it is, in so many bytes. */
    void putCase(int number, int size) {
        if (size == 1) {
            putByte(number);
        } else if (size == 2) {
            putShort(number);
        } else {
            putInt(number);
        }
    }

    void putText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        boolean mayLack = utf8.length == text.length() ? hasQuestion(utf8) : true;
        if (mayLack && hasLoneSurrogate(text)) {
            throw Wrong.surrogate();
        }
        putBytes(utf8);
    }

    /** Whether there is a question mark, which stands for what is no character; eight bytes at a time. */
    private static boolean hasQuestion(byte[] utf8) {
        int i = 0;
        for (; i <= utf8.length - 8; i += 8) {
            long differs = (long) LONGS.get(utf8, i) ^ QUESTIONS;
            if (((differs - 0x0101010101010101L) & ~differs & 0x8080808080808080L) != 0) {
                return true;
            }
        }
        for (; i < utf8.length; i++) {
            if (utf8[i] == '?') {
                return true;
            }
        }
        return false;
    }

    private static boolean hasLoneSurrogate(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char unit = text.charAt(i);
            if (Character.isSurrogate(unit)) {
                boolean isPair = Character.isHighSurrogate(unit)
                        && i + 1 < length
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!isPair) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    /** A text, or a list of bytes, which nobody changes until it was sent. */
    void putBytes(byte[] from) {
        if (from.length >= BLOB_MIN) {
            putBlob(from);
            return;
        }
        putInt(from.length);
        int place = room(from.length);
        System.arraycopy(from, 0, bytes, place, from.length);
    }

    /** The same of a buffer, whose position stays. */
    void putBytes(ByteBuffer from) {
        int length = from.remaining();
        if (length < BLOB_MIN) {
            putInt(length);
            int place = room(length);
            from.get(from.position(), bytes, place, length);
        } else if (from.isDirect()) {
            putBlob(from.slice());
        } else {
            byte[] copy = new byte[length];
            from.get(from.position(), copy);
            putBlob(copy);
        }
    }

    /** An array of numbers or a direct buffer that lies beside. */
    void putBlob(Object blob) {
        if (blobs == null || blobCount == 0 && blobs.length > 16) {
            blobs = new Object[4];
        } else if (blobCount == blobs.length) {
            blobs = Arrays.copyOf(blobs, 2 * blobCount);
        }
        putInt(BLOB);
        putInt(blobCount);
        blobs[blobCount++] = blob;
    }

    /** Room for a list of numbers that lies in the frame: its count is written, the numbers follow at what this gives. */
    int putNumbers(int count, int size) {
        putInt(count);
        return room(count * size);
    }

    void setShort(int place, short value) {
        SHORTS.set(bytes, place, value);
    }

    void setInt(int place, int value) {
        INTS.set(bytes, place, value);
    }

    void setLong(int place, long value) {
        LONGS.set(bytes, place, value);
    }

    /** An object of Java, by its number at the lender. */
    void putObject(int id) {
        if (objects == null || objectCount == objects.length) {
            objects = objects == null ? new int[4] : Arrays.copyOf(objects, 2 * objectCount);
        }
        putLong(objectCount);
        objects[objectCount++] = id;
    }

    /** Those that were written. */
    int[] objectsPut() {
        return objectCount == 0 ? new int[0] : Arrays.copyOf(objects, objectCount);
    }

    int getByte() {
        return bytes[at++];
    }

    short getShort() {
        short value = (short) SHORTS.get(bytes, at);
        at += 2;
        return value;
    }

    int getInt() {
        int value = (int) INTS.get(bytes, at);
        at += 4;
        return value;
    }

    long getLong() {
        long value = (long) LONGS.get(bytes, at);
        at += 8;
        return value;
    }

    int getCase(int size) {
        return switch (size) {
            case 1 -> getByte() & 0xff;
            case 2 -> getShort() & 0xffff;
            default -> getInt();
        };
    }

    String getText() {
        int length = getInt();
        if (length == BLOB) {
            return new String((byte[]) blob(), StandardCharsets.UTF_8);
        }
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    /** The count of a list; negative if its numbers lie {@link #blob() beside}. */
    int getCount() {
        return getInt();
    }

    /** An array that lies beside. */
    Object blob() {
        return blobs[getInt()];
    }

    byte[] getBytes() {
        int length = getInt();
        if (length == BLOB) {
            return (byte[]) blob();
        }
        byte[] given = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return given;
    }

    short shortAt(int place) {
        return (short) SHORTS.get(bytes, place);
    }

    int intAt(int place) {
        return (int) INTS.get(bytes, place);
    }

    long longAt(int place) {
        return (long) LONGS.get(bytes, place);
    }

    /** An object of Java, which came by its place. */
    Object object(long place) {
        return ((Object[]) beside[OBJECTS])[(int) place];
    }
}
