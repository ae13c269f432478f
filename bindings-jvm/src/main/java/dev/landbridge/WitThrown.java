package dev.landbridge;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

/** An exception of the user's that stands for `err`: how it is made, and how what it holds is read and written. */
record WitThrown(Class<?> type, MethodHandle constructor, boolean takesPayload, WitCodec payload) {
    /** The one that a method declares for a function that gives a result; null if it declares none. */
    static WitThrown of(WitTyped scope, Method method, WitType err) {
        for (Class<?> type : method.getExceptionTypes()) {
            if (type != WitError.class && !type.isAssignableFrom(RuntimeException.class)) {
                return of(scope, type, err);
            }
        }
        return null;
    }

    /** With a constructor that takes the payload, or one that takes nothing. */
    private static WitThrown of(WitTyped scope, Class<?> type, WitType err) {
        if (Modifier.isAbstract(type.getModifiers())) {
            scope.problems.add(type.getSimpleName() + " is abstract: none can be thrown");
            return null;
        }
        Constructor<?> plain = null;
        int known = scope.problems.size();
        for (Constructor<?> constructor : type.getConstructors().length > 0
                ? type.getConstructors()
                : type.getDeclaredConstructors()) {
            if (err != null && constructor.getParameterCount() == 1) {
                String place = "the payload of " + type.getSimpleName();
                WitCodec payload = scope.codec(err, constructor.getGenericParameterTypes()[0], place);
                if (payload != null) {
                    scope.problems.subList(known, scope.problems.size()).clear();
                    return new WitThrown(type, WitAccess.of(constructor), true, payload);
                }
            }
            plain = constructor.getParameterCount() == 0 ? constructor : plain;
        }
        if (scope.problems.size() > known) {
            return null;
        }
        if (plain == null) {
            scope.problems.add(type.getSimpleName() + " has no constructor that takes "
                    + (err == null ? "nothing" : WitTyped.wanted(err) + ", for " + err));
            return null;
        }
        return new WitThrown(type, WitAccess.of(plain), false, err == null ? null : err.codec());
    }

    /** What a thrown one holds: its method {@code payload}, if it has one. */
    static Object payload(Throwable thrown) throws Throwable {
        if (thrown instanceof WitError error) {
            return error.payload();
        }
        Method method;
        try {
            method = thrown.getClass().getMethod("payload");
        } catch (NoSuchMethodException e) {
            return null;
        }
        return (Object) WitAccess.getter(method).invokeExact((Object) thrown);
    }
}
