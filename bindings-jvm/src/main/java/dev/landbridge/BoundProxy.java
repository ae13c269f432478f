package dev.landbridge;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An object of a bound interface where no class of ours can be, see {@link BoundPlace}. A checked exception that a method does
 * not declare comes out of it as an UndeclaredThrowableException.
 */
final class BoundProxy implements InvocationHandler {
    private static final Object[] NONE = {};

    final BoundTarget target;
    private final Map<Method, Integer> numbers = new HashMap<>();

    private BoundProxy(List<Method> methods, BoundTarget target) {
        this.target = target;
        for (Method method : methods) {
            numbers.put(method, numbers.size());
        }
    }

    static Object of(Class<?> face, List<Method> methods, BoundTarget target) {
        Stream.of(face.getMethods()).filter(it -> it.isDefault() && !canBeCalled(it)).findFirst().ifPresent(it -> {
            throw WasmException.of(ErrorKind.TYPE, face.getName() + " has a default method, " + JavaTypes.text(it)
                    + ", which cannot be called from here: make the interface public and export its package, or open the"
                    + " package to dev.landbridge");
        });
        return Proxy.newProxyInstance(face.getClassLoader(), new Class<?>[] {face}, new BoundProxy(methods, target));
    }

    private static boolean canBeCalled(Method byDefault) {
        return BoundPlace.isExported(byDefault.getDeclaringClass()) || WitAccess.byDefault(byDefault) != null;
    }

    /** What an object calls, if it is one of these; else null. */
    static BoundTarget targetOf(Object value) {
        boolean isOurs = Proxy.isProxyClass(value.getClass()) && Proxy.getInvocationHandler(value) instanceof BoundProxy;
        return isOurs ? ((BoundProxy) Proxy.getInvocationHandler(value)).target : null;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
        Object[] given = args == null ? NONE : args;
        Integer number = numbers.get(method);
        if (number != null) {
            return target.invoke(number, given);
        }
        return switch (method.getName()) {
            case "equals" -> proxy == given[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> target.invoke(numbers.size(), given);
            default -> byDefault(proxy, method, given);
        };
    }

    private static Object byDefault(Object proxy, Method method, Object[] args) throws Throwable {
        MethodHandle known = WitAccess.byDefault(method);
        return known == null
                ? InvocationHandler.invokeDefault(proxy, method, args)
                : known.bindTo(proxy).invokeWithArguments(args);
    }
}
