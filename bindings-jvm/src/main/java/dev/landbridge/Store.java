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
        this(engine.newStore(), new HostFunctions());
    }

    /**
     * Makes an instance that asks for nothing in this store.
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
     * @param imports what is lent to it; items of this store may be among them
     * @return the instance
     * @throws WasmException {@code wrong_store} if the module is of another engine; else as for {@link
     *     Module#instantiate(Imports)}
     */
    public Instance instantiate(Module module, Imports imports) {
        Instance instance = module.instantiate(handle, lender, imports);
        Reference.reachabilityFence(this);
        return instance;
    }

    /**
     * Collects garbage of the guests' heap now. It is collected by itself when there is need; this lets go at once of
     * objects of Java that no guest holds any more.
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
}

