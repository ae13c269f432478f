package dev.landbridge;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;

/**
 * What a module imports: functions of Java, memories, tables, globals, tags, plain values, or all exports of an instance. Immutable; may be
 * used for any number of instances. If you give a name twice, the last one counts. What the module does not import is ignored.
 */
public final class Imports {
    private static final Imports NONE = builder().build();

    /** Sorts of what is lent that are none of a store's. */
    private static final int INSTANCE = 6, HOST = 7, VALUE = 8, WIT = 9, WIT_RESOURCE = 10;

    /** {@code name} is null for an instance; {@code item} is what is lent. */
    private record Named(String module, String name, Object item) {
        boolean is(String module, String name) {
            return module.equals(this.module) && name.equals(this.name);
        }

        boolean isFor(ImportType want) {
            return is(want.module(), want.name());
        }
    }

    /** A plain value, which may be null. */
    private record Plain(Object value) {}

    /** What the native side takes: a frame, null for nothing; and the values that are objects. */
    record Lent(byte[] frame, Object[] objects) {}

    /** Makes a handle of a module's own handle and what is lent. */
    interface Use {
        long make(long module, Lent lent);
    }

    private final List<Named> items;
    private final List<WitImports.Given> given;
    private final boolean needsTypes;
    private final boolean initialize;
    private final int values;

    private Imports(List<Named> items, List<WitImports.Given> given, boolean initialize) {
        this.items = List.copyOf(items);
        this.given = List.copyOf(given);
        this.initialize = initialize;
        this.values = (int) items.stream().filter(item -> item.item() instanceof Plain).count();
        this.needsTypes = values > 0 || items.stream().anyMatch(item -> item.item() instanceof PrimitiveFunction);
    }

    /**
     * Lends nothing.
     *
     * @return empty imports
     */
    public static Imports none() {
        return NONE;
    }

    /**
     * Starts to collect imports.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects imports. */
    public static final class Builder {
        private final List<Named> items = new ArrayList<>();
        private final List<WitImports.Given> given = new ArrayList<>();
        private boolean initialize = true;

        private Builder() {}

        /**
         * Provides a function of any signature: the one that the module imports it with.
         *
         * @param module the first part of the import's name
         * @param name the second part
         * @param function what it does
         * @return this
         */
        public Builder func(String module, String name, HostFunction function) {
            return add(module, name, function);
        }

        /**
         * Provides an object of a functional interface of numbers, such as {@link IntUnaryOperator}, {@link
         * java.util.function.LongBinaryOperator}, {@link Runnable} or one of your own: its method's types are the
         * function's, and nothing is boxed for up to four parameters. Say which interface a lambda is of with a cast:
         * {@code .func("env", "inc", (IntUnaryOperator) x -> x + 1)}.
         *
         * @param module the first part of the import's name
         * @param name the second part
         * @param function an object of exactly one functional interface whose types are those of {@link Instance#as}
         * @return this
         * @throws WasmException {@code type} if it is none, saying why
         */
        public Builder func(String module, String name, Object function) {
            if (function instanceof HostFunction any) {
                return func(module, name, any);
            }
            return add(module, name, PrimitiveFunction.of(Objects.requireNonNull(function, "function")));
        }

        /**
         * Lends something that lives in the store the module will be instantiated in.
         *
         * @param module the first part of the import's name
         * @param name the second part
         * @param item a function, memory, table, global or tag
         * @return this
         */
        public Builder define(String module, String name, Extern item) {
            return add(module, name, item);
        }

        /**
         * Lends a plain value: a module that imports an immutable global by this name gets one of just the type it asks
         * for, with this value. What is mutable is a {@link Global}.
         *
         * @param module the first part of the import's name
         * @param name the second part
         * @param value see {@link Type}; checked when a module is instantiated
         * @return this
         */
        public Builder value(String module, String name, Object value) {
            return add(module, name, new Plain(value));
        }

        /**
         * Implements an interface that a component imports, with an object of yours. A function is the method of its name:
         * {@code bestPrice} for {@code best-price}, or the one that {@link WitName} names. It must be
         * public, and has your own types as {@link Instance#as} binds them. An exception that a method declares, and that has a method {@code payload}, is what {@code
         * err} of a {@code result} holds, as is a {@link WitError}; every other comes out of the call as it is.
         *
         * <p>A resource is a class of yours: a member of the object's class with its name, {@code Journal} for {@code
         * journal}, or what the method {@code journal} gives, which makes one. Its constructor, methods and static methods
         * are those of the resource. Without such a class they are methods of the object, such as {@code journalWrite},
         * which take the resource first.
         *
         * <p>The object may also be a map: of names to {@link WitHostFunction}s, and of names of resources to classes.
         *
         * @param interfaceName the interface's name, in full or as short as {@code host}; empty for what the world imports
         *     by itself
         * @param implementation the object or the map. What has no counterpart in it is missing
         * @return this
         * @throws WasmException {@code type} if it is a class
         */
        public Builder implement(String interfaceName, Object implementation) {
            Objects.requireNonNull(implementation, "implementation");
            Objects.requireNonNull(interfaceName, "interfaceName");
            if (implementation instanceof Class<?> of) {
                throw WasmException.of(ErrorKind.TYPE, of.getName() + " is a class: give an object of it");
            }
            given.add(new WitImports.Given(interfaceName, null, implementation));
            return this;
        }

        /**
         * Lends one function that a component imports.
         *
         * @param interfaceName the interface's name, as for {@link #implement}
         * @param name the function's name in WIT: {@code best-price}; {@code journal.write} for a method of a resource, {@code
         *     journal} for what makes one
         * @param function what it does
         * @return this
         */
        public Builder witFunc(String interfaceName, String name, WitHostFunction function) {
            Objects.requireNonNull(function, "function");
            Objects.requireNonNull(interfaceName, "interfaceName");
            given.add(new WitImports.Given(interfaceName, Objects.requireNonNull(name, "name"), function));
            return this;
        }

        /**
         * Lends all exports of an instance of the same store.
         *
         * @param module the first part of the imports' names
         * @param instance the instance
         * @return this
         */
        public Builder instance(String module, Instance instance) {
            items.add(new Named(Objects.requireNonNull(module, "module"), null, Objects.requireNonNull(instance)));
            return this;
        }

        /**
         * Whether {@code _initialize} is called when an instance is made; it is if not said. It is what a reactor of WASI
         * exports, a library that is called into. Without, you can set the instance up before it, and call it yourself before anything
         * else: once, a second call is {@code unsupported}.
         *
         * @param initialize whether it is called
         * @return this
         */
        public Builder initialize(boolean initialize) {
            this.initialize = initialize;
            return this;
        }

        private Builder add(String module, String name, Object item) {
            Objects.requireNonNull(module, "module");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(item, "item");
            items.removeIf(known -> known.is(module, name)); // The last counts.
            items.add(new Named(module, name, item));
            return this;
        }

        /**
         * What was collected so far.
         *
         * @return imports that do not change any more
         */
        public Imports build() {
            return new Imports(items, given, initialize);
        }
    }

    boolean needsTypes() {
        return needsTypes;
    }

    boolean needsWorld() {
        return !given.isEmpty();
    }

    /** Enters the Java functions at the lender, and checks those with a type of their own. */
    Lent lend(List<ImportType> wanted, WitWorld world, HostFunctions lender) {
        checkTypes(wanted);
        Object[] objects = new Object[values];
        List<Named> all = world == null || given.isEmpty() ? items : withGiven(world, lender);
        if (all.isEmpty() && initialize) {
            return new Lent(null, objects);
        }
        FrameWriter frame = new FrameWriter().bool(initialize);
        int[] value = {0};
        frame.list(all, (to, item) -> {
            boolean isWhole = item.name() == null;
            to.bool(!isWhole);
            if (!isWhole) {
                to.text("the text", item.module());
            }
            to.text("the text", isWhole ? item.module() : item.name());
            if (item.item() instanceof Plain plain) {
                write(to, plain, global(item, wanted), value[0]++, objects);
            } else {
                write(to, item.item(), lender);
            }
        });
        return new Lent(frame.finish(), objects);
    }

    /** With the functions of what implements interfaces of a component. */
    private List<Named> withGiven(WitWorld world, HostFunctions lender) {
        List<Named> all = new ArrayList<>(items);
        WitImports.of(world, given, lender).forEach(it -> all.add(new Named(it.interfaceName(), it.name(), it)));
        return all;
    }

    /** The global that a module asks for by the item's name; null if it asks for none. */
    private static ImportType global(Named item, List<ImportType> wanted) {
        for (ImportType want : wanted) {
            if (item.isFor(want) && want.type() instanceof GlobalType) {
                return want;
            }
        }
        return null;
    }

    /** The value as what is asked for; what nobody asks for is a zero. */
    private static void write(FrameWriter frame, Plain plain, ImportType want, int at, Object[] objects) {
        int type = Values.I32;
        long[] bits = new long[2];
        if (want != null) {
            type = ((GlobalType) want.type()).content().number();
            Object[] object = new Object[1];
            String place = want.module() + "." + want.name() + ": " + want.type();
            Values.lower(type, plain.value(), 0, bits, object, place);
            objects[at] = object[0];
        }
        frame.number(VALUE).number(type).int64(bits[0]).int64(bits[1]).int32(at);
    }

    /** A handle, or the index of a function at the lender. */
    private static void write(FrameWriter frame, Object item, HostFunctions lender) {
        if (item instanceof Item inStore) {
            frame.number(inStore.sort).int64(inStore.handle);
        } else if (item instanceof Tag tag) {
            frame.number(Native.TAG).int64(tag.handle);
        } else if (item instanceof Instance instance) {
            frame.number(INSTANCE).int64(instance.handle());
        } else if (item instanceof WitImports.Lent lent) {
            if (lent.index() < 0) {
                frame.number(WIT_RESOURCE);
            } else {
                frame.number(WIT).int32(lent.index());
            }
        } else if (item instanceof PrimitiveFunction function) {
            frame.number(HOST).int32(function.addTo(lender));
        } else {
            frame.number(HOST).int32(lender.add((HostFunction) item));
        }
    }

    private void checkTypes(List<ImportType> wanted) {
        List<String> wrong = new ArrayList<>();
        for (ImportType want : wanted) {
            PrimitiveFunction given = primitive(want);
            if (given != null && want.type() instanceof FuncType asked && !JavaTypes.fits(given.type(), asked)) {
                wrong.add(want.module() + "." + want.name() + ": " + want.type() + " (a " + given.type().signature()
                        + " was given)");
            }
        }
        if (!wrong.isEmpty()) {
            throw WasmException.of(
                    ErrorKind.LINK,
                    (wrong.size() == 1 ? "1 import has" : wrong.size() + " imports have") + " another type:\n    "
                            + String.join("\n    ", wrong));
        }
    }

    /** The function with a type of its own that an import would get. */
    private PrimitiveFunction primitive(ImportType want) {
        for (Named item : items) {
            if (item.isFor(want) && item.item() instanceof PrimitiveFunction function) {
                return function;
            }
        }
        return null;
    }
}
