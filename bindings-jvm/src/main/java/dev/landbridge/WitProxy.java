package dev.landbridge;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An object of a bound interface of another module or class loader, where no class of ours can be beside it. A checked
 * exception that a method does not declare comes out of it as an UndeclaredThrowableException.
 */
final class WitProxy implements InvocationHandler {
    private static final Object[] NONE = {};

    final WitTarget target;
    private final Map<Method, Integer> numbers = new HashMap<>();

    private WitProxy(List<Method> methods, WitTarget target) {
        this.target = target;
        for (Method method : methods) {
            numbers.put(method, numbers.size());
        }
    }

    static Object of(Class<?> face, List<Method> methods, WitTarget target) {
        return Proxy.newProxyInstance(face.getClassLoader(), new Class<?>[] {face}, new WitProxy(methods, target));
    }

    /** What an object calls, if it is one of these; else null. */
    static WitTarget targetOf(Object value) {
        boolean isOurs = Proxy.isProxyClass(value.getClass()) && Proxy.getInvocationHandler(value) instanceof WitProxy;
        return isOurs ? ((WitProxy) Proxy.getInvocationHandler(value)).target : null;
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
