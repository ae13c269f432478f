package dev.landbridge;

import java.lang.ref.Cleaner;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;

/**
 * Releases the handles of objects that became unreachable. Never blocks: what is in use is freed when it is not.
 *
 * <p>This is what a {@link Cleaner} does, but the thread of one would keep the class loader for ever. Here it is a thread of
 * the native side's, and what it will do is held by the class alone: see {@code releaser.rs}. When the loader is
 * collected, the native side releases what is left.
 */
final class Handles {
    private static final ReferenceQueue<Object> UNREACHABLE = new ReferenceQueue<>();

    /** A ring of all there are, so that they are not collected before their objects. */
    private static final Owned RING = new Owned();

    private static volatile boolean watched;

    private Handles() {}

    /** Holds nothing but numbers, so that the owner can be collected. */
    private static class Owned extends PhantomReference<Object> implements Cleaner.Cleanable {
        private final int sort;
        private final long handle;
        private Owned before = this;
        private Owned after = this;

        /** The ring itself. */
        private Owned() {
            super(null, null);
            this.sort = 0;
            this.handle = 0;
        }

        private Owned(Object owner, int sort, long handle) {
            super(owner, UNREACHABLE);
            this.sort = sort;
            this.handle = handle;
            synchronized (RING) {
                before = RING;
                after = RING.after;
                after.before = this;
                RING.after = this;
            }
            Reference.reachabilityFence(owner); // It is not collected before.
        }

        /** Whether it was in the ring until now. */
        private boolean leave() {
            synchronized (RING) {
                boolean was = after != this;
                after.before = before;
                before.after = after;
                before = this;
                after = this;
                return was;
            }
        }

        @Override
        public final void clean() {
            if (leave()) {
                clear();
                run();
            }
        }

        void run() {
            Native.release(sort, handle);
        }
    }

    /** Giving back what was forgotten may run a guest, which is nothing for the thread that releases. */
    private static final class Taken extends Owned {
        private final Workers workers;
        private final AtomicBoolean closed;

        private Taken(Object owner, long instance, Workers workers, AtomicBoolean closed) {
            super(owner, Native.INSTANCE, instance);
            this.workers = workers;
            this.closed = closed;
        }

        @Override
        void run() {
            if (closed.get()) {
                super.run();
            } else {
                workers.run(super::run);
            }
        }
    }

    /** Releases the handle when the owner is collected, or when the result is told to. */
    static Cleaner.Cleanable own(Object owner, int sort, long handle) {
        watch();
        return new Owned(owner, sort, handle);
    }

    /** The same for an instance of a pool. */
    static Cleaner.Cleanable own(Object owner, long instance, Workers workers, AtomicBoolean closed) {
        watch();
        return new Taken(owner, instance, workers, closed);
    }

    /** What a native gives for the handle of an owner, which is not collected before. */
    static <R> R use(Object owner, long handle, LongFunction<R> what) {
        R given = what.apply(handle);
        Reference.reachabilityFence(owner);
        return given;
    }

    /** Has the thread that releases do something once, which must not run a guest nor wait. */
    static void later(Runnable what) {
        watch();
        new Later(what).enqueue();
    }

    /** Something to do for the thread that releases. */
    private static final class Later extends Owned {
        private final Runnable what;

        private Later(Runnable what) {
            super(what, 0, 0);
            this.what = what;
        }

        @Override
        void run() {
            what.run();
        }
    }

    private static void watch() {
        if (!watched) {
            startWatching();
        }
    }

    private static synchronized void startWatching() {
        if (watched) {
            return;
        }
        try {
            Native.watch(UNREACHABLE);
            watched = true;
        } catch (WasmException e) {
            // There are too many threads now. What is forgotten until the next object is made waits for that.
        }
    }

    /** Called by the thread of the native side with what it took out of the queue. */
    static void release(Object reference) {
        ((Owned) reference).clean();
    }
}
