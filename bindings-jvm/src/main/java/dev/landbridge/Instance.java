package dev.landbridge;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A running module, with its exports. May be used from every thread: threads take turns. Close it when you do not need it any
 * more; an instance that became unreachable is released by itself.
 */
public final class Instance implements AutoCloseable {
    private final long handle;
    private final HostFunctions lender;
    private final Cleaner.Cleanable release;
    private final Map<String, Extern> found = new ConcurrentHashMap<>();
    private final Map<String, WitFunc> foundInWorld = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final WitHome home;
    private final Module module;

    /** Keeps the pool alive that it was taken from, and what that lends; null if it was not. */
    private final Pool pool;

    Instance(long handle, Module module, HostFunctions lender) {
        this.handle = handle;
        this.module = module;
        this.lender = lender;
        this.home = new WitHome(lender, this, this::store);
        this.pool = null;
        this.release = Handles.own(this, Native.INSTANCE, handle);
    }

    /** Taken from a pool. */
    Instance(long handle, Pool pool) {
        this.handle = handle;
        this.module = pool.module;
        this.lender = new HostFunctions(new Line(pool.engine.workers, 1), this);
        this.home = new WitHome(lender, this, this::store);
        this.pool = pool;
        this.release = Handles.own(this, handle, pool.engine.workers, closed);
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
        if (found.get(Objects.requireNonNull(name, "name")) instanceof Func func && !closed.get()) {
            return func.call(args);
        }
        return isComponent() ? witFunc(name).call(args) : func(name).call(args);
    }

    /**
     * Calls an exported function by name on a thread of the engine's, without waiting.
     *
     * <p>Calls of one store run one after the other, in the order they were made; any number may be in flight, and a
     * busy store holds one thread at most, see {@link Engine.Builder#callThreads}. Functions of Java that the guest
     * calls run on that thread, as does what follows the future unless it is given an executor: that should be short.
     * A call that is in flight does not keep the JVM from ending. Do not wait for the future inside
     * of a function of Java that a guest of the same store called: neither would ever end.
     *
     * <p>{@link CompletableFuture#cancel} of this future, not of one that is derived from it, ends exactly this call.
     * One that has not begun never runs. Of one that runs, the thread is interrupted: a function of Java sees that as
     * it sees any interrupt, a guest is ended within a few milliseconds and its store is {@code poisoned}. The future
     * itself is cancelled at once, and the argument makes no difference. {@link CompletableFuture#orTimeout} ends only
     * the waiting; {@link Limits} can bound the call.
     *
     * @param name the export's name
     * @param args one for each parameter, see {@link Type}; copied, except for what is in them
     * @return a future of what {@link #call} gives or throws: the very {@link WasmException}, or what a function of
     *     Java threw, which {@code join()} and {@code get()} wrap as they do
     * @throws WasmException {@code not_found} if there is no function of this name; {@code type} if the number of
     *     arguments is wrong; {@code closed}; {@code limit} if no thread can be started; all else is the outcome of
     *     the future
     */
    public CompletableFuture<Object> callAsync(String name, Object... args) {
        if (found.get(name) instanceof Func func && !closed.get()) {
            return func.callAsync(args);
        }
        if (isComponent()) {
            return witFunc(name).callAsync(args);
        }
        Signature type = signature(name);
        if (args.length != type.params) {
            throw type.miscount(name, args);
        }
        Object[] kept = args.clone();
        return later(() -> func(name).call(kept));
    }

    /** Starts a call of this instance's. */
    <T> CompletableFuture<T> later(Callable<T> what) {
        return Call.start(lender.line, this::book, () -> {
            lender.checkTaken();
            return what.call();
        });
    }

    private long book() {
        long place = Native.instanceBook(handle, lender.line.threads());
        Reference.reachabilityFence(this);
        return place;
    }

    /** The type of an exported function, without a look into the store: that may be busy. */
    private Signature signature(String name) {
        for (ExportType export : exportTypes()) {
            if (export.name().equals(name) && export.type() instanceof FuncType type) {
                return new Signature(type.numbers());
            }
        }
        return func(name).signature(); // Says what is wrong.
    }

    /**
     * Runs a program: calls its {@code _start}. A program runs once.
     *
     * @return its exit code; 0 is success
     * @throws WasmException {@code not_found} if the module is no program of WASI; {@code unsupported} if it ran already; else
     *     as for {@link Func#call}, except for {@code exit}
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
     * Runs a program on a thread of the engine's, without waiting; see {@link #callAsync}.
     *
     * @return a future of its exit code, or of what {@link #run} throws
     * @throws WasmException {@code limit} if no thread can be started
     */
    public CompletableFuture<Integer> runAsync() {
        return Call.start(lender.line, this::book, this::run);
    }

    /**
     * A function that a component exports.
     *
     * @param name its name in WIT: {@code hello}, or {@code demo:app/shapes@1.2.0#area} of an interface, in short {@code
     *     shapes#area}; {@code shapes#canvas.draw} is a method of a resource, {@code shapes#canvas} makes one
     * @return the function, the same object each time for a full name
     * @throws WasmException {@code not_found} if there is no function of this name, with those that there are; {@code
     *     unsupported} if this is an instance of a core module; {@code closed}
     */
    public WitFunc witFunc(String name) {
        Objects.requireNonNull(name, "name");
        WitFunc known = closed.get() ? null : foundInWorld.get(name);
        return known != null ? known : findInWorld(name);
    }

    private WitFunc findInWorld(String name) {
        String full = Native.witFind(handle, name);
        WitFunc known = foundInWorld.get(full);
        if (known == null) {
            known = new WitFunc(Native.witFunc(handle, full), this, home, world().func(full));
            WitFunc first = foundInWorld.putIfAbsent(full, known);
            known = first == null ? known : first;
        }
        foundInWorld.putIfAbsent(name, known);
        Reference.reachabilityFence(this);
        return known;
    }

    /** A method of a resource, by its name in WIT or in Java. */
    WitFunc method(WitType resource, String name) {
        WitWorld.Interface within = world().exporting(resource);
        if (within == null) {
            throw WasmException.of(ErrorKind.NOT_FOUND, "the component does not export the resource " + resource);
        }
        String own = WitWorld.name(within, resource);
        for (WitWorld.Func func : within.funcs()) {
            boolean isOf = func.role() == WitWorld.METHOD && func.resource().equals(own);
            if (isOf && (func.ownName().equals(name) || WitNames.camel(func.ownName()).equals(name))) {
                return witFunc(func.fullName());
            }
            boolean isStatic = func.role() == WitWorld.STATIC && func.resource().equals(own);
            if (isStatic && (func.ownName().equals(name) || WitNames.camel(func.ownName()).equals(name))) {
                throw WasmException.of(
                        ErrorKind.NOT_FOUND,
                        own + "." + name + " is a static function, which takes no resource first; call it as "
                                + func.fullName().replace("[static]", ""));
            }
        }
        String prefix = within.name().isEmpty() ? "" : within.name() + "#";
        return witFunc(prefix + own + "." + name); // There is none: the core says what there is.
    }

    /** What a component offers; null if this is an instance of a core module. */
    WitWorld world() {
        WitWorld world = module.world.ofInstance(handle);
        Reference.reachabilityFence(this);
        return world;
    }

    private boolean isComponent() {
        return world() != null;
    }

    /** An interface that a component exports, by a name of it. */
    WitWorld.Interface exported(String name) {
        WitWorld world = world();
        WitWorld.Interface best = world == null ? null : world.exports.get(name);
        int rank = Integer.MAX_VALUE;
        for (WitWorld.Interface each : world == null || best != null ? List.<WitWorld.Interface>of() : world.exports.values()) {
            int fits = Native.interfaceFits(name, each.name());
            if (fits >= 0 && fits < rank) {
                best = each;
                rank = fits;
            }
        }
        if (best == null) {
            Native.witFind(handle, name + "#"); // Says what there is.
        }
        return best;
    }

    /**
     * An exported function.
     *
     * @param name the export's name
     * @return the function, the same object each time
     * @throws WasmException {@code not_found} if there is no function of this name; {@code closed}
     */
    public Func func(String name) {
        return found.get(name) instanceof Func func && !closed.get() ? func : (Func) find(name, Native.FUNC);
    }

    /**
     * An exported memory.
     *
     * @param name the export's name
     * @return the memory, the same object each time
     * @throws WasmException as for {@link #func}
     */
    public Memory memory(String name) {
        return found.get(name) instanceof Memory memory && !closed.get() ? memory : (Memory) find(name, Native.MEMORY);
    }

    /**
     * An exported table.
     *
     * @param name the export's name
     * @return the table, the same object each time
     * @throws WasmException as for {@link #func}
     */
    public Table table(String name) {
        return found.get(name) instanceof Table table && !closed.get() ? table : (Table) find(name, Native.TABLE);
    }

    /**
     * An exported global.
     *
     * @param name the export's name
     * @return the global, the same object each time
     * @throws WasmException as for {@link #func}
     */
    public Global global(String name) {
        return found.get(name) instanceof Global global && !closed.get() ? global : (Global) find(name, Native.GLOBAL);
    }

    /**
     * An exported exception tag.
     *
     * @param name the export's name
     * @return the tag, the same object each time
     * @throws WasmException as for {@link #func}
     */
    public Tag tag(String name) {
        return found.get(name) instanceof Tag tag && !closed.get() ? tag : (Tag) find(name, Native.TAG);
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
        for (ExportType export : exportTypes()) {
            all.put(export.name(), find(export.name(), sort(export.type())));
        }
        return Collections.unmodifiableMap(all);
    }

    private List<ExportType> exportTypes() {
        return FrameReader.read(Handles.use(this, handle, Native::instanceExports), TypeFrames::exports);
    }

    private static int sort(ExternType type) {
        return switch (type.sort()) {
            case "func" -> Native.FUNC;
            case "memory" -> Native.MEMORY;
            case "table" -> Native.TABLE;
            case "global" -> Native.GLOBAL;
            default -> Native.TAG;
        };
    }

    /**
     * This instance as an interface of your own: each abstract method calls the export of its name (or the one that
     * {@link Export} names), without boxing and without a look-up. Default and static methods work as they are.
     *
     * <p>Types must be the exact ones: {@code int} for i32, {@code long} for i64, {@code float} for f32, {@code double}
     * for f64, {@link V128} for v128, {@link Func} for funcref, {@link TaggedException} for exnref, any other class or
     * interface, such as {@link GcRef} or {@code Object}, for externref, anyref and its kin; {@code void} without
     * results, {@code Object[]} for several. A method that returns a {@link CompletableFuture} of these, such as {@code
     * CompletableFuture<Integer>} for i32 and {@code CompletableFuture<Void>} without results, calls as {@link
     * #callAsync} does.
     *
     * <p>Of a component, each method calls the function of its name: {@code bestPrice} for {@code best-price}, or the one
     * that {@link WitName} names. Types are those of the table in {@link WitFunc}, and your own: records, sealed interfaces
     * with a record for each case, enums and sets of them. A method may return a {@link CompletableFuture} of its type. One
     * without parameters that returns an interface gives an exported interface of the component, {@code Shapes shapes()}
     * for {@code demo:app/shapes}. A resource is an interface that extends {@link AutoCloseable}, whose methods are those of
     * the resource; {@code Canvas canvas(int width)} makes one, {@code canvasCount()} is a static function of it. The first
     * exception that a method declares is thrown for {@code err}, made with what that holds, or with nothing; without
     * one, a {@link WitError} is.
     *
     * @param type the interface; if its module does not open its package, it must be public and exported
     * @param <T> the interface
     * @return an object of it; may be used from every thread and keeps the instance's store alive
     * @throws WasmException {@code not_found} or {@code type}, listing every method that does not fit; {@code closed}
     */
    public <T> T as(Class<T> type) {
        return isComponent() ? WitBinding.of(this, type) : Binding.of(this, type);
    }

    /**
     * An interface that a component exports as an interface of your own; see {@link #as(Class)}.
     *
     * @param name the name of the component's interface, in full or as short as {@code shapes}
     * @param type the interface
     * @param <T> the interface
     * @return an object of it; may be used from every thread and keeps the instance's store alive
     * @throws WasmException {@code not_found} or {@code type}, listing all that does not fit; {@code closed}; {@code
     *     unsupported} if this is an instance of a core module
     */
    public <T> T as(String name, Class<T> type) {
        return WitBinding.of(this, Objects.requireNonNull(name, "name"), type);
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
     * in a store only stops answering, what it exported lives on with the store; one taken from a {@link Pool} is
     * given back. Closing twice is no error.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            Native.instanceClose(handle);
            release.clean();
            Reference.reachabilityFence(this);
        }
    }

    /** Throws {@code closed} if it was closed. */
    void checkOpen() {
        if (closed.get()) {
            throw Messages.closed("instance");
        }
    }

    long handle() {
        return handle;
    }

    /** The instance in a line: its module's name and what it exports. For reading; waits for nobody and never throws. */
    @Override
    public String toString() {
        return Texts.shown(this, Native.INSTANCE, handle);
    }
}
