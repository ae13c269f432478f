package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TimeoutTest {
    /** One that takes its time to say whether it is interrupted, as every thread does while a JVM collects garbage. */
    private static final class Slow extends Thread {
        private int asked;

        private Slow(Runnable what) {
            super(what);
        }

        @Override
        public boolean isInterrupted() {
            if (asked++ == 0) {
                try {
                    Thread.sleep(300); // sleeps: it is what takes long
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return super.isInterrupted();
        }
    }

    @Test
    void aGuestIsEndedThoughTheHostWasSlowToLook() throws Exception {
        Sandbox sandbox = Sandbox.of(Policy.none(), Limits.builder().timeout(Duration.ofMillis(600)).build());
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (Module module = Module.load("(module (func (export \"spin\") (loop (br 0))))");
                Instance instance = module.instantiate(Imports.none(), sandbox)) {
            Slow thread = new Slow(() -> instance.call("spin"));
            thread.setUncaughtExceptionHandler((it, e) -> thrown.set(e));
            thread.start();
            thread.join(30_000);
            boolean runs = thread.isAlive();
            instance.store().cancel();
            assertFalse(runs, "the guest runs on");
            assertEquals(TimeoutError.class, thrown.get().getClass());
        }
    }
}
