package dev.landbridge;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;

/** Methods and constructors of the user's types as handles that take and give objects. */
final class WitAccess {
    private static final MethodType ALL = MethodType.methodType(Object.class, Object[].class);

    private WitAccess() {}

    private static MethodHandles.Lookup lookup(Class<?> owner) {
        MethodHandles.Lookup beside = BoundPlace.beside(owner);
        return beside == null ? MethodHandles.lookup() : beside;
    }

    private static WasmException hidden(Class<?> owner, IllegalAccessException why) {
        return WasmException.of(
                ErrorKind.TYPE,
                owner.getName() + " cannot be used from here: make it public and export its package, or open the package to"
                        + " dev.landbridge (" + why.getMessage() + ")");
    }

    /** Takes an array of all arguments; a constructor. */
    static MethodHandle of(Constructor<?> constructor) {
        try {
            MethodHandle made = lookup(constructor.getDeclaringClass()).unreflectConstructor(constructor);
            return spread(made.asFixedArity());
        } catch (IllegalAccessException e) {
            throw hidden(constructor.getDeclaringClass(), e);
        }
    }

    /** Takes an array of all arguments, of which the first is the object if the method is not static. */
    static MethodHandle of(Method method) {
        return spread(plain(method));
    }

    /** Takes an object and gives what its method gives, which takes nothing. */
    static MethodHandle getter(Method method) {
        return plain(method).asType(MethodType.genericMethodType(1));
    }

    /** A default method, which may be of an interface that is not public; null if its package is not open. */
    static MethodHandle byDefault(Method method) {
        Class<?> face = method.getDeclaringClass();
        try {
            return lookup(face).unreflectSpecial(method, face).asFixedArity();
        } catch (IllegalAccessException e) {
            return null;
        }
    }

    private static MethodHandle plain(Method method) {
        try {
            return lookup(method.getDeclaringClass()).unreflect(method).asFixedArity();
        } catch (IllegalAccessException e) {
            throw hidden(method.getDeclaringClass(), e);
        }
    }

    private static MethodHandle spread(MethodHandle plain) {
        return plain.asSpreader(Object[].class, plain.type().parameterCount()).asType(ALL);
    }

    /** Throws anything, as the one who called it did. */
    @SuppressWarnings("unchecked")
    static <T extends Throwable> RuntimeException thrown(Throwable it) throws T {
        throw (T) it;
    }
}
