package dev.landbridge;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A 128-bit vector: 16 bytes, the first lane in the lowest bits of {@code low}.
 *
 * @param low bytes 0 to 7, little-endian
 * @param high bytes 8 to 15, little-endian
 */
public record V128(long low, long high) {
    /**
     * From the bytes as they lie in the guest's memory.
     *
     * @param bytes 16 bytes
     * @return the vector
     * @throws IllegalArgumentException if there are not 16 bytes
     */
    public static V128 of(byte[] bytes) {
        if (bytes.length != 16) {
            throw new IllegalArgumentException("a v128 has 16 bytes, not " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return new V128(buffer.getLong(), buffer.getLong());
    }

    /**
     * The bytes as they lie in the guest's memory.
     *
     * @return 16 bytes, a copy
     */
    public byte[] toBytes() {
        ByteBuffer buffer = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        return buffer.putLong(low).putLong(high).array();
    }

    /** 32 hexadecimal digits, most significant first. */
    @Override
    public String toString() {
        return String.format("0x%016x%016x", high, low);
    }
}
