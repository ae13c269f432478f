package dev.landbridge;

import java.lang.reflect.Array;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/**
 * A buffer as a column of a batch: what is between its position and its limit. The native side has a chunk at a time copied
 * to an array or out of it, so that what Java checks of a buffer stays checked.
 */
final class Column {
    /** At most so many rows are copied at once: 24 KiB of four bytes each. */
    private static final int MOST = 24 << 10 >> 2;

    private final Buffer buffer;
    final int type;

    /** An array of as many numbers as are copied at once. */
    final Object room;

    private Column(int type, Buffer buffer) {
        this.type = type;
        this.buffer = buffer;
        this.room = array(type, Math.min(MOST, buffer.remaining()));
    }

    /** The number of the type of a column that is an array or a buffer of one type; zero of all else. */
    static int typeOf(Object given) {
        if (given instanceof int[] || given instanceof IntBuffer) {
            return Values.I32;
        }
        if (given instanceof long[] || given instanceof LongBuffer) {
            return Values.I64;
        }
        if (given instanceof float[] || given instanceof FloatBuffer) {
            return Values.F32;
        }
        return given instanceof double[] || given instanceof DoubleBuffer ? Values.F64 : 0;
    }

    /** What an array or buffer is called that no function takes, or null. */
    static String strange(Object given) {
        if (given instanceof short[] || given instanceof java.nio.ShortBuffer) {
            return "i16";
        }
        if (given instanceof char[] || given instanceof java.nio.CharBuffer) {
            return "u16";
        }
        if (given instanceof byte[]) {
            return "i8";
        }
        return given != null && given.getClass().isArray() ? given.getClass().getSimpleName() : null;
    }

    static Object array(int type, int rows) {
        return switch (type) {
            case Values.I32 -> new int[rows];
            case Values.I64 -> new long[rows];
            case Values.F32 -> new float[rows];
            default -> new double[rows];
        };
    }

    /** The numbers of an array or a buffer in an array of their own. */
    static Object copy(Object column) {
        if (!(column instanceof Column part)) {
            return array(column);
        }
        Object copy = array(part.type, part.buffer.remaining());
        if (part.buffer instanceof IntBuffer ints) {
            ints.get(0, (int[]) copy);
        } else if (part.buffer instanceof LongBuffer longs) {
            longs.get(0, (long[]) copy);
        } else if (part.buffer instanceof FloatBuffer floats) {
            floats.get(0, (float[]) copy);
        } else {
            ((DoubleBuffer) part.buffer).get(0, (double[]) copy);
        }
        return copy;
    }

    private static Object array(Object given) {
        int rows = Array.getLength(given);
        Object copy = array(typeOf(given), rows);
        System.arraycopy(given, 0, copy, 0, rows);
        return copy;
    }

    static int bytes(int type) {
        return type == Values.I32 || type == Values.F32 ? 4 : 8;
    }

    /** The part of a buffer that counts, which later changes of its position do not move. */
    static Column of(Buffer given, int type) {
        if (given instanceof ByteBuffer bytes) {
            ByteBuffer part = bytes.slice().order(bytes.order());
            return new Column(type, switch (type) {
                case Values.I32 -> part.asIntBuffer();
                case Values.I64 -> part.asLongBuffer();
                case Values.F32 -> part.asFloatBuffer();
                default -> part.asDoubleBuffer();
            });
        }
        return new Column(typeOf(given), given.slice());
    }

    void read(int first, int count) {
        if (buffer instanceof IntBuffer ints) {
            ints.get(first, (int[]) room, 0, count);
        } else if (buffer instanceof LongBuffer longs) {
            longs.get(first, (long[]) room, 0, count);
        } else if (buffer instanceof FloatBuffer floats) {
            floats.get(first, (float[]) room, 0, count);
        } else {
            ((DoubleBuffer) buffer).get(first, (double[]) room, 0, count);
        }
    }

    void write(int first, int count) {
        if (buffer instanceof IntBuffer ints) {
            ints.put(first, (int[]) room, 0, count);
        } else if (buffer instanceof LongBuffer longs) {
            longs.put(first, (long[]) room, 0, count);
        } else if (buffer instanceof FloatBuffer floats) {
            floats.put(first, (float[]) room, 0, count);
        } else {
            ((DoubleBuffer) buffer).put(first, (double[]) room, 0, count);
        }
    }
}
