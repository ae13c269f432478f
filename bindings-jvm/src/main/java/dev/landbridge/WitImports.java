package dev.landbridge;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What Java implements of what a component imports: functions are found by their names, and checked. */
final class WitImports {
    /** An implementation of an interface, by a name of it: an object or a map; or of one of its functions. */
    record Given(String interfaceName, String func, Object implementation) {}

    /** A function at the lender; or a resource, whose index is negative. */
    record Lent(String interfaceName, String name, int index) {}

    /** The index of a function that no component asks for. */
    private static final int NOBODY = Integer.MAX_VALUE;
    /** The most names of one object that the core is told. */
    private static final int OTHERS = 1000;

    private final WitWorld world;
    private final HostFunctions lender;
    private final List<Lent> lent = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private WitImports(WitWorld world, HostFunctions lender) {
        this.world = world;
        this.lender = lender;
    }

    /** What there is for a component. What is missing is left to the core, which tells all of it. */
    static List<Lent> of(WitWorld world, List<Given> given, HostFunctions lender) {
        WitImports imports = new WitImports(world, lender);
        for (Given one : given) {
            WitWorld.Interface within = imports.find(one.interfaceName());
            boolean isLent = within != null && imports.lend(within, one);
            if (!isLent && one.func() != null) {
                imports.lent.add(new Lent(one.interfaceName(), one.func(), NOBODY)); // The core may know what was meant.
            }
        }
        imports.tellMissing(given);
        if (!imports.problems.isEmpty()) {
            int count = imports.problems.size();
            throw WasmException.of(
                    ErrorKind.LINK,
                    (count == 1 ? "1 import does" : count + " imports do") + " not fit:\n    "
                            + String.join("\n    ", imports.problems));
        }
        return imports.lent;
    }

    /** If anything is missing: methods that were probably meant. */
    private void tellMissing(List<Given> given) {
        Set<String> known = new HashSet<>();
        lent.forEach(it -> known.add(it.interfaceName() + "#" + it.name()));
        List<WitWorld.Func> missing = new ArrayList<>();
        for (WitWorld.Interface within : world.imports.values()) {
            for (WitWorld.Func func : within.funcs()) {
                if (!known.contains(within.name() + "#" + func.name())) {
                    missing.add(func);
                }
            }
        }
        for (Given one : missing.isEmpty() ? List.<Given>of() : given) {
            if (one.func() == null) {
                tellOthers(one, known);
                missing.forEach(func -> tellHidden(one, func));
            }
        }
    }

    /** A method of the name of a function that nobody else may call. */
    private void tellHidden(Given given, WitWorld.Func func) {
        WitWorld.Interface within = find(given.interfaceName());
        Class<?> own = given.implementation().getClass();
        Class<?> of = func.resource() == null || given.implementation() instanceof Map ? own : classOf(own, func.resource());
        if (within == null || !within.name().equals(func.interfaceName()) || of == null) {
            return;
        }
        String spelt = WitNames.camel(func.ownName());
        Arrays.stream(of.getDeclaredMethods())
                .filter(it -> !Modifier.isPublic(it.getModifiers()) && !it.isSynthetic())
                .filter(it -> WitNames.means(it, it.getName(), func.ownName(), spelt))
                .findFirst()
                .ifPresent(it -> problems.add(func.fullName() + ": " + func.told() + ": " + JavaTypes.text(it) + " of "
                        + of.getSimpleName() + " is not public"));
    }

    /** Methods that nothing asks for. */
    private void tellOthers(Given given, Set<String> known) {
        WitWorld.Interface within = find(given.interfaceName());
        String name = within == null ? given.interfaceName() : within.name();
        for (String other : namesOf(given.implementation())) {
            if (!known.contains(name + "#" + other)) {
                lent.add(new Lent(name, other, NOBODY));
            }
        }
    }

    /** The functions that an object or a map has, as WIT spells them. */
    private static List<String> namesOf(Object implementation) {
        if (implementation instanceof Map<?, ?> map) {
            return map.keySet().stream().map(String::valueOf).map(WitNames::kebab).limit(OTHERS).toList();
        }
        return Arrays.stream(implementation.getClass().getMethods())
                .filter(it -> it.getDeclaringClass() != Object.class && !it.isBridge())
                .map(it -> WitNames.kebab(it.getName()))
                .limit(OTHERS)
                .toList();
    }

    private WitWorld.Interface find(String name) {
        WitWorld.Interface best = world.imports.get(name);
        int rank = Integer.MAX_VALUE;
        if (best == null) {
            for (WitWorld.Interface each : world.imports.values()) {
                int fits = Native.interfaceFits(name, each.name());
                if (fits >= 0 && fits < rank) {
                    best = each;
                    rank = fits;
                }
            }
        }
        return best;
    }

    /** Whether there is anything that was given. */
    private boolean lend(WitWorld.Interface within, Given given) {
        int known = lent.size();
        // A copy, since a sorted one may refuse to look for a name among its keys.
        Map<?, ?> map = given.implementation() instanceof Map<?, ?> it ? new HashMap<>(it) : null;
        for (WitWorld.Func func : within.funcs()) {
            WitLent found = given.func() != null
                    ? named(func, given)
                    : map != null ? ofMap(func, map) : ofObject(func, given);
            if (found != null) {
                lent.add(new Lent(within.name(), func.name(), lender.add(found)));
            }
        }
        // Where no function is lent, nothing else would say that there is something for the interface.
        if (given.func() == null && lent.size() == known) {
            within.types().stream()
                    .filter(WitWorld.Named::isResource)
                    .filter(it -> within.funcs().isEmpty() || hasClass(given.implementation(), it.name()))
                    .forEach(it -> lent.add(new Lent(within.name(), it.name(), -1)));
        }
        return lent.size() > known;
    }

    private static boolean hasClass(Object implementation, String resource) {
        return implementation instanceof Map<?, ?> map
                ? map.containsKey(resource)
                : classOf(implementation.getClass(), resource) != null;
    }

    private static WitLent named(WitWorld.Func func, Given given) {
        boolean isIt = given.func().equals(func.name()) || given.func().equals(bare(func));
        return isIt ? WitLent.untyped(func, ((WitHostFunction) given.implementation())::call) : null;
    }

    /** {@code journal.write} of {@code [method]journal.write}. */
    private static String bare(WitWorld.Func func) {
        return func.name().substring(func.name().indexOf(']') + 1);
    }

    /** By names of WIT, or as Java spells them; a class of yours for a resource. */
    private WitLent ofMap(WitWorld.Func func, Map<?, ?> map) {
        String spelt = func.role() == WitWorld.FREE ? WitNames.camel(func.ownName()) : bare(func);
        for (String name : List.of(func.name(), bare(func), spelt)) {
            Object found = map.get(name);
            if (found instanceof WitHostFunction function) {
                return WitLent.untyped(func, function::call);
            }
            if (found != null && !(found instanceof Class)) {
                problems.add(func.fullName() + ": " + func.told() + ": " + name + " of the map is a " + Wrong.name(found)
                        + "; give a WitHostFunction");
                return null;
            }
        }
        return func.resource() != null && map.get(func.resource()) instanceof Class<?> of ? ofClass(func, of) : null;
    }

    private WitLent ofObject(WitWorld.Func func, Given given) {
        Object object = given.implementation();
        String resource = func.resource();
        String name = func.role() == WitWorld.METHOD || func.role() == WitWorld.STATIC
                ? WitNames.camel(resource) + WitNames.upperCamel(func.ownName())
                : WitNames.camel(func.ownName());
        int count = func.type().params().size();
        List<Method> methods = methods(object.getClass(), name, func, count, false);
        if (!methods.isEmpty()) {
            return first(methods, method -> {
                MethodHandle handle = WitAccess.of(method);
                boolean isStatic = Modifier.isStatic(method.getModifiers());
                return typed(func, method, null, args -> (Object) handle.invokeExact(isStatic ? args : with(object, args)));
            });
        }
        Class<?> of = resource == null ? null : classOf(object.getClass(), resource);
        return of == null ? null : ofClass(func, of);
    }

    private static Object[] with(Object first, Object[] args) {
        Object[] all = new Object[args.length + 1];
        all[0] = first;
        System.arraycopy(args, 0, all, 1, args.length);
        return all;
    }

    /** The class of a resource: a member of the object's class with its name, or what the method of its name gives. */
    private static Class<?> classOf(Class<?> owner, String resource) {
        String spelt = WitNames.upperCamel(resource);
        for (Class<?> up = owner; up != null; up = up.getSuperclass()) {
            for (Class<?> member : up.getDeclaredClasses()) {
                if (WitNames.means(member, member.getSimpleName(), resource, spelt)) {
                    return member;
                }
            }
        }
        for (Method method : owner.getMethods()) {
            boolean isIt = WitNames.means(method, method.getName(), resource, WitNames.camel(resource));
            if (isIt && !method.getReturnType().isPrimitive()) {
                return method.getReturnType();
            }
        }
        return null;
    }

    /** Of a class that stands for a resource. */
    private WitLent ofClass(WitWorld.Func func, Class<?> of) {
        int count = func.type().params().size();
        if (func.role() == WitWorld.CONSTRUCTOR) {
            return constructor(func, of, count);
        }
        boolean isStatic = func.role() == WitWorld.STATIC;
        List<Method> methods = methods(of, WitNames.camel(func.ownName()), func, isStatic ? count : count - 1, isStatic);
        return first(methods, method -> {
            MethodHandle handle = WitAccess.of(method);
            return typed(func, method, null, args -> (Object) handle.invokeExact(args));
        });
    }

    private WitLent constructor(WitWorld.Func func, Class<?> of, int count) {
        if (of.isMemberClass() && !Modifier.isStatic(of.getModifiers())) {
            problems.add(func.fullName() + ": " + func.told() + ": " + of.getSimpleName()
                    + " must be static: it cannot be made without its outer object");
            return null;
        }
        Constructor<?>[] all = of.getConstructors().length > 0 ? of.getConstructors() : of.getDeclaredConstructors();
        List<Constructor<?>> found = Arrays.stream(all)
                .filter(it -> it.getParameterCount() == count && !Modifier.isAbstract(of.getModifiers()))
                .toList();
        return first(found, constructor -> {
            MethodHandle handle = WitAccess.of(constructor);
            return typed(func, null, constructor, args -> (Object) handle.invokeExact(args));
        });
    }

    /** The first of several that fits; if none does, what is wrong with the first is told. */
    private <T> WitLent first(List<T> several, Function<T, WitLent> bind) {
        int known = problems.size();
        for (T one : several) {
            WitLent made = bind.apply(one);
            if (made != null) {
                problems.subList(known, problems.size()).clear();
                return made;
            }
        }
        problems.subList(Math.min(known + 1, problems.size()), problems.size()).clear();
        return null;
    }

    /** Methods by their name: those with so many parameters come first, and of these those that say more of their types. */
    private static List<Method> methods(Class<?> of, String spelt, WitWorld.Func func, int count, boolean isStatic) {
        List<Method> all = Arrays.stream(of.getMethods())
                .filter(it -> WitNames.means(it, it.getName(), func.ownName(), spelt)
                        && it.getDeclaringClass() != Object.class
                        && (!isStatic || Modifier.isStatic(it.getModifiers())))
                .toList();
        List<Method> found = new ArrayList<>(all.stream().filter(it -> !it.isBridge()).toList());
        for (Method bridge : all) {
            Method method = bridge.isBridge() ? inherited(bridge) : null;
            boolean isNew = found.stream().noneMatch(it -> Arrays.equals(it.getParameterTypes(), bridge.getParameterTypes()));
            if (method != null && isNew) {
                found.add(method);
            }
        }
        Comparator<Method> order = Comparator.comparing((Method it) -> it.getParameterCount() != count)
                .thenComparing(it -> Arrays.stream(it.getParameterTypes()).filter(Object.class::equals).count())
                .thenComparing(Bytecode::descriptor);
        return found.stream().sorted(order).map(WitImports::reachable).toList();
    }

    /** The method of a superclass that is not public, which a public class has as a bridge; null if it is another bridge. */
    private static Method inherited(Method bridge) {
        for (Class<?> up = bridge.getDeclaringClass().getSuperclass(); up != null; up = up.getSuperclass()) {
            for (Method method : up.getDeclaredMethods()) {
                boolean isIt = method.getName().equals(bridge.getName())
                        && Bytecode.descriptor(method).equals(Bytecode.descriptor(bridge));
                if (isIt && !method.isBridge()) {
                    return method;
                }
            }
        }
        return null;
    }

    /** The same method of a public interface, if its class is not public. */
    private static Method reachable(Method method) {
        for (Class<?> up = method.getDeclaringClass(); up != null; up = up.getSuperclass()) {
            for (Class<?> face : up.getInterfaces()) {
                try {
                    if (!Modifier.isPublic(method.getDeclaringClass().getModifiers())) {
                        return face.getMethod(method.getName(), method.getParameterTypes());
                    }
                } catch (NoSuchMethodException e) {
                    // It may be one of another.
                }
            }
        }
        return method;
    }

    /** With the types of a method or of a constructor, checked. */
    private WitLent typed(WitWorld.Func func, Method method, Constructor<?> constructor, WitLent.Target target) {
        List<String> found = new ArrayList<>();
        WitTyped scope = new WitTyped(null, found);
        List<WitFuncType.Param> wanted = func.type().params();
        boolean hasSelf = func.role() == WitWorld.METHOD
                && method != null
                && method.getParameterCount() == wanted.size() - 1;
        java.lang.reflect.Type[] given =
                method != null ? method.getGenericParameterTypes() : constructor.getGenericParameterTypes();
        int self = hasSelf ? 1 : 0;
        WitLent made = null;
        if (given.length + self != wanted.size()) {
            found.add("it takes " + given.length + " arguments");
        } else {
            WitCodec[] params = new WitCodec[wanted.size()];
            for (int i = 0; i < params.length; i++) {
                java.lang.reflect.Type java = i < self ? method.getDeclaringClass() : given[i - self];
                params[i] = scope.codec(wanted.get(i).type(), java, "parameter " + (i - self + 1));
            }
            made = result(scope, func, method, params, target);
        }
        if (!found.isEmpty()) {
            String told = method != null ? JavaTypes.text(method) : constructor.getDeclaringClass().getSimpleName();
            problems.add(func.fullName() + ": " + func.told() + ": " + told + ": " + String.join("; ", found));
            return null;
        }
        return made;
    }

    private static WitLent result(
            WitTyped scope, WitWorld.Func func, Method method, WitCodec[] params, WitLent.Target target) {
        WitType result = func.type().result().orElse(null);
        if (method == null) {
            boolean mayFail = result.sort == WitType.RESULT;
            return mayFail ? WitLent.withParams(func, target, params) : new WitLent(func, target, params, result.codec(), false, List.of());
        }
        java.lang.reflect.Type java = method.getGenericReturnType();
        boolean isResult = result != null && result.sort == WitType.RESULT && WitTyped.raw(java) != WitResult.class;
        WitType given = isResult ? result.parts.get(0).held() : result;
        if ((java == void.class) != (given == null)) {
            scope.problems.add(given == null ? "it gives " + java.getTypeName() + ": nothing is wanted" : "it is void: "
                    + given + " is wanted");
            return null;
        }
        WitCodec codec = given == null ? null : scope.codec(given, java, "the result");
        List<WitLent.Thrown> thrown = isResult
                ? thrown(scope, method, result.parts.get(1).held())
                : result != null && result.sort == WitType.RESULT ? List.of(witError(result.parts.get(1).held())) : List.of();
        return new WitLent(func, target, params, codec, isResult, thrown);
    }

    /** What a method may throw that is `err`: what it declares, and WitError. */
    private static List<WitLent.Thrown> thrown(WitTyped scope, Method method, WitType err) {
        List<WitLent.Thrown> thrown = new ArrayList<>();
        for (Class<?> type : method.getExceptionTypes()) {
            if (type == WitError.class || type.isAssignableFrom(RuntimeException.class)) {
                continue;
            }
            try {
                WitCodec payload = err == null
                        ? null
                        : scope.codec(err, type.getMethod("payload").getGenericReturnType(), "payload() of " + type.getSimpleName());
                thrown.add(new WitLent.Thrown(type, payload));
            } catch (NoSuchMethodException e) {
                scope.problems.add(type.getSimpleName() + " has no method payload() that gives " + WitTyped.wanted(err)
                        + ", for " + err);
            }
        }
        thrown.add(witError(err));
        return thrown;
    }

    private static WitLent.Thrown witError(WitType err) {
        return new WitLent.Thrown(WitError.class, err == null ? null : err.codec());
    }
}
