package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what another thread does, half a minute at most. */
final class Waiting {
    private Waiting() {}

    static void until(BooleanSupplier holds) throws InterruptedException {
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30); !holds.getAsBoolean(); ) {
            assertTrue(System.nanoTime() < end, "it never came to be");
            Thread.sleep(2); // sleeps: a poll
        }
    }

    /** For what shows when garbage is collected. */
    static void untilCollected(BooleanSupplier holds) throws InterruptedException {
        until(() -> {
            System.gc();
            return holds.getAsBoolean();
        });
    }

    /** Gives the collector, and the thread that lets go of what it found, some rounds. */
    static void collect() throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            System.gc();
            Thread.sleep(2); // sleeps: nothing tells that all is done
        }
    }

    /** Does not come back, until it is interrupted. */
    static void forever() throws InterruptedException {
        new CountDownLatch(1).await();
    }
}
