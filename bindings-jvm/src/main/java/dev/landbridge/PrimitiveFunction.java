package dev.landbridge;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleToIntFunction;
import java.util.function.DoubleToLongFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.LongToDoubleFunction;
import java.util.function.LongToIntFunction;
import java.util.function.LongUnaryOperator;

/**
 * A host function that an object of a functional interface is: the types of its method are its type. Calls of the
 * interfaces of the JDK are written out; those of others go through a method handle.
 */
final class PrimitiveFunction {
    private final FuncType type;
    /** One of the two is set: for few numbers, or for anything. */
    private final Primitive primitive;

    private final HostFunction general;

    private PrimitiveFunction(FuncType type, Primitive primitive, HostFunction general) {
        this.type = type;
        this.primitive = primitive;
        this.general = general;
    }

    FuncType type() {
        return type;
    }

    int addTo(HostFunctions lender) {
        return primitive != null ? lender.add(primitive) : lender.add(general);
    }

    static PrimitiveFunction of(Object function) {
        List<Method> found = methods(function);
        if (found.size() != 1) {
            String what = found.isEmpty() ? "no functional interface" : "more than one functional interface";
            throw WasmException.of(
                    ErrorKind.TYPE, function.getClass().getName() + " implements " + what + "; pass a HostFunction");
        }
        Method method = found.get(0);
        List<String> problems = new ArrayList<>();
        FuncType type = JavaTypes.signature(method, problems);
        if (!problems.isEmpty()) {
            throw WasmException.of(ErrorKind.TYPE, JavaTypes.text(method) + ": " + String.join("; ", problems));
        }
        Function<Object, Primitive> known = JDK.get(method.getDeclaringClass());
        return known != null
                ? new PrimitiveFunction(type, known.apply(function), null)
                : ofHandle(function, method, type);
    }

    /** The one abstract method of each functional interface that the object implements. */
    private static List<Method> methods(Object function) {
        List<Method> found = new ArrayList<>();
        for (Class<?> type = function.getClass(); type != null; type = type.getSuperclass()) {
            for (Class<?> face : type.getInterfaces()) {
                List<Method> methods = JavaTypes.abstractMethods(face);
                if (methods.size() == 1 && !found.contains(methods.get(0))) {
                    found.add(methods.get(0));
                }
            }
        }
        return found;
    }

    private static Primitive ofHandle(MethodHandle handle) {
        return (a, b, c, d) -> (long) handle.invokeExact(a, b, c, d);
    }

    private static PrimitiveFunction ofHandle(Object function, Method method, FuncType type) {
        try {
            PrimitiveFunction.class.getModule().addReads(method.getDeclaringClass().getModule());
            method.trySetAccessible();
            MethodHandle handle = MethodHandles.lookup().unreflect(method).bindTo(function);
            if (new Signature(type.numbers()).narrow && type.params().size() <= 4) {
                return new PrimitiveFunction(type, ofHandle(Bits.fromBits(handle, 4)), null);
            }
            MethodHandle spread = handle.asSpreader(Object[].class, type.params().size());
            return new PrimitiveFunction(type, null, (context, args) -> spread.invoke(args));
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw WasmException.of(
                    ErrorKind.TYPE, JavaTypes.text(method) + " cannot be called from here: make its interface public and export"
                            + " its package, or open the package to dev.landbridge");
        }
    }

    /** A lambda for each interface: one call site each, which the JIT inlines. */
    private static final Map<Class<?>, Function<Object, Primitive>> JDK = Map.ofEntries(
            entry(Runnable.class, f -> (a, b, c, d) -> {
                f.run();
                return 0;
            }),
            entry(IntSupplier.class, f -> (a, b, c, d) -> f.getAsInt()),
            entry(LongSupplier.class, f -> (a, b, c, d) -> f.getAsLong()),
            entry(DoubleSupplier.class, f -> (a, b, c, d) -> bits(f.getAsDouble())),
            entry(IntConsumer.class, f -> (a, b, c, d) -> {
                f.accept((int) a);
                return 0;
            }),
            entry(LongConsumer.class, f -> (a, b, c, d) -> {
                f.accept(a);
                return 0;
            }),
            entry(DoubleConsumer.class, f -> (a, b, c, d) -> {
                f.accept(number(a));
                return 0;
            }),
            entry(IntUnaryOperator.class, f -> (a, b, c, d) -> f.applyAsInt((int) a)),
            entry(LongUnaryOperator.class, f -> (a, b, c, d) -> f.applyAsLong(a)),
            entry(DoubleUnaryOperator.class, f -> (a, b, c, d) -> bits(f.applyAsDouble(number(a)))),
            entry(IntBinaryOperator.class, f -> (a, b, c, d) -> f.applyAsInt((int) a, (int) b)),
            entry(LongBinaryOperator.class, f -> (a, b, c, d) -> f.applyAsLong(a, b)),
            entry(DoubleBinaryOperator.class, f -> (a, b, c, d) -> bits(f.applyAsDouble(number(a), number(b)))),
            entry(IntToLongFunction.class, f -> (a, b, c, d) -> f.applyAsLong((int) a)),
            entry(IntToDoubleFunction.class, f -> (a, b, c, d) -> bits(f.applyAsDouble((int) a))),
            entry(LongToIntFunction.class, f -> (a, b, c, d) -> f.applyAsInt(a)),
            entry(LongToDoubleFunction.class, f -> (a, b, c, d) -> bits(f.applyAsDouble(a))),
            entry(DoubleToIntFunction.class, f -> (a, b, c, d) -> f.applyAsInt(number(a))),
            entry(DoubleToLongFunction.class, f -> (a, b, c, d) -> f.applyAsLong(number(a))));

    private static <F> Map.Entry<Class<?>, Function<Object, Primitive>> entry(Class<F> face, Function<F, Primitive> made) {
        return Map.entry(face, object -> made.apply(face.cast(object)));
    }

    private static long bits(double number) {
        return Double.doubleToRawLongBits(number);
    }

    private static double number(long bits) {
        return Double.longBitsToDouble(bits);
    }
}
