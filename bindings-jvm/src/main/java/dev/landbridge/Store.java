package dev.landbridge;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;

/**
 * One sandbox: instances that share memories, tables, globals and functions live in one store. {@link
 * Module#instantiate()} makes one by itself, so most programs never name it.
 *
 * <p>May be used from every thread: threads take turns, first come first served.
 */
public final class Store implements AutoCloseable {
    final long handle;
    final HostFunctions lender;
    private final Cleaner.Cleanable release;
    private boolean closed;

    Store(long handle, HostFunctions lender) {
        this.handle = handle;
        this.lender = lender;
        this.release = Handles.own(this, Native.STORE, handle);
    }

    /** Makes an empty store of the shared engine. */
    public Store() {
        this(Engine.shared());
    }

    /**
     * Makes an empty store.
     *
     * @param engine the engine that compiled the modules to come
     */
    public Store(Engine engine) {
        this(engine, Sandbox.standard());
    }

    /**
     * Makes an empty store of the shared engine that is closed in.
     *
     * @param sandbox what its guests may touch and use
     */
    public Store(Sandbox sandbox) {
        this(Engine.shared(), sandbox);
    }

    /**
     * Makes an empty store that is closed in. Files and folders are opened when the first module asks for WASI.
     *
     * @param engine the engine that compiled the modules to come
     * @param sandbox what its guests may touch and use
     * @throws WasmException {@code unsupported} for a timeout if the engine cannot interrupt guests
     */
    public Store(Engine engine, Sandbox sandbox) {
        this(engine, sandbox, new HostFunctions(engine));
    }

    private Store(Engine engine, Sandbox sandbox, HostFunctions lender) {
        this(engine.newStore(lender, sandbox), lender);
    }

    /**
     * Makes an instance of a module without imports in this store.
     *
     * @param module the module
     * @return the instance
     * @throws WasmException as for {@link #instantiate(Module, Imports)}
     */
    public Instance instantiate(Module module) {
        return instantiate(module, Imports.none());
    }

    /**
     * Makes an instance in this store, and runs the module's start function.
     *
     * @param module the module, of the same engine
     * @param imports what it imports; items of this store may be among them
     * @return the instance
     * @throws WasmException {@code wrong_store} if the module is of another engine; else as for {@link
     *     Module#instantiate(Imports)}, and those of the store's limits
     */
    public Instance instantiate(Module module, Imports imports) {
        Instance instance = module.instantiate(
                imports, lender, (own, lent) -> Native.instanceInStore(own, handle, lender, lent.frame(), lent.objects()));
        Reference.reachabilityFence(this);
        return instance;
    }

    /**
     * What its guests use and used.
     *
     * @return numbers of now
     * @throws WasmException {@code closed}
     */
    public Usage usage() {
        return FrameReader.read(Handles.use(this, handle, Native::storeUsage), Usage::read);
    }

    /**
     * Gives the store so much fuel, in place of what is left, and counts from there.
     *
     * @param fuel units, not negative; see {@link Limits}
     * @throws WasmException {@code unsupported} if the store was made without a limit of fuel; {@code range} if it is
     *     negative; {@code closed}; {@code poisoned}
     */
    public void setFuel(long fuel) {
        Limits.check("fuel", fuel);
        Native.storeSetFuel(handle, fuel);
        Reference.reachabilityFence(this);
    }

    /**
     * Ends the call that runs in this store with an error of kind {@code cancelled}; the store is poisoned then. Does not
     * wait: the guest is ended within a few milliseconds, a function of Java that it called first returns. If no call
     * runs, nothing happens. May be called from every thread. {@link Thread#interrupt} of the thread that calls does the
     * same, and stays set for it.
     */
    public void cancel() {
        Native.storeCancel(handle);
        Reference.reachabilityFence(this);
    }

    /**
     * Takes what its guests wrote to stdout since the last time, if it is captured; see {@link Output#capture()}. May be
     * called while they run.
     *
     * @return the bytes
     * @throws WasmException {@code closed} if this object was closed
     */
    public byte[] stdout() {
        return Handles.use(this, handle, Native::storeStdout);
    }

    /**
     * Takes what its guests wrote to stderr since the last time, if it is captured; see {@link Output#capture()}. May be
     * called while they run.
     *
     * @return the bytes
     * @throws WasmException {@code closed} if this object was closed
     */
    public byte[] stderr() {
        return Handles.use(this, handle, Native::storeStderr);
    }

    /**
     * As {@link #stdout()}, as text: UTF-8, in which what is invalid is replaced. Asked while a guest writes, a character may
     * be cut.
     *
     * @return what was written since the last time
     * @throws WasmException as for {@link #stdout()}
     */
    public String stdoutText() {
        return Handles.use(this, handle, Native::storeStdoutText);
    }

    /**
     * The same for stderr.
     *
     * @return what was written since the last time
     * @throws WasmException as for {@link #stdout()}
     */
    public String stderrText() {
        return Handles.use(this, handle, Native::storeStderrText);
    }

    /**
     * Takes what WASI refused its guests since the last time, if it is captured; see {@link Stdio#refusals()}. May be
     * called while they run.
     *
     * @return the lines, in UTF-8, each with its end
     * @throws WasmException {@code closed} if this object was closed
     */
    public byte[] refusals() {
        return Handles.use(this, handle, Native::storeRefusals);
    }

    /**
     * The last output of its guests that was discarded, and what they were refused. {@link WasmException#output()} has it,
     * too. May be called whenever {@link #stdout()} may.
     *
     * @return a text for reading, of at most 4 KiB of each stream; empty if there is nothing
     */
    public String output() {
        return Handles.use(this, handle, Native::storeOutput);
    }

    /**
     * Collects garbage of the guests' heap now. You need not call it: it is collected when there is need. It releases objects
     * of Java that no guest holds any more.
     *
     * @throws WasmException {@code closed}
     */
    public void gc() {
        Native.storeGc(handle);
        Reference.reachabilityFence(this);
    }

    /**
     * Closes the store: everything in it answers {@code closed} from now on, and its memory is freed as soon as no call is
     * inside and no {@link Memory#buffer()} is left. Never waits: a call that runs is ended with {@code closed}. Closing
     * twice is no error.
     */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Native.storeClose(handle);
            release.clean();
        }
    }

    /** The store in a line: what its guests have. For reading; waits for nobody and never throws. */
    @Override
    public String toString() {
        return Texts.shown(this, Native.STORE, handle);
    }
}

