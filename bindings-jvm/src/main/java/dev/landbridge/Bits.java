package dev.landbridge;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Method handles between numbers of Java and the longs of bits that natives take. */
final class Bits {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final MethodHandle FLOAT_BITS = find(Float.class, "floatToRawIntBits", int.class, float.class);
    private static final MethodHandle BITS_FLOAT = find(Float.class, "intBitsToFloat", float.class, int.class);
    private static final MethodHandle DOUBLE_BITS = find(Double.class, "doubleToRawLongBits", long.class, double.class);
    private static final MethodHandle BITS_DOUBLE = find(Double.class, "longBitsToDouble", double.class, long.class);

    private Bits() {}

    static MethodHandle find(Class<?> owner, String name, Class<?> result, Class<?>... params) {
        try {
            return LOOKUP.findStatic(owner, name, MethodType.methodType(result, params));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(owner + "." + name, e);
        }
    }

    /** The native of so many arguments as a call of the function's handle and Java's own types. */
    static MethodHandle toBits(MethodType type) {
        Class<?>[] longs = Collections.nCopies(1 + type.parameterCount(), long.class).toArray(Class[]::new);
        MethodHandle call = find(Native.class, "call" + type.parameterCount(), long.class, longs);
        for (int i = 0; i < type.parameterCount(); i++) {
            call = MethodHandles.filterArguments(call, 1 + i, lower(type.parameterType(i)));
        }
        if (type.returnType() == void.class) {
            return call.asType(call.type().changeReturnType(void.class));
        }
        return MethodHandles.filterReturnValue(call, lift(type.returnType()));
    }

    /** A method of numbers as a call of so many longs and a long; those it does not have are ignored. */
    static MethodHandle fromBits(MethodHandle method, int longs) {
        MethodType type = method.type();
        List<Class<?>> ignored = new ArrayList<>(Collections.nCopies(longs - type.parameterCount(), long.class));
        MethodHandle call = method;
        for (int i = 0; i < type.parameterCount(); i++) {
            call = MethodHandles.filterArguments(call, i, lift(type.parameterType(i)));
        }
        call = type.returnType() == void.class
                ? MethodHandles.filterReturnValue(call, MethodHandles.constant(long.class, 0L))
                : MethodHandles.filterReturnValue(call, lower(type.returnType()));
        return MethodHandles.dropArguments(call, type.parameterCount(), ignored);
    }

    private static MethodHandle lower(Class<?> type) {
        MethodType signature = MethodType.methodType(long.class, type);
        MethodHandle bits = type == float.class
                ? FLOAT_BITS
                : type == double.class ? DOUBLE_BITS : MethodHandles.identity(long.class);
        return MethodHandles.explicitCastArguments(bits, signature);
    }

    private static MethodHandle lift(Class<?> type) {
        MethodType signature = MethodType.methodType(type, long.class);
        MethodHandle value = type == float.class
                ? BITS_FLOAT
                : type == double.class ? BITS_DOUBLE : MethodHandles.identity(long.class);
        return MethodHandles.explicitCastArguments(value, signature);
    }
}
