package dev.landbridge;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;

/**
 * What Java lends to a module: functions, memories, tables, globals, or all exports of an instance. Immutable; may be
 * used for any number of instances. A name that is lent twice keeps the last; what no import asks for is ignored.
 */
public final class Imports {
    private static final Imports NONE = builder().build();

    /** Sorts beyond those of Native. */
    private static final int HOST = 0;

    /** {@code name} is null for an instance; {@code item} is what is lent. */
    private record Item(String module, String name, Object item) {}

    /** What the native side takes. */
    record Lent(Object[] names, long[] items) {}

    private final List<Item> items;
    private final boolean hasPrimitives;

    private Imports(List<Item> items) {
        this.items = List.copyOf(items);
        this.hasPrimitives = items.stream().anyMatch(item -> item.item() instanceof PrimitiveFunction);
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
         * @param item a function, memory, table or global
         * @return this
         */
        public Builder define(String module, String name, Extern item) {
            return add(module, name, item);
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

        private Builder add(String module, String name, Object item) {
            Objects.requireNonNull(module, "module");
            Objects.requireNonNull(name, "name");
            items.add(new Item(module, name, Objects.requireNonNull(item, "item")));
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

    boolean hasPrimitives() {
        return hasPrimitives;
    }

    /** Enters the Java functions at the lender, and checks those with a type of their own. */
    Lent lend(List<ImportType> wanted, HostFunctions lender) {
        checkTypes(wanted);
        Object[] names = new Object[2 * items.size()];
        long[] numbers = new long[2 * items.size()];
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            names[2 * i] = item.module();
            names[2 * i + 1] = item.name() == null ? "" : item.name();
            numbers[2 * i] = sort(item.item());
            numbers[2 * i + 1] = number(item.item(), lender);
        }
        return new Lent(names, numbers);
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
        } else if (item instanceof Instance instance) {
            return instance.handle();
        } else if (item instanceof PrimitiveFunction function) {
            return function.addTo(lender);
        }
        return lender.add((HostFunction) item);
    }

    private void checkTypes(List<ImportType> wanted) {
        List<String> wrong = new ArrayList<>();
        for (ImportType want : wanted) {
            PrimitiveFunction given = primitive(want);
            if (given != null && want.type() instanceof FuncType && !given.type().equals(want.type())) {
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
        PrimitiveFunction last = null;
        for (Item item : items) {
            if (item.module().equals(want.module()) && want.name().equals(item.name())) {
                last = item.item() instanceof PrimitiveFunction function ? function : null;
            }
        }
        return last;
    }
}
