package dev.landbridge;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/** Writes a frame for the native side; see {@link FrameReader}. */
final class FrameWriter {
    private ByteBuffer frame = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);

    FrameWriter() {
        number(FrameReader.VERSION);
    }

    /** The frame. */
    byte[] finish() {
        return Arrays.copyOf(frame.array(), frame.position());
    }

    /** What has room for so many more bytes. */
    private ByteBuffer room(int bytes) {
        if (frame.remaining() < bytes) {
            int more = Math.max(frame.capacity(), bytes);
            ByteBuffer grown = ByteBuffer.allocate(Math.addExact(frame.capacity(), more));
            frame = grown.order(ByteOrder.LITTLE_ENDIAN).put(frame.flip());
        }
        return frame;
    }

    /** A small number: the sort of something, or a type. */
    FrameWriter number(int number) {
        room(1).put((byte) number);
        return this;
    }

    FrameWriter bool(boolean it) {
        return number(it ? 1 : 0);
    }

    FrameWriter int32(int number) {
        room(4).putInt(number);
        return this;
    }

    FrameWriter int64(long number) {
        room(8).putLong(number);
        return this;
    }

    FrameWriter bytes(byte[] bytes) {
        int32(bytes.length);
        room(bytes.length).put(bytes);
        return this;
    }

    /** {@code what} names it in a message if it has half of a surrogate pair. */
    FrameWriter text(String what, String text) {
        Texts.check(what, text);
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    FrameWriter optional(OptionalLong number) {
        bool(number.isPresent());
        return number.isPresent() ? int64(number.getAsLong()) : this;
    }

    <T> FrameWriter list(Collection<T> items, BiConsumer<FrameWriter, T> write) {
        int32(items.size());
        items.forEach(item -> write.accept(this, item));
        return this;
    }
}
