package dev.landbridge;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Binds interfaces of the user to what a component exports. One hidden class an interface, as {@link Binding} makes them:
 * its fields hold a {@link BoundTarget}, which its methods call by their numbers. Where that cannot be, a {@link BoundProxy}.
 */
final class WitBinding {
    private static final MethodHandle INVOKE =
            Bits.find(WitBinding.class, "invoke", Object.class, int.class, Object.class, Object[].class);

    /** Held weakly, as {@link Binding} holds its own. */
    private static final ClassValue<Made> CLASSES = new ClassValue<>() {
        @Override
        protected Made computeValue(Class<?> face) {
            return new Made();
        }
    };

    /** The class of an interface. */
    private static final class Made {
        private WeakReference<Class<?>> known = new WeakReference<>(null);
    }

    private WitBinding() {}

    static Object invoke(int method, Object target, Object[] args) throws Throwable {
        return ((BoundTarget) target).invoke(method, args);
    }

    /** All that is exported: functions of the world, and interfaces by methods that give an interface of the user's. */
    static <T> T of(Instance instance, Class<T> face) {
        WitWorld world = instance.world();
        return bind(instance, face, world.exports.get(""), "the component");
    }

    /** An exported interface, by its full or a shorter name. */
    static <T> T of(Instance instance, String name, Class<T> face) {
        WitWorld.Interface within = instance.exported(name);
        return bind(instance, face, within, within.name());
    }

    private static <T> T bind(Instance instance, Class<T> face, WitWorld.Interface within, String what) {
        List<String> problems = new ArrayList<>();
        WitTyped scope = new WitTyped(instance, problems);
        Object bound = namespace(scope, face, within);
        if (!problems.isEmpty()) {
            throw misfit(face, what, scope);
        }
        return face.cast(bound);
    }

    static <T> T of(WitFunc func, Class<T> face) {
        List<Method> methods = methods(face);
        if (methods.size() != 1) {
            throw wrong(face.getName() + " has " + methods.size() + " abstract methods; a function needs one");
        }
        List<String> problems = new ArrayList<>();
        WitTyped scope = new WitTyped(func.instance(), problems);
        WitMethod method = bound(scope, methods.get(0), func, false);
        if (!problems.isEmpty()) {
            throw misfit(face, func.name(), scope);
        }
        return face.cast(make(face, methods, new Namespace(new WitMethod[] {method}, func.toString())));
    }

    /** The interface of a resource. */
    static WitFace resource(Instance instance, WitType type, Class<?> face) {
        List<String> problems = new ArrayList<>();
        WitTyped scope = new WitTyped(instance, problems);
        WitFace made = scope.face(type, face);
        if (!problems.isEmpty()) {
            throw misfit(face, type.toString(), scope);
        }
        return made;
    }

    /** Functions with a common name. */
    private record Namespace(WitMethod[] methods, String told) implements BoundTarget {
        @Override
        public Object invoke(int method, Object[] args) throws Throwable {
            return method == methods.length ? told : methods[method].call(null, args);
        }
    }

    private static Object namespace(WitTyped scope, Class<?> face, WitWorld.Interface within) {
        List<Method> methods = methods(face);
        WitMethod[] bound = new WitMethod[methods.size()];
        List<WitWorld.Func> funcs = within.funcs().stream().filter(it -> it.role() != WitWorld.METHOD).toList();
        for (int i = 0; i < bound.length; i++) {
            Method method = methods.get(i);
            Object nested = within.name().isEmpty() ? nested(scope, method) : null;
            bound[i] = nested != null
                    ? (self, args) -> nested
                    : method(scope, method, funcs, within.name().isEmpty() ? "" : within.name() + "#");
        }
        String told = within.name().isEmpty() ? "exports" : within.name();
        return scope.problems.isEmpty() ? make(face, methods, new Namespace(bound, told)) : FAILED;
    }

    private static final Object FAILED = new Object();

    /** An interface of the component, by a method that takes nothing and gives an interface; null if it is not that. */
    private static Object nested(WitTyped scope, Method method) {
        if (method.getParameterCount() > 0 || !method.getReturnType().isInterface()) {
            return null;
        }
        for (WitWorld.Interface each : scope.instance.world().exports.values()) {
            String own = WitNames.own(each.name());
            boolean isIt = WitNames.means(method, method.getName(), each.name(), WitNames.camel(own))
                    || WitNames.means(method, method.getName(), own, WitNames.camel(own));
            if (isIt && !own.isEmpty()) {
                return namespace(scope, method.getReturnType(), each);
            }
        }
        return null;
    }

    /** The function that a method means, bound; what is wrong goes to the problems. */
    static WitMethod method(WitTyped scope, Method method, List<WitWorld.Func> funcs, String prefix) {
        for (WitWorld.Func func : funcs) {
            if (WitNames.means(method, method.getName(), func.ownName(), spelt(func))
                    || WitNames.means(method, method.getName(), func.name(), spelt(func))) {
                return bound(scope, method, scope.instance.witFunc(func.fullName()), func.role() == WitWorld.METHOD);
            }
        }
        WitName named = method.getAnnotation(WitName.class);
        String name = prefix + (named == null ? WitNames.kebab(method.getName()) : named.value());
        scope.missing++;
        scope.problems.add(JavaTypes.text(method) + ": " + whyMissing(scope.instance, name));
        return null;
    }

    /** {@code canvas} makes one, {@code canvasCount} is a function of it that takes none. */
    private static String spelt(WitWorld.Func func) {
        return switch (func.role()) {
            case WitWorld.STATIC -> WitNames.camel(func.resource()) + WitNames.upperCamel(func.ownName());
            default -> WitNames.camel(func.ownName());
        };
    }

    private static String whyMissing(Instance instance, String name) {
        try {
            instance.witFunc(name);
            return "it is found by another name";
        } catch (WasmException e) {
            return e.message();
        }
    }

    private static WitMethod bound(WitTyped scope, Method method, WitFunc func, boolean isMethod) {
        WitCall call = call(scope, method, func, isMethod ? 1 : 0);
        if (!JavaTypes.isLater(method)) {
            return call == null ? null : call::call;
        }
        return (self, args) -> func.instance().later(() -> {
            try {
                return call.call(self, args);
            } catch (Exception | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** With its types; {@code self} parameters come first and are no parameters of the method. */
    private static WitCall call(WitTyped scope, Method method, WitFunc func, int self) {
        List<WitFuncType.Param> wanted = func.type().params();
        List<String> outer = scope.problems;
        List<String> problems = new ArrayList<>();
        int known = outer.size();
        java.lang.reflect.Type[] given = method.getGenericParameterTypes();
        if (given.length + self != wanted.size()) {
            outer.add(JavaTypes.text(method) + ": it is " + func);
            return null;
        }
        WitCodec[] params = new WitCodec[wanted.size()];
        for (int i = 0; i < params.length; i++) {
            WitType type = wanted.get(i).type();
            params[i] = i < self ? type.codec() : scope.codec(type, given[i - self], "parameter " + (i - self + 1));
        }
        WitCall call = result(scope, method, func, params);
        for (int i = known; i < outer.size(); i++) {
            problems.add(outer.get(i));
        }
        outer.subList(known, outer.size()).clear();
        if (!problems.isEmpty()) {
            String told = problems.stream().distinct().collect(Collectors.joining("; "));
            outer.add(JavaTypes.text(method) + ": " + told + " (it is " + func + ")");
        }
        return call;
    }

    private static WitCall result(WitTyped scope, Method method, WitFunc func, WitCodec[] params) {
        WitType result = func.type().result().orElse(null);
        java.lang.reflect.Type java = JavaTypes.givenType(method);
        boolean isResult = result != null && result.sort == WitType.RESULT && WitTyped.raw(java) != WitResult.class;
        WitType given = isResult ? result.parts.get(0).held() : result;
        boolean isVoid = java == void.class || java == Void.class;
        if (isVoid != (given == null)) {
            scope.problems.add(isVoid ? "the result is void: it is " + given : "the result is " + java.getTypeName()
                    + ": nothing is given");
            return null;
        }
        WitCodec codec = given == null ? null : scope.codec(given, java, "the result");
        if (!isResult) {
            return new WitCall(func, params, codec, null, false, null);
        }
        WitType err = result.parts.get(1).held();
        WitThrown thrown = WitThrown.of(scope, method, err);
        WitCodec payload = thrown != null ? thrown.payload() : err == null ? null : err.codec();
        return new WitCall(func, params, codec, payload, true, thrown);
    }

    /** The methods that an implementation must have, always in one order. */
    static List<Method> methods(Class<?> face) {
        Objects.requireNonNull(face, "type");
        if (!face.isInterface() || face.isAnnotation() || face.isSealed()) {
            throw wrong(face.getName() + " is not an interface that can be implemented");
        }
        Comparator<Method> order = Comparator.comparing(it -> it.getName() + Bytecode.descriptor(it));
        return JavaTypes.abstractMethods(face).stream().sorted(order).toList();
    }

    /** An object of the interface. */
    static Object make(Class<?> face, List<Method> methods, BoundTarget target) {
        if (face.getModule() != WitBinding.class.getModule() && !isOfJdk(face)) {
            return BoundProxy.of(face, methods, target);
        }
        Class<?> made = implementation(face, methods);
        Object[] targets = new Object[methods.size() + 1];
        java.util.Arrays.fill(targets, target);
        try {
            var constructor = made.getDeclaredConstructor(Object[].class, long[].class);
            constructor.setAccessible(true);
            return constructor.newInstance(targets, new long[targets.length]);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a class of our own can be made", e);
        }
    }

    /** Whether all that the interface names can be seen from a class beside this one. */
    private static boolean isOfJdk(Class<?> face) {
        return face.getClassLoader() == null
                && Modifier.isPublic(face.getModifiers())
                && face.getModule().isExported(face.getPackageName());
    }

    private static Class<?> implementation(Class<?> face, List<Method> methods) {
        Made made = CLASSES.get(face);
        synchronized (made) {
            Class<?> known = made.known.get();
            if (known == null) {
                known = define(face, methods);
                made.known = new WeakReference<>(known);
            }
            return known;
        }
    }

    private static Class<?> define(Class<?> face, List<Method> methods) {
        List<Bytecode.Body> bodies = new ArrayList<>();
        List<MethodHandle> handles = new ArrayList<>();
        for (Method method : withText(methods)) {
            MethodType type = MethodType.methodType(method.getReturnType(), method.getParameterTypes());
            MethodHandle call = MethodHandles.insertArguments(INVOKE, 0, handles.size());
            call = call.asCollector(Object[].class, type.parameterCount());
            handles.add(call.asType(type.insertParameterTypes(0, Object.class)));
            bodies.add(new Bytecode.Body(method, false));
        }
        return Binding.defined(BoundPlace.of(face, methods), face, bodies, handles);
    }

    private static List<Method> withText(List<Method> methods) {
        List<Method> all = new ArrayList<>(methods);
        try {
            all.add(Object.class.getMethod("toString"));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("all objects have it", e);
        }
        return all;
    }

    /** The resource that an object of a bound interface stands for; null for everything else. */
    static Resource resourceOf(Object value) {
        if (value == null) {
            return null;
        }
        if (!value.getClass().isHidden() || value.getClass().getInterfaces().length != 1) {
            return BoundProxy.targetOf(value) instanceof WitFace.Bound bound ? bound.resource() : null;
        }
        Class<?> made = value.getClass();
        Made known = CLASSES.get(made.getInterfaces()[0]);
        synchronized (known) {
            if (known.known.get() != made) {
                return null;
            }
        }
        try {
            Field field = made.getDeclaredField("f0");
            field.setAccessible(true);
            return field.get(value) instanceof WitFace.Bound bound ? bound.resource() : null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a field of our own can be read", e);
        }
    }

    private static WasmException misfit(Class<?> face, String what, WitTyped scope) {
        ErrorKind kind = scope.missing == scope.problems.size() ? ErrorKind.NOT_FOUND : ErrorKind.TYPE;
        return WasmException.of(
                kind, face.getName() + " does not fit " + what + ":\n    " + String.join("\n    ", scope.problems));
    }

    private static WasmException wrong(String message) {
        return WasmException.of(ErrorKind.TYPE, message);
    }
}
