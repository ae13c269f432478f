package dev.landbridge;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a component asks for and offers: its description, which crosses once. See {@code components/described.rs} of the core. */
final class WitWorld {
    /** Sorts of items. */
    private static final int INTERFACE = 0, FUNC = 1, TYPE = 2;

    /** What a function is to a resource. */
    static final int FREE = 0, CONSTRUCTOR = 1, METHOD = 2, STATIC = 3;

    /**
     * A function. {@code name} is its name in the component, such as {@code [method]canvas.draw}; {@code resource} and {@code
     * docs} may be null.
     */
    record Func(
            String interfaceName,
            String name,
            String ownName,
            int role,
            String resource,
            String docs,
            String told,
            WitFuncType type) {
        /** How it is found: {@code demo:app/shapes@1.2.0#[method]canvas.draw}. */
        String fullName() {
            return interfaceName.isEmpty() ? name : interfaceName + "#" + name;
        }
    }

    /** A type with a name; of a resource, its {@code own}. */
    record Named(String name, boolean isResource, WitType type) {}

    /** Functions and types with a common name, which is empty for those of the world itself. */
    record Interface(String name, List<Func> funcs, List<Named> types) {
        boolean has(WitType resource) {
            return types.stream().anyMatch(it -> it.isResource() && it.type().resource == resource.resource);
        }
    }

    final List<WitType> types;
    /** By their names; that of the world itself is always there. */
    final Map<String, Interface> imports;
    final Map<String, Interface> exports;

    private final Map<String, Func> exported = new LinkedHashMap<>();
    private final Set<Integer> hosts = new HashSet<>();
    private final long handle;

    private WitWorld(long handle, FrameReader frame) {
        this.handle = handle;
        List<WitType> types = new ArrayList<>();
        frame.list(it -> types.add(new WitType(this, it, types)));
        this.types = types;
        frame.optional(FrameReader::text); // Its name.
        frame.optional(FrameReader::text); // Its documentation.
        imports = items(frame);
        exports = items(frame);
        for (Interface each : exports.values()) {
            each.funcs().forEach(func -> exported.put(func.fullName(), func));
        }
        for (Interface each : imports.values()) {
            each.types().stream().filter(Named::isResource).forEach(it -> hosts.add(it.type().resource));
        }
        Handles.own(this, Native.MODULE, handle);
    }

    /** The world of a module, asked for once; null if it is no component. */
    static final class Known {
        private volatile Optional<WitWorld> world;

        WitWorld ofModule(long module) {
            return world == null ? read(Native.moduleWorld(module)) : world.orElse(null);
        }

        WitWorld ofInstance(long instance) {
            return world == null ? read(Native.instanceWorld(instance)) : world.orElse(null);
        }

        /** From the module's own handle, or zero. */
        private synchronized WitWorld read(long handle) {
            WitWorld read = handle == 0
                    ? null
                    : FrameReader.read(Native.worldFrame(handle), frame -> new WitWorld(handle, frame));
            world = Optional.ofNullable(read);
            return read;
        }
    }

    private Map<String, Interface> items(FrameReader frame) {
        Map<String, Interface> found = new LinkedHashMap<>();
        List<Func> funcs = new ArrayList<>();
        List<Named> named = new ArrayList<>();
        frame.list(it -> {
            int sort = it.number();
            if (sort == INTERFACE) {
                Interface one = readInterface(it);
                found.put(one.name(), one);
            } else if (sort == FUNC) {
                funcs.add(func(it, ""));
            } else if (sort == TYPE) {
                named.add(named(it));
            } else {
                it.skipText();
                it.skipText();
            }
            return sort;
        });
        found.put("", new Interface("", List.copyOf(funcs), List.copyOf(named)));
        return found;
    }

    private Interface readInterface(FrameReader frame) {
        String name = frame.text();
        frame.optional(FrameReader::text); // Its documentation.
        List<Func> funcs = frame.list(it -> func(it, name));
        return new Interface(name, funcs, frame.list(this::named));
    }

    private Named named(FrameReader frame) {
        String name = frame.text();
        frame.optional(FrameReader::text); // Its documentation.
        boolean isResource = frame.number() == 1;
        return new Named(name, isResource, types.get(frame.int32()));
    }

    private Func func(FrameReader frame, String interfaceName) {
        String name = frame.text();
        String ownName = frame.text();
        int role = frame.number();
        String resource = frame.orNull(FrameReader::text);
        String docs = frame.orNull(FrameReader::text);
        String told = frame.text();
        List<WitFuncType.Param> params =
                frame.list(it -> new WitFuncType.Param(it.text(), types.get(it.int32())));
        Optional<WitType> result = Optional.ofNullable(WitType.typeOrNull(frame, types));
        String type = told.substring(told.indexOf(": ") + 2); // Behind the name.
        return new Func(interfaceName, name, ownName, role, resource, docs, told, new WitFuncType(params, result, type));
    }

    /** An exported function, by its full name. */
    Func func(String fullName) {
        return exported.get(fullName);
    }

    /** Whether the host makes resources of a type. */
    boolean isHosts(WitType resource) {
        return hosts.contains(resource.resource);
    }

    /** The exported interface of a resource, or null. */
    Interface exporting(WitType resource) {
        return exports.values().stream().filter(it -> it.has(resource)).findFirst().orElse(null);
    }

    /** The name of a resource in an interface. */
    static String name(Interface of, WitType resource) {
        return of.types().stream()
                .filter(it -> it.isResource() && it.type().resource == resource.resource)
                .findFirst()
                .orElseThrow()
                .name();
    }

    byte[] parse(int type, String text, Object[] beside) {
        byte[] frame = Native.worldParse(handle, type, text, beside);
        Reference.reachabilityFence(this);
        return frame;
    }

    String format(int type, WitFrame frame) {
        String text = Native.worldFormat(handle, type, Arrays.copyOf(frame.bytes, frame.at), frame.beside);
        Reference.reachabilityFence(this);
        return text;
    }
}
