package dev.landbridge;

import java.lang.reflect.Method;
import java.util.List;

/** An interface of the user's for a resource of a component. */
final class WitFace {
    private final Class<?> face;
    private final List<Method> methods;
    private WitMethod[] bound;

    WitFace(Class<?> face) {
        this.face = face;
        this.methods = WitBinding.methods(face);
    }

    /** Finds what its methods call. */
    void bind(WitTyped scope, WitType resource) {
        WitWorld.Interface within = resource.world().exporting(resource);
        bound = new WitMethod[methods.size()];
        if (within == null) {
            scope.problems.add(face.getSimpleName() + ": the component does not export " + resource);
            return;
        }
        String name = WitWorld.name(within, resource);
        List<WitWorld.Func> funcs = within.funcs().stream()
                .filter(it -> it.role() == WitWorld.METHOD && it.resource().equals(name))
                .toList();
        for (int i = 0; i < bound.length; i++) {
            Method method = methods.get(i);
            boolean isClose = method.getName().equals("close") && method.getParameterCount() == 0;
            bound[i] = isClose && method.getReturnType() == void.class
                    ? (self, args) -> {
                        self.close();
                        return null;
                    }
                    : WitBinding.method(scope, method, funcs, within.name() + "#" + name + ".");
        }
    }

    /** A resource as the interface. */
    Object wrap(Resource resource) {
        return WitBinding.make(face, methods, new Bound(bound, resource));
    }

    /** One object. */
    record Bound(WitMethod[] methods, Resource resource) implements BoundTarget {
        @Override
        public Object invoke(int method, Object[] args) throws Throwable {
            return method == methods.length ? resource.toString() : methods[method].call(resource, args);
        }
    }
}
