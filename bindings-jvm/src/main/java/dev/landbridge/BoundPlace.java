package dev.landbridge;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;

/**
 * Where a class that implements an interface of the user's can be: beside the interface, if it is in one module with us, as all
 * of a class path is; here, if all that it names can be seen from here. Else it is a {@link BoundProxy}, which the JDK puts
 * where it can.
 */
final class BoundPlace {
    private BoundPlace() {}

    /** Null if there is none. */
    static MethodHandles.Lookup of(Class<?> face, List<Method> methods) {
        if (face.getModule() == BoundPlace.class.getModule()) {
            return beside(face);
        }
        BoundPlace.class.getModule().addReads(face.getModule());
        return isSeen(face) && methods.stream().allMatch(BoundPlace::isSeen) ? MethodHandles.lookup() : null;
    }

    /** What we may do as the class itself, in whichever loader it is; null if its package is not open to us. */
    static MethodHandles.Lookup beside(Class<?> one) {
        BoundPlace.class.getModule().addReads(one.getModule());
        try {
            return MethodHandles.privateLookupIn(one, MethodHandles.lookup());
        } catch (IllegalAccessException e) {
            return null;
        }
    }

    private static boolean isSeen(Method method) {
        return isSeen(method.getReturnType()) && List.of(method.getParameterTypes()).stream().allMatch(BoundPlace::isSeen);
    }

    /** Whether a class of ours may name it. */
    private static boolean isSeen(Class<?> one) {
        if (one.isArray()) {
            return isSeen(one.getComponentType());
        }
        return one.isPrimitive() || isExported(one) && isOfOurLoader(one);
    }

    /** Whether it may be used by who knows it. */
    static boolean isExported(Class<?> one) {
        return Modifier.isPublic(one.getModifiers())
                && one.getModule().isExported(one.getPackageName(), BoundPlace.class.getModule());
    }

    private static boolean isOfOurLoader(Class<?> one) {
        try {
            return Class.forName(one.getName(), false, BoundPlace.class.getClassLoader()) == one;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
