package dev.landbridge;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A module at work, with its exports. May be used from every thread: threads take turns. Close it when it is not needed
 * any more; an instance that became unreachable is released by itself.
 */
public final class Instance implements AutoCloseable {
    private final long handle;
    private final HostFunctions lender;
    private final Cleaner.Cleanable release;
    private final Map<String, Extern> found = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Instance(long handle, HostFunctions lender) {
        this.handle = handle;
        this.lender = lender;
        this.release = Handles.own(this, Native.INSTANCE, handle);
    }

    /**
     * Calls an exported function by name.
     *
     * @param name the export's name
     * @param args one for each parameter, see {@link Type}
     * @return null without results, the result if there is one, else an {@code Object[]} of them
     * @throws WasmException {@code not_found} if there is no function of this name; {@code closed}; else as for {@link
     *     Func#call}
     */
    public Object call(String name, Object... args) {
        return func(name).call(args);
    }

    /**
     * Runs a program: calls its {@code _start}. A program runs once.
     *
     * @return its exit code; 0 is success
     * @throws WasmException {@code not_found} if the module is no program of WASI; else as for {@link Func#call}, except
     *     for {@code exit}
     */
    public int run() {
        try {
            return Native.instanceRun(handle);
        } catch (TaggedException e) {
            throw e.heldBy(lender);
        } finally {
            Reference.reachabilityFence(this);
            Reference.reachabilityFence(lender);
        }
    }

    /**
     * An exported function.
     *
     * @param name the export's name
     * @return the function, the same object each time
     * @throws WasmException {@code not_found} if there is no function of this name; {@code closed}
     */
    public Func func(String name) {
        return found.get(name) instanceof Func func && !closed ? func : (Func) find(name, Native.FUNC);
    }

    /**
     * An exported memory.
     *
     * @param name the export's name
     * @return the memory, the same object each time
     * @throws WasmException as for {@link #func}
     */
    public Memory memory(String name) {
        return found.get(name) instanceof Memory memory && !closed ? memory : (Memory) find(name, Native.MEMORY);
    }

    /**
     * An exported table.
     *
     * @param name the export's name
     * @return the table, the same object each time
     * @throws WasmException as for {@link #func}
     */
    public Table table(String name) {
        return found.get(name) instanceof Table table && !closed ? table : (Table) find(name, Native.TABLE);
    }

    /**
     * An exported global.
     *
     * @param name the export's name
     * @return the global, the same object each time
     * @throws WasmException as for {@link #func}
     */
    public Global global(String name) {
        return found.get(name) instanceof Global global && !closed ? global : (Global) find(name, Native.GLOBAL);
    }

    /**
     * An exported exception tag.
     *
     * @param name the export's name
     * @return the tag, the same object each time
     * @throws WasmException as for {@link #func}
     */
    public Tag tag(String name) {
        return found.get(name) instanceof Tag tag && !closed ? tag : (Tag) find(name, Native.TAG);
    }

    private Extern find(String name, int sort) {
        long item = Native.instanceExport(handle, Objects.requireNonNull(name, "name"), sort);
        Reference.reachabilityFence(this);
        Extern extern = switch (sort) {
            case Native.FUNC -> new Func(item, lender);
            case Native.MEMORY -> new Memory(item, lender);
            case Native.TABLE -> new Table(item, lender);
            case Native.GLOBAL -> new Global(item, lender);
            default -> new Tag(item, lender);
        };
        Extern first = found.putIfAbsent(name, extern);
        return first == null ? extern : first;
    }

    /**
     * All exports, in the module's order.
     *
     * @return names and what they stand for
     * @throws WasmException {@code closed}
     */
    public Map<String, Extern> exports() {
        Map<String, Extern> all = new LinkedHashMap<>();
        Object[] flat = Native.instanceExports(handle);
        Reference.reachabilityFence(this);
        for (int i = 0; i < flat.length; i += 2) {
            String name = (String) flat[i];
            all.put(name, find(name, (int) ((long[]) flat[i + 1])[0]));
        }
        return Collections.unmodifiableMap(all);
    }

    /**
     * This instance as an interface of your own: each abstract method calls the export of its name (or the one that
     * {@link Export} names), without boxing and without a look-up. Default and static methods work as they are.
     *
     * <p>Types must be the exact ones: {@code int} for i32, {@code long} for i64, {@code float} for f32, {@code double}
     * for f64, {@link V128} for v128, {@link Func} for funcref, {@link TaggedException} for exnref, any other class or
     * interface, such as {@link GcRef} or {@code Object}, for externref, anyref and its kin; {@code void} without
     * results, {@code Object[]} for several.
     *
     * @param type the interface; if its module does not open its package, it must be public and exported
     * @param <T> the interface
     * @return an object of it; may be used from every thread and keeps the instance's store alive
     * @throws WasmException {@code not_found} or {@code type}, listing every method that does not fit; {@code closed}
     */
    public <T> T as(Class<T> type) {
        return Binding.of(this, type);
    }

    /**
     * The store it lives in, for making memories, tables, globals and functions beside it, for asking what was used and
     * written, and for cancelling. One made by {@link Module#instantiate()} closes with its store, and closes it.
     *
     * @return the store
     * @throws WasmException {@code closed}
     */
    public Store store() {
        Store store = new Store(Native.instanceStore(handle), lender);
        Reference.reachabilityFence(this);
        return store;
    }

    /**
     * Closes the instance. One made by {@link Module#instantiate()} closes its store, see {@link Store#close()}; one made
     * in a store only stops answering, what it exported lives on with the store. Closing twice is no error.
     */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Native.instanceClose(handle);
            release.clean();
        }
    }

    long handle() {
        return handle;
    }
}
