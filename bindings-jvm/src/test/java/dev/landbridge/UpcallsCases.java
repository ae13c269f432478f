package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** What must be the same by both ways of {@link UpcallsTest}, which runs them. */
class UpcallsCases {
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable e) throws T {
        throw (T) e;
    }

    @Test
    void theVeryThrowable() {
        for (Throwable thrown : List.of(new IOException("io"), new StackOverflowError(), new OutOfMemoryError("ours"),
                new ThreadDeath(), new AssertionError())) {
            try (Instance instance = UpcallsTest.instance(x -> {
                if (x == 5) {
                    throw UpcallsCases.<RuntimeException>sneaky(thrown);
                }
                return x + 1;
            })) {
                assertSame(thrown, assertThrows(Throwable.class, () -> instance.call("run", 10)));
                assertEquals(4, instance.call("run", 4), "it goes on");
            }
        }
    }

    @Test
    void anExitAndATaggedExceptionAreWhatTheyAre() {
        try (Instance instance = UpcallsTest.instance(x -> {
            throw new Exit(7);
        })) {
            assertEquals(7, assertThrows(Exit.class, () -> instance.call("run", 1)).exitCode());
        }
    }

    @Test
    void reentry() {
        Instance[] inner = new Instance[1];
        inner[0] = UpcallsTest.instance(x -> x < 3 ? (int) inner[0].call("run", 1) + x + 3 : x + 1);
        try (Instance instance = inner[0]) {
            assertThrows(Throwable.class, () -> instance.call("run", 1), "without end");
            IntUnaryOperator twice = x -> x + 1;
            try (Instance other = UpcallsTest.instance(twice)) {
                assertEquals(9, other.call("run", 9));
            }
        }
    }

    @Test
    void anInterruptEndsCallbacks() throws Exception {
        try (Instance instance = UpcallsTest.instance(x -> 0)) {
            FutureTask<Throwable> task =
                    new FutureTask<>(() -> assertThrows(CancelledError.class, () -> instance.call("run", 0)));
            Thread thread = new Thread(task);
            thread.start();
            // sleeps: until the guest runs; an interrupt that comes before it ends the call too
            Thread.sleep(50);
            thread.interrupt();
            assertEquals(ErrorKind.CANCELLED, ((WasmException) task.get()).kind());
        }
    }

    /** One that is a daemon, and a virtual one where there are such. */
    @Test
    void everySortOfThread() throws Exception {
        List<Thread> threads = new ArrayList<>();
        FutureTask<Object> daemon = new FutureTask<>(UpcallsCases::onThisThread);
        Thread made = new Thread(daemon);
        made.setDaemon(true);
        threads.add(made);
        UpcallsTest.onThread(made, daemon);
        if (Runtime.version().feature() >= 21) {
            FutureTask<Object> virtual = new FutureTask<>(UpcallsCases::onThisThread);
            ((Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, virtual)).join();
            virtual.get();
        }
    }

    private static Object onThisThread() {
        try (Instance instance = UpcallsTest.instance(x -> {
            Thread.yield();
            return x + 1;
        })) {
            assertEquals(1000, instance.call("run", 1000));
            IOException thrown = new IOException();
            try (Instance failing = UpcallsTest.instance(x -> {
                throw UpcallsCases.<RuntimeException>sneaky(thrown);
            })) {
                assertSame(thrown, assertThrows(IOException.class, () -> failing.call("run", 1)));
            }
        }
        return null;
    }

    @Test
    void numbersAreUsedAgain() {
        for (int i = 0; i < 200; i++) {
            int step = i;
            try (Instance instance = UpcallsTest.instance(x -> x + step)) {
                assertEquals(300 * step, instance.call("run", 300));
            }
        }
    }
}
