package dev.landbridge;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Instances of one module that are ready for callers which run in parallel, each in a store of its own. May be used
 * from every thread. Close it when it is not needed any more.
 *
 * <p>{@link #get} takes an instance, and closing that gives it back. {@link #call} does both around one call.
 */
public final class Pool implements AutoCloseable {
    final Engine engine;
    final Module module;
    private final long handle;
    private final HostFunctions lender;

    private Pool(Builder made) {
        engine = made.module.engine();
        module = made.module;
        lender = new HostFunctions(new Line(engine.workers, made.max), null);
        handle = made.module.lend(made.imports, lender, (module, lent) -> make(made, module, lent));
        Reference.reachabilityFence(made);
        Handles.own(this, Native.POOL, handle);
    }

    private long make(Builder made, long module, Imports.Lent lent) {
        Sandbox sandbox = made.sandbox;
        return Native.poolNew(
                module,
                sandbox.policy().handle,
                sandbox.write(lender),
                lender,
                lent.frame(),
                lent.objects(),
                made.max,
                Limits.nanos(made.wait),
                made.reset.ordinal());
    }

    /** What becomes of an instance that is given back. */
    public enum Reset {
        /** It is closed, and a fresh one takes its place: no caller sees what another left behind. */
        FRESH,
        /**
         * It is used again as it is, with its limits of fuel and output as at first; a fresh one takes its place if it
         * was closed or poisoned. For guests that are trusted to keep callers apart.
         */
        REUSE
    }

    /**
     * What a pool has now, and has done.
     *
     * @param ready instances that are ready
     * @param taken instances that are taken
     * @param waiting callers that wait for one
     * @param made instances that were ever made
     * @param served how often one was taken
     * @param inSlots instances that were ever made in slots, see {@link Engine.Builder#poolSlots}; the others were made
     *     on demand
     */
    public record Counts(long ready, long taken, long waiting, long made, long served, long inSlots) {}

    /**
     * Starts to make a pool.
     *
     * @param module what it will have instances of; may be closed once the pool is made
     * @return a builder
     */
    public static Builder builder(Module module) {
        return new Builder(module);
    }

    /** What a pool is made with. */
    public static final class Builder {
        private final Module module;
        private Imports imports = Imports.none();
        private Sandbox sandbox = Sandbox.standard();
        private int max = Runtime.getRuntime().availableProcessors();
        private Duration wait = Duration.ofSeconds(30);
        private Reset reset = Reset.FRESH;

        private Builder(Module module) {
            this.module = Objects.requireNonNull(module, "module");
        }

        /**
         * What each instance imports; nothing by default. Functions of Java may be called by several instances at once.
         *
         * @param imports no items that live in a store
         * @return this
         */
        public Builder imports(Imports imports) {
            this.imports = Objects.requireNonNull(imports, "imports");
            return this;
        }

        /**
         * How each instance is closed in; {@link Sandbox#standard()} if not said. Limits are those of one instance.
         *
         * @param sandbox what it may touch and use, and where its streams go
         * @return this
         */
        public Builder sandbox(Sandbox sandbox) {
            this.sandbox = Objects.requireNonNull(sandbox, "sandbox");
            return this;
        }

        /**
         * The most instances at a time; as many as the JVM has processors if not said.
         *
         * @param max instances, more than 0
         * @return this
         * @throws WasmException {@code range} if it is not
         */
        public Builder max(int max) {
            if (max <= 0) {
                throw Messages.poolRoom(max);
            }
            this.max = max;
            return this;
        }

        /**
         * How long a caller waits for an instance when all are taken; 30 seconds if not said.
         *
         * @param wait the time, not negative
         * @return this
         * @throws WasmException {@code range} if it is negative
         */
        public Builder wait(Duration wait) {
            Limits.check("wait", wait);
            this.wait = wait;
            return this;
        }

        /**
         * What becomes of an instance that is given back; {@link Reset#FRESH} if not said.
         *
         * @param reset what becomes of it
         * @return this
         */
        public Builder reset(Reset reset) {
            this.reset = Objects.requireNonNull(reset, "reset");
            return this;
        }

        /**
         * Makes the pool, with one instance in it, so that what is wrong with the module or its imports shows now.
         * Further ones are made when they are needed.
         *
         * @return the pool
         * @throws WasmException as for {@link Module#instantiate(Imports, Sandbox)}
         */
        public Pool build() {
            return new Pool(this);
        }

    }

    /**
     * Takes an instance. Closing it gives it back, as does letting it and all that was got from it become unreachable.
     * What was got from it must not be used after it was given back: that is {@code closed}, or with
     * {@link Reset#REUSE} may reach the next caller's instance.
     *
     * @return the instance, for this caller alone
     * @throws WasmException {@code busy} if none was given back in time; {@code cancelled} if this thread is
     *     interrupted while it waits, which stays set; {@code closed}; what making one failed with
     */
    public Instance get() {
        try {
            return new Instance(Native.poolGet(handle), this);
        } catch (TaggedException e) {
            throw e.heldBy(lender);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Takes an instance, calls an exported function of it by name, and gives it back. What lives in the instance, such
     * as a {@link Func} or {@link GcRef} that the call gives, is {@code closed} after it.
     *
     * @param name the export's name
     * @param args one for each parameter, see {@link Type}
     * @return null without results, the result if there is one, else an {@code Object[]} of them
     * @throws WasmException as for {@link #get} and {@link Instance#call}
     */
    public Object call(String name, Object... args) {
        try (Instance taken = get()) {
            return taken.call(name, args);
        }
    }

    /**
     * The same on a thread of the engine's, without waiting; see {@link Instance#callAsync}. Any number of calls may
     * be in flight; so many run at a time as the pool has room for, and the others hold no thread. They begin in the
     * order they were made.
     *
     * @param name the export's name
     * @param args one for each parameter
     * @return a future of what {@link #call} gives or throws
     * @throws WasmException {@code limit} if no thread can be started; all else is the outcome of the future
     */
    public CompletableFuture<Object> callAsync(String name, Object... args) {
        Objects.requireNonNull(name, "name");
        Object[] kept = args.clone();
        return Call.start(lender.line, this::book, () -> call(name, kept));
    }

    private long book() {
        long place = Native.poolBook(handle, lender.line.threads());
        Reference.reachabilityFence(this);
        return place;
    }

    /**
     * What it has now, and has done.
     *
     * @return numbers of now; those of a closed pool, too
     */
    public Counts counts() {
        return FrameReader.read(
                Handles.use(this, handle, Native::poolCounts), it -> new Counts(
                        it.int64(), it.int64(), it.int64(), it.int64(), it.int64(), it.int64()));
    }

    /**
     * Closes the pool: instances that are ready are closed now, those that are taken when they are given back. Whoever
     * waits for one gets {@code closed}, as do asynchronous calls that have not begun; those that run go on. Closing
     * twice is no error.
     */
    @Override
    public void close() {
        Native.poolClose(handle);
        Reference.reachabilityFence(this);
    }

    /** The pool and its module's name. For reading; waits for nobody and never throws. */
    @Override
    public String toString() {
        return Texts.shown(this, Native.POOL, handle);
    }
}
