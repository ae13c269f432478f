package dev.landbridge;

import java.nio.ByteBuffer;
import java.util.Collection;

/** Lists of numbers, which cross as a whole: as arrays of the primitive type that has as many bits. */
final class WitNumbers extends WitCodec {
    private final String told;
    private final WitCodec item;
    /** The class of the arrays. */
    private final Class<?> array;

    private final int size;

    private WitNumbers(WitType list) {
        told = list.toString();
        item = list.inner().codec();
        array = array(list.inner().sort);
        size = size(list.inner().sort);
    }

    /** The one of a list; null if its elements are no numbers. */
    static WitNumbers of(WitType list) {
        return array(list.inner().sort) == null ? null : new WitNumbers(list);
    }

    /** The class of arrays of such numbers. */
    static Class<?> array(int sort) {
        return switch (sort) {
            case WitType.S8, WitType.U8 -> byte[].class;
            case WitType.S16, WitType.U16 -> short[].class;
            case WitType.S32, WitType.U32 -> int[].class;
            case WitType.S64, WitType.U64 -> long[].class;
            case WitType.F32 -> float[].class;
            case WitType.F64 -> double[].class;
            default -> null;
        };
    }

    private static int size(int sort) {
        return switch (sort) {
            case WitType.S8, WitType.U8 -> 1;
            case WitType.S16, WitType.U16 -> 2;
            case WitType.S64, WitType.U64, WitType.F64 -> 8;
            default -> 4;
        };
    }

    @Override
    void write(WitFrame to, Object value, WitHome home) {
        if (value != null && value.getClass() == array) {
            writeArray(to, value);
        } else if (size == 1 && value instanceof ByteBuffer buffer) {
            to.putBytes(buffer);
        } else if (value instanceof Collection<?> items) {
            writeItems(to, items, home);
        } else {
            throw Wrong.other(told, value);
        }
    }

    private void writeArray(WitFrame to, Object value) {
        int length = java.lang.reflect.Array.getLength(value);
        if ((long) length * size >= WitFrame.BLOB_MIN) {
            to.putBlob(value);
        } else if (value instanceof byte[] it) {
            to.putBytes(it);
        } else {
            writeSmall(to, value, to.putNumbers(length, size));
        }
    }

    private static void writeSmall(WitFrame to, Object value, int place) {
        if (value instanceof short[] it) {
            for (int i = 0; i < it.length; i++) {
                to.setShort(place + 2 * i, it[i]);
            }
        } else if (value instanceof int[] it) {
            for (int i = 0; i < it.length; i++) {
                to.setInt(place + 4 * i, it[i]);
            }
        } else if (value instanceof long[] it) {
            for (int i = 0; i < it.length; i++) {
                to.setLong(place + 8 * i, it[i]);
            }
        } else if (value instanceof float[] it) {
            for (int i = 0; i < it.length; i++) {
                to.setInt(place + 4 * i, Float.floatToRawIntBits(it[i]));
            }
        } else if (value instanceof double[] it) {
            for (int i = 0; i < it.length; i++) {
                to.setLong(place + 8 * i, Double.doubleToRawLongBits(it[i]));
            }
        }
    }

    /** Numbers that come one by one. */
    private void writeItems(WitFrame to, Collection<?> items, WitHome home) {
        WitLists.writeItems(to, items, item, home);
    }

    @Override
    Object read(WitFrame from, WitHome home) {
        if (size == 1) {
            return from.getBytes();
        }
        int count = from.getCount();
        if (count < 0) {
            return array(from.blob());
        }
        Object given = readSmall(from, count);
        from.at += count * size;
        return given;
    }

    private Object readSmall(WitFrame from, int count) {
        int place = from.at;
        Object given = java.lang.reflect.Array.newInstance(array.getComponentType(), count);
        if (given instanceof short[] it) {
            for (int i = 0; i < count; i++) {
                it[i] = from.shortAt(place + 2 * i);
            }
        } else if (given instanceof int[] it) {
            for (int i = 0; i < count; i++) {
                it[i] = from.intAt(place + 4 * i);
            }
        } else if (given instanceof long[] it) {
            for (int i = 0; i < count; i++) {
                it[i] = from.longAt(place + 8 * i);
            }
        } else if (given instanceof float[] it) {
            for (int i = 0; i < count; i++) {
                it[i] = Float.intBitsToFloat(from.intAt(place + 4 * i));
            }
        } else if (given instanceof double[] it) {
            for (int i = 0; i < count; i++) {
                it[i] = Double.longBitsToDouble(from.longAt(place + 8 * i));
            }
        }
        return given;
    }

    /** What came beside, where the native side could not know that the numbers are floats, or that they are not. */
    private Object array(Object blob) {
        if (blob.getClass() == array) {
            return blob;
        }
        if (blob instanceof byte[] bytes) {
            return readSmall(new WitFrame(bytes, null), bytes.length / size);
        }
        if (blob instanceof int[] bits) {
            float[] floats = new float[bits.length];
            for (int i = 0; i < bits.length; i++) {
                floats[i] = Float.intBitsToFloat(bits[i]);
            }
            return floats;
        }
        long[] bits = (long[]) blob;
        double[] doubles = new double[bits.length];
        for (int i = 0; i < bits.length; i++) {
            doubles[i] = Double.longBitsToDouble(bits[i]);
        }
        return doubles;
    }
}
