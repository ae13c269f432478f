package dev.landbridge;

import java.lang.ref.Cleaner;

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
}
