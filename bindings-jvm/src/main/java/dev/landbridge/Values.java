package dev.landbridge;

import java.util.Arrays;
import java.math.BigInteger;

/**
 * Values as the native side takes them: two longs of bits each, low half first, and an object where there is one. A
 * function or exception is its handle in the bits. What an externref or anyref is, the second long says.
 */
final class Values {
    static final int I32 = 1;
    static final int I64 = 2;
    static final int F32 = 3;
    static final int F64 = 4;
    static final int V128 = 5;
    static final int FUNCREF = 6;
    static final int EXTERNREF = 7;
    static final int ANYREF = 8;
    static final int EXNREF = 13;

    /** What the second long of an externref or anyref says; {@code value.rs} knows the numbers. */
    private static final int NULL = 0;

    private static final int OBJECT = 1;
    private static final int SMALL = 2;
    private static final int HEAP = 3;

    /** For each type the widest one whose values can meet its own. */
    private static final int[] TOP = tops();

    private static final BigInteger MIN_I64 = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX_U64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private Values() {}

    private static int[] tops() {
        int[] tops = new int[1 + Type.values().length];
        for (Type type : Type.values()) {
            tops[type.number()] = type.top().number();
        }
        return tops;
    }

    static int top(int type) {
        return TOP[type];
    }

    /** Whether a type is a number that fits into one long. */
    static boolean isNumber(int type) {
        return type <= F64;
    }

    /** The bits of a number. {@code place} and {@code index} tell where it stands, for messages. */
    static long bits(int type, Object value, Object place, int index) {
        switch (type) {
            case I32:
                return value instanceof Integer i ? i : wideI32(value, place, index);
            case I64:
                return value instanceof Long i ? i : wideI64(value, place, index);
            case F32:
                return value instanceof Float f ? Float.floatToRawIntBits(f) : wideF32(value, place, index);
            default:
                return value instanceof Double d ? Double.doubleToRawLongBits(d) : wideF64(value, place, index);
        }
    }

    /** Arguments may come in a wider type, since unsigned ones must; what Java gives itself is of the exact type. */
    private static boolean isArgument(Object place) {
        return place instanceof Func;
    }

    private static long wideI32(Object value, Object place, int index) {
        if (value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (isArgument(place) && value instanceof Long i && i == (i < 0 ? i.intValue() : (i & 0xffff_ffffL))) {
            return i;
        }
        if (isArgument(place) && value instanceof BigInteger i && i.bitLength() < 64) {
            return wideI32(i.longValue(), place, index);
        }
        throw isArgument(place) && (value instanceof Long || value instanceof BigInteger)
                ? range(I32, value, place, index)
                : wrongType(I32, value, place, index);
    }

    private static long wideI64(Object value, Object place, int index) {
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (isArgument(place) && value instanceof BigInteger i) {
            if (i.compareTo(MIN_I64) < 0 || i.compareTo(MAX_U64) > 0) {
                throw range(I64, value, place, index);
            }
            return i.longValue();
        }
        throw wrongType(I64, value, place, index);
    }

    private static long wideF32(Object value, Object place, int index) {
        if (value instanceof Short || value instanceof Byte) {
            return Float.floatToRawIntBits(((Number) value).floatValue());
        }
        throw wrongType(F32, value, place, index);
    }

    private static long wideF64(Object value, Object place, int index) {
        if (value instanceof Float || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return Double.doubleToRawLongBits(((Number) value).doubleValue());
        }
        throw wrongType(F64, value, place, index);
    }

    /** The value of a number's bits. */
    static Object boxed(int type, long bits) {
        switch (type) {
            case I32:
                return (int) bits;
            case I64:
                return bits;
            case F32:
                return Float.intBitsToFloat((int) bits);
            default:
                return Double.longBitsToDouble(bits);
        }
    }

    /** Puts a value of any type into the arrays. The value must stay reachable until they were used. */
    static void lower(int type, Object value, int at, long[] bits, Object[] objects, Object place) {
        int top = TOP[type];
        if (isNumber(type)) {
            bits[2 * at] = bits(type, value, place, at);
        } else if (top == EXTERNREF || top == ANYREF) {
            lowerAny(top, value, at, bits, objects);
        } else if (type == V128 && value instanceof dev.landbridge.V128 vector) {
            bits[2 * at] = vector.low();
            bits[2 * at + 1] = vector.high();
        } else if (type != V128 && (value == null || value.getClass() == handleClass(top))) {
            bits[2 * at] = handle(value);
            objects[at] = value; // Keeps it reachable until the handle was used.
        } else {
            throw wrongType(type, value, place, at);
        }
    }

    private static Class<?> handleClass(int top) {
        return top == FUNCREF ? Func.class : TaggedException.class;
    }

    private static long handle(Object value) {
        return value == null ? 0 : value instanceof Func func ? func.handle : ((TaggedException) value).handle();
    }

    /** The object is put down for each: it keeps a handle's owner reachable. */
    private static void lowerAny(int top, Object value, int at, long[] bits, Object[] objects) {
        objects[at] = value;
        bits[2 * at + 1] = value == null ? NULL : OBJECT;
        if (value instanceof GcRef object) {
            bits[2 * at] = object.handle;
            bits[2 * at + 1] = HEAP;
        } else if (top == ANYREF && value instanceof Integer small) {
            bits[2 * at] = small;
            bits[2 * at + 1] = SMALL;
        }
    }

    /** Takes a value of any type out of the arrays. */
    static Object lift(int type, int at, long[] bits, Object[] objects, HostFunctions lender) {
        long low = bits[2 * at];
        switch (TOP[type]) {
            case V128:
                return new dev.landbridge.V128(low, bits[2 * at + 1]);
            case FUNCREF:
                return low == 0 ? null : new Func(low, lender);
            case EXNREF:
                return low == 0 ? null : new TaggedException(low, lender);
            case EXTERNREF, ANYREF:
                return liftAny((int) bits[2 * at + 1], low, objects[at], lender);
            default:
                return boxed(type, low);
        }
    }

    private static Object liftAny(int what, long low, Object object, HostFunctions lender) {
        return switch (what) {
            case OBJECT -> object;
            case SMALL -> (int) low;
            case HEAP -> new GcRef(low, lender);
            default -> null;
        };
    }

    static WasmException count(String what, int[] expected, int given) {
        Native.failCount(what, expected, given, false);
        throw new AssertionError("unreachable");
    }

    /** The same for the arguments of a call, of which one that is a text may have been meant otherwise. */
    static WasmException count(String what, int[] expected, Object[] args) {
        boolean withText = Arrays.stream(args).anyMatch(String.class::isInstance);
        Native.failCount(what, expected, args.length, withText);
        throw new AssertionError("unreachable");
    }

    private static WasmException wrongType(int type, Object value, Object place, int index) {
        String given = value == null ? "null" : value.getClass().getSimpleName();
        Native.failType(place(place, index), type, given);
        throw new AssertionError("unreachable");
    }

    private static WasmException range(int type, Object value, Object place, int index) {
        Native.failRange(place(place, index), type, value.toString());
        throw new AssertionError("unreachable");
    }

    private static String place(Object place, int index) {
        if (place instanceof Func func) {
            return Messages.argument(index + 1, func.name());
        }
        if (place instanceof HostContext context) {
            return Messages.result(index + 1, context.name());
        }
        if (place instanceof Tag) {
            return Messages.payloadValue(index + 1);
        }
        return place.toString();
    }
}
