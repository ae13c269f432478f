package dev.landbridge;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;

/**
 * What Java lends to a module: functions, memories, tables, globals, tags, plain values, or all exports of an instance. Immutable; may be
 * used for any number of instances. A name that is lent twice keeps the last; what no import asks for is ignored.
 */
public final class Imports {
    private static final Imports NONE = builder().build();

    /** Sorts beyond those of Native. */
    private static final int HOST = 0;

    private static final int VALUE = -1;

    private static final int UNINITIALIZED = -2;

    /** {@code name} is null for an instance; {@code item} is what is lent. */
    private record Item(String module, String name, Object item) {
        boolean is(String module, String name) {
            return module.equals(this.module) && name.equals(this.name);
        }

        boolean isFor(ImportType want) {
            return is(want.module(), want.name());
        }
    }

    /** A plain value, which may be null. */
    private record Plain(Object value) {}

    /** Says that {@code _initialize} is not called. */
    private enum Uninitialized {
        IT
    }

    /** What the native side takes; the arrays of the latter two hold the plain values in their order. */
    record Lent(Object[] names, long[] items, long[] bits, Object[] objects) {
        Lent(int items, int values) {
            this(new Object[2 * items], new long[2 * items], new long[2 * values], new Object[values]);
        }
    }

    private final List<Item> items;
    private final boolean needsTypes;
    private final int values;

    private Imports(List<Item> items) {
        this.items = List.copyOf(items);
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

    /** Collects what is lent. */
    public static final class Builder {
        private final List<Item> items = new ArrayList<>();

        private Builder() {}

        /**
         * Lends a function of any signature: the one the module imports it with.
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
         * Lends an object of a functional interface of numbers, such as {@link IntUnaryOperator}, {@link
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
         * Lends all exports of an instance of the same store.
         *
         * @param module the first part of the imports' names
         * @param instance the instance
         * @return this
         */
        public Builder instance(String module, Instance instance) {
            items.add(new Item(Objects.requireNonNull(module, "module"), null, Objects.requireNonNull(instance)));
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
            items.removeIf(known -> known.item() instanceof Uninitialized);
            if (!initialize) {
                items.add(new Item("", null, Uninitialized.IT));
            }
            return this;
        }

        private Builder add(String module, String name, Object item) {
            Objects.requireNonNull(module, "module");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(item, "item");
            items.removeIf(known -> known.is(module, name)); // The last counts.
            items.add(new Item(module, name, item));
            return this;
        }

        /**
         * What was collected so far.
         *
         * @return imports that do not change any more
         */
        public Imports build() {
            return new Imports(items);
        }
    }

    boolean needsTypes() {
        return needsTypes;
    }

    /** Enters the Java functions at the lender, and checks those with a type of their own. */
    Lent lend(List<ImportType> wanted, HostFunctions lender) {
        checkTypes(wanted);
        Lent lent = new Lent(items.size(), values);
        int value = 0;
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            lent.names[2 * i] = item.module();
            lent.names[2 * i + 1] = item.name() == null ? "" : item.name();
            lent.items[2 * i] = sort(item.item());
            lent.items[2 * i + 1] = item.item() instanceof Plain plain
                    ? lower(plain, global(item, wanted), value++, lent)
                    : number(item.item(), lender);
        }
        return lent;
    }

    /** The global that a module asks for by the item's name; null if it asks for none. */
    private static ImportType global(Item item, List<ImportType> wanted) {
        for (ImportType want : wanted) {
            if (item.isFor(want) && want.type() instanceof GlobalType) {
                return want;
            }
        }
        return null;
    }

    /** Puts the value down as what is asked for, and tells the type; what nobody asks for is a zero. */
    private static int lower(Plain plain, ImportType want, int at, Lent lent) {
        if (want == null) {
            return Values.I32;
        }
        int type = ((GlobalType) want.type()).content().number();
        String place = want.module() + "." + want.name() + ": " + want.type();
        Values.lower(type, plain.value(), at, lent.bits, lent.objects, place);
        return type;
    }

    private static int sort(Object item) {
        if (item instanceof Func) {
            return Native.FUNC;
        } else if (item instanceof Memory) {
            return Native.MEMORY;
        } else if (item instanceof Table) {
            return Native.TABLE;
        } else if (item instanceof Global) {
            return Native.GLOBAL;
        } else if (item instanceof Tag) {
            return Native.TAG;
        } else if (item instanceof Plain) {
            return VALUE;
        } else if (item instanceof Uninitialized) {
            return UNINITIALIZED;
        }
        return item instanceof Instance ? Native.INSTANCE : HOST;
    }

    /** A handle, or the index of a function at the lender. */
    private static long number(Object item, HostFunctions lender) {
        if (item instanceof Func func) {
            return func.handle;
        } else if (item instanceof Memory memory) {
            return memory.handle;
        } else if (item instanceof Table table) {
            return table.handle;
        } else if (item instanceof Global global) {
            return global.handle;
        } else if (item instanceof Tag tag) {
            return tag.handle;
        } else if (item instanceof Instance instance) {
            return instance.handle();
        } else if (item instanceof PrimitiveFunction function) {
            return function.addTo(lender);
        } else if (item instanceof Uninitialized) {
            return 0;
        }
        return lender.add((HostFunction) item);
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
        for (Item item : items) {
            if (item.isFor(want) && item.item() instanceof PrimitiveFunction function) {
                return function;
            }
        }
        return null;
    }
}
