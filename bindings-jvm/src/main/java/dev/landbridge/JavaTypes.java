package dev.landbridge;

import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** The WebAssembly types that the methods of an interface stand for. */
final class JavaTypes {
    private static final Map<Class<?>, Type> EXACT = Map.of(
            int.class, Type.I32,
            long.class, Type.I64,
            float.class, Type.F32,
            double.class, Type.F64,
            V128.class, Type.V128,
            Func.class, Type.FUNCREF,
            TaggedException.class, Type.EXNREF);

    private static final Set<Class<?>> BOXES = Set.of(
            Boolean.class, Byte.class, Short.class, Character.class, Integer.class, Long.class, Float.class, Double.class);

    private JavaTypes() {}

    /** The methods that an implementation must have. */
    static List<Method> abstractMethods(Class<?> face) {
        Map<String, Method> found = new LinkedHashMap<>();
        for (Method method : face.getMethods()) {
            if (Modifier.isAbstract(method.getModifiers()) && !isOfObject(method)) {
                found.putIfAbsent(method.getName() + Bytecode.descriptor(method), method);
            }
        }
        return List.copyOf(found.values());
    }

    private static boolean isOfObject(Method method) {
        try {
            return Modifier.isPublic(Object.class.getMethod(method.getName(), method.getParameterTypes()).getModifiers());
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    /** What the method asks for; {@code problems} takes what cannot be. Several results are null. */
    static FuncType signature(Method method, List<String> problems) {
        return signature(method, method.getReturnType(), method.getGenericReturnType(), problems);
    }

    /** The same for one that may give its result later. */
    static FuncType bound(Method method, List<String> problems) {
        return isLater(method)
                ? signature(method, result(method), laterType(method), problems)
                : signature(method, problems);
    }

    private static FuncType signature(
            Method method, Class<?> result, java.lang.reflect.Type generic, List<String> problems) {
        List<Type> params = new ArrayList<>();
        for (int i = 0; i < method.getParameterCount(); i++) {
            String place = "parameter " + (i + 1);
            params.add(type(method.getParameterTypes()[i], method.getGenericParameterTypes()[i], place, problems));
        }
        List<Type> results = new ArrayList<>();
        if (result != void.class && result != Object[].class) {
            results.add(type(result, generic, "result", problems));
        }
        return problems.isEmpty() ? new FuncType(params, results) : null;
    }

    /** Whether it returns a future. */
    static boolean isLater(Method method) {
        return method.getReturnType() == CompletableFuture.class;
    }

    /** What the method gives, now or later; the primitive type for what a future has boxed. */
    static Class<?> result(Method method) {
        if (!isLater(method)) {
            return method.getReturnType();
        }
        java.lang.reflect.Type given = laterType(method);
        if (given instanceof ParameterizedType parameterized) {
            given = parameterized.getRawType();
        }
        return given instanceof Class<?> known ? MethodType.methodType(known).unwrap().returnType() : Object.class;
    }

    /** The same with what it is of. */
    static java.lang.reflect.Type givenType(Method method) {
        return isLater(method) ? laterType(method) : method.getGenericReturnType();
    }

    /** What the future is of. One that does not say it is of a type variable: its own. */
    private static java.lang.reflect.Type laterType(Method method) {
        java.lang.reflect.Type given = method.getGenericReturnType();
        return given instanceof ParameterizedType future
                ? future.getActualTypeArguments()[0]
                : CompletableFuture.class.getTypeParameters()[0];
    }

    private static Type type(Class<?> java, java.lang.reflect.Type generic, String place, List<String> problems) {
        Type exact = EXACT.get(java);
        if (exact != null) {
            return exact;
        }
        String hint = null;
        if (generic instanceof TypeVariable || generic instanceof WildcardType) {
            hint = "a generic type stands for no WebAssembly type; write the type itself";
        } else if (java.isPrimitive()) {
            hint = generic == java ? "use int for i32" : "use Integer for i32";
        } else if (BOXES.contains(java)) {
            hint = "use the primitive type";
        }
        if (hint != null) {
            problems.add(place + " is " + generic.getTypeName() + ": " + hint);
        }
        return Type.EXTERNREF;
    }

    /** Whether a method that asks for these types can stand for a function that has those. */
    static boolean fits(List<Type> asked, List<Type> found) {
        boolean fits = asked.size() == found.size();
        for (int i = 0; fits && i < asked.size(); i++) {
            fits = fits(asked.get(i), found.get(i).top());
        }
        return fits;
    }

    /** What is an externref to a method is any object, so it may be an anyref. */
    private static boolean fits(Type asked, Type top) {
        return asked == top || asked == Type.EXTERNREF && top == Type.ANYREF;
    }

    static boolean fits(FuncType asked, FuncType found) {
        return fits(asked.params(), found.params()) && fits(asked.results(), found.results());
    }

    /** {@code add(int, int)}, for messages. */
    static String text(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", ", method.getName() + "(", ")"));
    }
}
