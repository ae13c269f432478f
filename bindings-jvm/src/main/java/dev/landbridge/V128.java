package dev.landbridge;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A 128-bit vector: 16 bytes, or lanes of a number, the first in the lowest bits of {@code low}.
 *
 * @param low bytes 0 to 7, little-endian
 * @param high bytes 8 to 15, little-endian
 */
public record V128(long low, long high) {
    private static ByteBuffer room() {
        return ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static V128 of(ByteBuffer room) {
        return new V128(room.getLong(0), room.getLong(8));
    }

    private static void check(int given, int lanes, String type) {
        if (given != lanes) {
            throw new IllegalArgumentException("a v128 has " + lanes + " lanes of " + type + ", not " + given);
        }
    }

    /**
     * From the bytes as they lie in the guest's memory.
     *
     * @param bytes 16 lanes, the first in the lowest bits
     * @return the vector
     * @throws IllegalArgumentException if there are not 16
     */
    public static V128 ofBytes(byte... bytes) {
        check(bytes.length, 16, "byte");
        return of(room().put(0, bytes));
    }

    /**
     * From lanes of 16 bits.
     *
     * @param lanes 8 lanes, the first in the lowest bits
     * @return the vector
     * @throws IllegalArgumentException if there are not 8
     */
    public static V128 ofShorts(short... lanes) {
        check(lanes.length, 8, "short");
        ByteBuffer room = room();
        room.asShortBuffer().put(lanes);
        return of(room);
    }

    /**
     * From lanes of 32 bits.
     *
     * @param lanes 4 lanes, the first in the lowest bits
     * @return the vector
     * @throws IllegalArgumentException if there are not 4
     */
    public static V128 ofInts(int... lanes) {
        check(lanes.length, 4, "int");
        ByteBuffer room = room();
        room.asIntBuffer().put(lanes);
        return of(room);
    }

    /**
     * From lanes of 64 bits.
     *
     * @param lanes 2 lanes, the first in the lowest bits
     * @return the vector
     * @throws IllegalArgumentException if there are not 2
     */
    public static V128 ofLongs(long... lanes) {
        check(lanes.length, 2, "long");
        return new V128(lanes[0], lanes[1]);
    }

    /**
     * From lanes of 32-bit floats.
     *
     * @param lanes 4 lanes, the first in the lowest bits; all bits of a NaN are kept
     * @return the vector
     * @throws IllegalArgumentException if there are not 4
     */
    public static V128 ofFloats(float... lanes) {
        check(lanes.length, 4, "float");
        ByteBuffer room = room();
        room.asFloatBuffer().put(lanes);
        return of(room);
    }

    /**
     * From lanes of 64-bit floats.
     *
     * @param lanes 2 lanes, the first in the lowest bits; all bits of a NaN are kept
     * @return the vector
     * @throws IllegalArgumentException if there are not 2
     */
    public static V128 ofDoubles(double... lanes) {
        check(lanes.length, 2, "double");
        ByteBuffer room = room();
        room.asDoubleBuffer().put(lanes);
        return of(room);
    }

    private ByteBuffer buffer() {
        return room().putLong(0, low).putLong(8, high);
    }

    /**
     * The bytes as they lie in the guest's memory.
     *
     * @return 16 lanes, a copy
     */
    public byte[] bytes() {
        return buffer().array();
    }

    /**
     * The lanes of 16 bits.
     *
     * @return 8 lanes, a copy
     */
    public short[] shorts() {
        short[] lanes = new short[8];
        buffer().asShortBuffer().get(lanes);
        return lanes;
    }

    /**
     * The lanes of 32 bits.
     *
     * @return 4 lanes, a copy
     */
    public int[] ints() {
        int[] lanes = new int[4];
        buffer().asIntBuffer().get(lanes);
        return lanes;
    }

    /**
     * The lanes of 64 bits.
     *
     * @return 2 lanes, a copy
     */
    public long[] longs() {
        return new long[] {low, high};
    }

    /**
     * The lanes of 32-bit floats.
     *
     * @return 4 lanes, a copy
     */
    public float[] floats() {
        float[] lanes = new float[4];
        buffer().asFloatBuffer().get(lanes);
        return lanes;
    }

    /**
     * The lanes of 64-bit floats.
     *
     * @return 2 lanes, a copy
     */
    public double[] doubles() {
        double[] lanes = new double[2];
        buffer().asDoubleBuffer().get(lanes);
        return lanes;
    }

    /** 32 hexadecimal digits, most significant first. */
    @Override
    public String toString() {
        return String.format("0x%016x%016x", high, low);
    }
}
