package dev.landbridge;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;

/** Releases the handles of objects that became unreachable. Never blocks: what is in use is freed when it is not. */
final class Handles {
    private static final Cleaner CLEANER = Cleaner.create();

    private Handles() {}

    /** Holds nothing but numbers, so that the owner can be collected. */
    private record Release(int sort, long handle) implements Runnable {
        @Override
        public void run() {
            Native.release(sort, handle);
        }
    }

    /** Releases the handle when the owner is collected, or when the result is told to. */
    static Cleaner.Cleanable own(Object owner, int sort, long handle) {
        return CLEANER.register(owner, new Release(sort, handle));
    }

    /** Giving back what was forgotten may run a guest, which is nothing for the cleaner's thread. */
    private record GiveBack(Release release, Workers workers, AtomicBoolean closed) implements Runnable {
        @Override
        public void run() {
            if (closed.get()) {
                release.run();
            } else {
                workers.run(release);
            }
        }
    }

    /** The same for an instance of a pool. */
    static Cleaner.Cleanable own(Object owner, long instance, Workers workers, AtomicBoolean closed) {
        return CLEANER.register(owner, new GiveBack(new Release(Native.INSTANCE, instance), workers, closed));
    }
}
