package dev.landbridge;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Binds interfaces of the user to functions. One hidden class an interface, made at its first use: its methods call
 * constant method handles, which the JIT inlines down to the native; its fields hold the functions.
 */
final class Binding {
    private static final MethodHandle GENERAL =
            Bits.find(Binding.class, "call", Object.class, Object.class, Object[].class);

    private static final MethodHandle LATER =
            Bits.find(Binding.class, "callAsync", CompletableFuture.class, Object.class, Object[].class);

    private static final MethodHandle THROWN =
            Bits.find(Binding.class, "held", TaggedException.class, TaggedException.class, Object.class);

    /** Held by the interface's class, and weakly: neither class loader keeps the other. */
    private static final ClassValue<AtomicReference<WeakReference<Class<?>>>> CLASSES = new ClassValue<>() {
        @Override
        protected AtomicReference<WeakReference<Class<?>>> computeValue(Class<?> face) {
            return new AtomicReference<>(new WeakReference<>(null));
        }
    };

    private Binding() {}

    static <T> T of(Func func, Class<T> face) {
        List<Method> methods = methods(face);
        if (methods.size() != 1) {
            throw wrong(face.getName() + " has " + methods.size() + " abstract methods; a function needs one");
        }
        List<String> problems = new ArrayList<>();
        check(methods.get(0), func, problems);
        if (!problems.isEmpty()) {
            throw misfit(face, func.name(), problems, ErrorKind.TYPE);
        }
        return make(face, methods, List.of(func));
    }

    static <T> T of(Instance instance, Class<T> face) {
        List<Method> methods = methods(face);
        List<Func> funcs = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        int missing = 0;
        for (Method method : methods) {
            Func func = find(instance, method, problems);
            missing += func == null ? 1 : 0;
            if (func != null) {
                funcs.add(func);
                check(method, func, problems);
            }
        }
        if (!problems.isEmpty()) {
            ErrorKind kind = missing == problems.size() ? ErrorKind.NOT_FOUND : ErrorKind.TYPE;
            throw misfit(face, "the exports", problems, kind);
        }
        return make(face, methods, funcs);
    }

    private static List<Method> methods(Class<?> face) {
        Objects.requireNonNull(face, "type");
        if (!face.isInterface() || face.isAnnotation() || face.isSealed()) {
            throw wrong(face.getName() + " is not an interface that can be implemented");
        }
        return JavaTypes.abstractMethods(face);
    }

    private static Func find(Instance instance, Method method, List<String> problems) {
        Export named = method.getAnnotation(Export.class);
        String name = named == null ? method.getName() : named.value();
        try {
            return instance.func(name);
        } catch (WasmException e) {
            if (e.kind() != ErrorKind.NOT_FOUND) {
                throw e;
            }
            problems.add(JavaTypes.text(method) + ": " + e.message());
            return null;
        }
    }

    private static void check(Method method, Func func, List<String> problems) {
        List<String> reasons = new ArrayList<>();
        FuncType asked = JavaTypes.bound(method, reasons);
        FuncType found = func.type();
        if (asked == null) {
            problems.add(JavaTypes.text(method) + ": " + String.join("; ", reasons));
        } else if (!JavaTypes.fits(asked.params(), found.params()) || !fits(method, asked, found)) {
            boolean several = JavaTypes.result(method) == Object[].class;
            problems.add(JavaTypes.text(method) + ": the method needs " + FuncType.list(asked.params()) + " -> "
                    + (several ? "several results" : FuncType.list(asked.results())) + ", found " + found.signature());
        }
    }

    private static boolean fits(Method method, FuncType asked, FuncType found) {
        return JavaTypes.result(method) == Object[].class
                ? found.results().size() > 1
                : JavaTypes.fits(asked.results(), found.results());
    }

    private static <T> T make(Class<T> face, List<Method> methods, List<Func> funcs) {
        MethodHandles.Lookup place = BoundPlace.of(face, methods);
        if (place == null) {
            return face.cast(BoundProxy.of(face, methods, new Target(face, methods, funcs)));
        }
        Class<?> made = implementation(place, face, methods);
        long[] handles = funcs.stream().mapToLong(func -> func.handle).toArray();
        try {
            var constructor = made.getDeclaredConstructor(Object[].class, long[].class);
            constructor.setAccessible(true);
            return face.cast(constructor.newInstance(funcs.toArray(), handles));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a class of our own can be made", e);
        }
    }

    /** What a proxy calls. */
    private record Target(Class<?> face, List<Method> methods, List<Func> funcs) implements BoundTarget {
        @Override
        public Object invoke(int method, Object[] args) {
            if (method == methods.size()) {
                return face.getName() + "$Landbridge@" + Integer.toHexString(System.identityHashCode(this));
            }
            Func func = funcs.get(method);
            return JavaTypes.isLater(methods.get(method)) ? func.callAsync(args) : func.call(args);
        }
    }

    private static Class<?> implementation(MethodHandles.Lookup place, Class<?> face, List<Method> methods) {
        AtomicReference<WeakReference<Class<?>>> cached = CLASSES.get(face);
        synchronized (cached) {
            Class<?> known = cached.get().get();
            if (known == null) {
                known = define(place, face, methods);
                cached.set(new WeakReference<>(known));
            }
            return known;
        }
    }

    /** Defines the class beside the interface if its package is open, else beside this one. */
    private static Class<?> define(MethodHandles.Lookup place, Class<?> face, List<Method> methods) {
        List<Bytecode.Body> bodies = new ArrayList<>();
        List<MethodHandle> handles = new ArrayList<>();
        for (Method method : methods) {
            MethodType type = MethodType.methodType(method.getReturnType(), method.getParameterTypes());
            boolean numbers = isNumbers(type);
            bodies.add(new Bytecode.Body(method, numbers));
            handles.add(numbers ? direct(type) : general(JavaTypes.isLater(method) ? LATER : GENERAL, type));
        }
        return defined(place, face, bodies, handles);
    }

    /** Defines a class with these methods, which call these handles. */
    static Class<?> defined(
            MethodHandles.Lookup place, Class<?> face, List<Bytecode.Body> bodies, List<MethodHandle> handles) {
        try {
            String name = place.lookupClass().getPackageName().replace('.', '/');
            name = (name.isEmpty() ? "" : name + "/") + face.getSimpleName() + "$Landbridge";
            return place.defineHiddenClassWithClassData(Bytecode.write(name, face, bodies), handles, true)
                    .lookupClass();
        } catch (IllegalAccessException | LinkageError e) {
            throw wrong(face.getName() + " cannot be implemented: " + e.getMessage());
        }
    }

    /** Whether a native of a fixed number of arguments can be called. */
    private static boolean isNumbers(MethodType type) {
        boolean result = type.returnType().isPrimitive();
        return result && type.parameterCount() <= 8 && type.parameterList().stream().allMatch(Class::isPrimitive);
    }

    /** The native, with the function before its handle for what is thrown. */
    private static MethodHandle direct(MethodType type) {
        MethodHandle call = MethodHandles.dropArguments(Bits.toBits(type), 0, Object.class);
        MethodHandle raise = MethodHandles.throwException(type.returnType(), TaggedException.class);
        return MethodHandles.catchException(
                call, TaggedException.class, MethodHandles.collectArguments(raise, 0, THROWN));
    }

    private static MethodHandle general(MethodHandle way, MethodType type) {
        MethodHandle call = way.asCollector(Object[].class, type.parameterCount());
        return call.asType(type.insertParameterTypes(0, Object.class));
    }

    static TaggedException held(TaggedException thrown, Object func) {
        return thrown.heldBy(((Func) func).lender);
    }

    static Object call(Object func, Object[] args) {
        return ((Func) func).call(args);
    }

    static CompletableFuture<Object> callAsync(Object func, Object[] args) {
        return ((Func) func).callAsync(args);
    }

    private static WasmException misfit(Class<?> face, String what, List<String> problems, ErrorKind kind) {
        return WasmException.of(
                kind, face.getName() + " does not fit " + what + ":\n    " + String.join("\n    ", problems));
    }

    private static WasmException wrong(String message) {
        return WasmException.of(ErrorKind.TYPE, message);
    }
}
