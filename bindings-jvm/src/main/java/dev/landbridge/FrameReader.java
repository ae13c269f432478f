package dev.landbridge;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Reads a frame of the native side, from its beginning: what crosses that is neither a number nor a text by itself. The
 * form is told in {@code frame.rs} of the core. Each method takes what is next, and checks that it is there.
 */
final class FrameReader {
    /** Its first byte. */
    static final int VERSION = 1;

    private final ByteBuffer frame;

    private FrameReader(byte[] bytes) {
        frame = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** All that a frame holds, as {@code read} reads it. */
    static <T> T read(byte[] bytes, Function<FrameReader, T> read) {
        FrameReader frame = new FrameReader(bytes);
        try {
            return frame.all(read);
        } catch (BufferUnderflowException e) {
            throw frame.wrong("it ends too early");
        }
    }

    private <T> T all(Function<FrameReader, T> read) {
        int version = number();
        if (version != VERSION) {
            throw wrong("it is of version " + version);
        }
        T it = read.apply(this);
        if (frame.hasRemaining()) {
            throw wrong(frame.remaining() + " bytes are left");
        }
        return it;
    }

    private WasmException wrong(String why) {
        return WasmException.of(
                ErrorKind.INTERNAL,
                "a frame of the native library is malformed: " + why + " (at byte " + frame.position() + " of "
                        + frame.capacity() + ")");
    }

    /** A small number: the sort of something, or a type. */
    int number() {
        return Byte.toUnsignedInt(frame.get());
    }

    boolean bool() {
        return frame.get() != 0;
    }

    int int32() {
        return frame.getInt();
    }

    long int64() {
        return frame.getLong();
    }

    /** The largest there is, for what is larger. */
    long cappedLong() {
        long number = frame.getLong();
        return number < 0 ? Long.MAX_VALUE : number;
    }

    /** How many bytes or elements follow, each of which has a byte or more. */
    private int length() {
        int length = frame.getInt();
        if (length < 0 || length > frame.remaining()) {
            throw wrong(Integer.toUnsignedString(length) + " bytes or elements must follow");
        }
        return length;
    }

    byte[] bytes() {
        byte[] bytes = new byte[length()];
        frame.get(bytes);
        return bytes;
    }

    String text() {
        int length = length();
        String text = new String(frame.array(), frame.position(), length, StandardCharsets.UTF_8);
        frame.position(frame.position() + length);
        return text;
    }

    /** Passes over a text that Java does not need. */
    void skipText() {
        int length = length();
        frame.position(frame.position() + length);
    }

    /** Null for none. */
    <T> T orNull(Function<FrameReader, T> read) {
        return bool() ? read.apply(this) : null;
    }

    <T> Optional<T> optional(Function<FrameReader, T> read) {
        return Optional.ofNullable(orNull(read));
    }

    OptionalLong optionalLong() {
        return bool() ? OptionalLong.of(int64()) : OptionalLong.empty();
    }

    long[] longs() {
        return list(FrameReader::int64).stream().mapToLong(Long::longValue).toArray();
    }

    /** Unmodifiable. */
    <T> List<T> list(Function<FrameReader, T> read) {
        int count = length();
        List<T> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(read.apply(this));
        }
        return List.copyOf(list);
    }
}
