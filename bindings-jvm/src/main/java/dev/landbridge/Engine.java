package dev.landbridge;

import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Compiles modules. One for the process is used where none is named, and suits most programs. May be used from every
 * thread. Needs no closing: it lives as long as anything made with it.
 */
public final class Engine {
    private static final class Shared {
        static final Engine ENGINE = new Engine(Native.engineShared(), new Workers(Workers.most(), 0));
    }

    /** Modules that are loaded at a time: each compiles on all cores, but a small one need not wait for a large one. */
    private static final int LOADERS = 2;

    final long handle;
    final Workers workers;

    /** Of modules that are loaded asynchronously: no call waits for these threads. */
    final Line loading = new Line(new Workers(LOADERS, 0), LOADERS);

    private Engine(long handle, Workers workers) {
        this.handle = handle;
        this.workers = workers;
        Handles.own(this, Native.ENGINE, handle);
    }

    /**
     * The version of the native library.
     *
     * @return {@code major.minor.patch}
     */
    public static String version() {
        Library.load();
        return Native.version();
    }

    /**
     * The engine that is used where none is named.
     *
     * @return the engine
     */
    public static Engine shared() {
        Library.load();
        return Shared.ENGINE;
    }

    /**
     * Starts to make an engine with options of its own.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Options of an engine. */
    public static final class Builder {
        // generated: java.option_fields
        private boolean interruptible = true;
        private long stackBytes;
        private boolean wideArithmetic;
        private boolean customPageSizes;
        private int callThreads = Workers.most();
        private boolean signalHandlers = true;
        private long compileCost;
        private long memoryReservationBytes;
        private boolean deterministic;
        private long poolSlots;
        // end generated
        private boolean cached = true;
        private String cacheFolder;

        private Builder() {}

        // generated: java.option_setters
        /**
         * Whether a running guest can be interrupted. Costs a check at each loop iteration and function entry of the
         * guest; without it closing and cancelling wait for the guest to return. True if not said.
         *
         * @param interruptible whether it can
         * @return this
         */
        public Builder interruptible(boolean interruptible) {
            this.interruptible = interruptible;
            return this;
        }

        /**
         * Bytes of native stack a call may use at most; by default 512 KiB. A thread with a smaller stack gives less.
         *
         * @param stackBytes bytes, more than 0
         * @return this
         * @throws WasmException {@code range} if it is not
         */
        public Builder stackBytes(long stackBytes) {
            more("stackBytes", stackBytes);
            this.stackBytes = stackBytes;
            return this;
        }

        /**
         * Whether modules may use 128-bit sums and products of 64-bit integers, a proposal that is not part of
         * WebAssembly 3.0. False if not said.
         *
         * @param wideArithmetic whether they may
         * @return this
         */
        public Builder wideArithmetic(boolean wideArithmetic) {
            this.wideArithmetic = wideArithmetic;
            return this;
        }

        /**
         * Whether modules may have memories in pages of one byte, a proposal that is not part of WebAssembly 3.0. False
         * if not said.
         *
         * @param customPageSizes whether they may
         * @return this
         */
        public Builder customPageSizes(boolean customPageSizes) {
            this.customPageSizes = customPageSizes;
            return this;
        }

        /**
         * The most threads that run asynchronous calls at a time, such as {@link Instance#callAsync}; if not said, 4
         * more than the JVM has processors, and 32 at most. They are daemon threads of Java named
         * {@code landbridge-call-N}: each is started when there is work for it, and ends when there has been none for
         * 10 seconds.
         *
         * @param callThreads threads, more than 0
         * @return this
         * @throws WasmException {@code range} if it is not
         */
        public Builder callThreads(int callThreads) {
            more("callThreads", callThreads);
            this.callThreads = callThreads;
            return this;
        }

        /**
         * Whether traps may come by signals of the operating system (exceptions on Windows). Without, guests' code
         * checks each access of memory, each division and each null itself and runs slower, and no handler is installed
         * by this engine: for programs whose own handlers cannot live with others. The traps are the same ones. True if
         * not said.
         *
         * @param signalHandlers whether they may
         * @return this
         */
        public Builder signalHandlers(boolean signalHandlers) {
            this.signalHandlers = signalHandlers;
            return this;
        }

        /**
         * How much more work compiling a module may be than its size explains; by default 1,000,000, and
         * {@link Long#MAX_VALUE} for no bound. It keeps a small module from holding the compiler for minutes or taking
         * all memory. A unit is about a microsecond of one core or 250 bytes that are held, whichever is more. Each
         * byte of a function explains 8 units, any other byte 2; {@link Inspection#compileCost} reports what a module
         * costs. One that costs more is refused (kind {@code limit}) before anything is compiled; what a cache or a
         * precompiled file holds is loaded whatever it costs.
         *
         * @param compileCost units, more than 0; {@link Long#MAX_VALUE} for no bound
         * @return this
         * @throws WasmException {@code range} if it is not
         */
        public Builder compileCost(long compileCost) {
            more("compileCost", compileCost);
            this.compileCost = compileCost;
            return this;
        }

        /**
         * How many bytes a memory may grow to, and how much address space it takes; by default 4 GiB. With the default
         * each memory takes all of it, and code need not check addresses of 32 bits. With less, code checks each
         * address and runs slower, and a memory takes only what it can need: this option, its declared maximum or what
         * {@link Limits#memoryBytes()} leaves, whichever is least; a memory that starts larger has the size it starts
         * with. With more, 64-bit memories may grow to this size; with the default a 64-bit memory may grow to 64 GiB
         * if it is the first of its store. Where the process may have less than 64 GiB of address space
         * ({@code RLIMIT_AS}, {@code ulimit -v}), the default is a sixteenth of that.
         *
         * @param memoryReservationBytes bytes, more than 0
         * @return this
         * @throws WasmException {@code range} if it is not
         */
        public Builder memoryReservationBytes(long memoryReservationBytes) {
            more("memoryReservationBytes", memoryReservationBytes);
            this.memoryReservationBytes = memoryReservationBytes;
            return this;
        }

        /**
         * Whether results are the same bits on every machine: NaNs are canonical, and relaxed vector instructions do
         * the same everywhere. Code with floats runs a little slower. False if not said.
         *
         * @param deterministic whether they are
         * @return this
         */
        public Builder deterministic(boolean deterministic) {
            this.deterministic = deterministic;
            return this;
        }

        /**
         * How many instances of pools can be in slots at a time; by default none. A slot is room that the engine keeps
         * ready, so an instance in it is made several times faster. A slot takes 8 to 12 GiB of address space, and
         * memory only for what is used in it. Where the process has less address space, there are fewer slots. An
         * instance that does not fit, or for which no slot is free, is made without one; the counts of a pool say how
         * many were made in slots. The guide to pools says what fits.
         *
         * @param poolSlots slots, more than 0
         * @return this
         * @throws WasmException {@code range} if it is not
         */
        public Builder poolSlots(long poolSlots) {
            more("poolSlots", poolSlots);
            this.poolSlots = poolSlots;
            return this;
        }
        // end generated

        /**
         * Where compiled code is kept, so that the next process need not compile the same module. If not said, in the
         * user's cache folder, or where the environment variable {@code LANDBRIDGE_CACHE} says. What the cache cannot do is
         * never an error: then modules are compiled.
         *
         * @param folder it is kept in {@code landbridge/modules} of it, made if it is not there; nothing else in it is
         *     touched. It is not used where others could change what lies there: if it or a folder above it belongs to
         *     somebody else than this user or root, or if the group or others may write to it. A sticky folder, as
         *     {@code /tmp} is, may be above it.
         * @return this
         */
        public Builder cache(Path folder) {
            this.cached = true;
            this.cacheFolder = Texts.path(folder);
            return this;
        }

        /**
         * Keeps no compiled code for later; see {@link #cache}.
         *
         * @return this
         */
        public Builder noCache() {
            this.cached = false;
            return this;
        }

        /** A number that was said; core knows the others. */
        private static OptionalLong said(long number) {
            return number > 0 ? OptionalLong.of(number) : OptionalLong.empty();
        }

        private void cache(FrameWriter options) {
            options.bool(true);
            if (cacheFolder == null || !cached) {
                options.number(cached ? 0 : 1);
            } else {
                options.number(2).text("cache", cacheFolder);
            }
        }

        private static void more(String name, long number) {
            if (number <= 0) {
                throw Messages.outOfRange(name, number, 1, Long.MAX_VALUE);
            }
        }

        /**
         * Makes the engine.
         *
         * @return the engine
         * @throws WasmException {@code unsupported} if this machine cannot run it so
         */
        public Engine build() {
            Library.load();
            FrameWriter options = new FrameWriter();
            // generated: java.options_written
            options.bool(true).bool(interruptible);
            options.optional(said(stackBytes));
            cache(options);
            options.bool(true).bool(wideArithmetic);
            options.bool(true).bool(customPageSizes);
            options.optional(said(callThreads));
            options.bool(true).bool(signalHandlers);
            options.optional(said(compileCost));
            options.optional(said(memoryReservationBytes));
            options.bool(true).bool(deterministic);
            options.optional(said(poolSlots));
            // end generated
            long handle = Native.engineNew(options.finish());
            return new Engine(handle, new Workers(callThreads, stackBytes));
        }
    }

    /** Its handle. */
    long newStore(HostFunctions lender, Sandbox sandbox) {
        long store = Native.storeNew(handle, sandbox.policy().handle, sandbox.write(lender), lender);
        Reference.reachabilityFence(this);
        Reference.reachabilityFence(sandbox);
        Reference.reachabilityFence(lender);
        return store;
    }
}
