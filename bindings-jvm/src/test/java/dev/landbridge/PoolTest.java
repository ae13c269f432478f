package dev.landbridge;

import static dev.landbridge.AsyncCallTest.failure;
import static dev.landbridge.AsyncCallTest.lent;
import static dev.landbridge.CallTest.fails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pools: taking, giving back, waiting, and what callers see of each other. */
@Timeout(120)
class PoolTest {
    private static final Module COUNTER = Module.load("""
            (module $counter
              (global $n (mut i32) (i32.const 0))
              (func $next (export "next") (result i32)
                (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
              (func (export "self") (result funcref) (ref.func $next))
              (func (export "spin") (loop $l (br $l)))
              (func (export "trap") unreachable))
            """);

    private static Pool counters(int max, Pool.Reset reset) {
        return Pool.builder(COUNTER).max(max).reset(reset).build();
    }

    private static Pool asking(int max, HostFunction f) {
        return Pool.builder(Module.load(AsyncCallTest.CALLS)).imports(lent(f)).max(max).build();
    }

    @Test
    void eachCallerGetsAFreshInstance() {
        try (Pool pool = counters(2, Pool.Reset.FRESH)) {
            for (int i = 0; i < 5; i++) {
                assertEquals(1, pool.call("next"));
            }
            assertEquals(new Pool.Counts(1, 0, 0, 6, 5, 0), pool.counts());
            try (Instance one = pool.get(); Instance two = pool.get()) {
                assertEquals(2, pool.counts().taken());
                assertEquals(1, one.call("next"));
                assertEquals(2, one.as(IntNext.class).next());
                assertEquals(1, two.call("next"));
            }
            assertEquals(0, pool.counts().taken());
        }
    }

    @Test
    void instancesAreMadeInSlots() {
        String calc = "(module (func (export \"add\") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))";
        // [slots]
        Engine engine = Engine.builder().poolSlots(100).build(); // once, for all pools together
        try (Module module = Module.load(engine, calc);
                Pool pool = Pool.builder(module).max(4).build()) {
            assertEquals(5, pool.call("add", 2, 3));
            Pool.Counts counts = pool.counts();
            assertEquals(List.of(2L, 2L), List.of(counts.made(), counts.inSlots()));
        }
        // [end slots]
    }

    interface IntNext {
        int next();
    }

    @Test
    void reuseKeepsWhatWasLeftBehind() {
        Sandbox fueled = Sandbox.standard().withLimits(Limits.builder().fuel(1000).build());
        Pool.Builder builder = Pool.builder(COUNTER).sandbox(fueled).max(1).reset(Pool.Reset.REUSE);
        try (Pool pool = builder.build()) {
            for (int i = 1; i < 500; i++) {
                assertEquals(i, pool.call("next"));
            }
            assertEquals(1, pool.counts().made());
            assertThrows(Trap.class, () -> pool.call("trap"));
            assertEquals(500, pool.call("next"));
            fails(ErrorKind.FUEL, "", () -> pool.call("spin"));
            assertEquals(1, pool.call("next"));
            assertEquals(2, pool.counts().made());
        }
    }

    @Test
    void aCallerWaitsOnlySoLong() {
        try (Pool pool = Pool.builder(COUNTER).max(1).wait(Duration.ofMillis(20)).build()) {
            Instance taken = pool.get();
            fails(ErrorKind.BUSY, "all 1 instances of the pool are taken, and none came back in 20 ms", pool::get);
            fails(ErrorKind.BUSY, "", () -> pool.call("next"));
            assertEquals(ErrorKind.BUSY, failure(pool.callAsync("next")).kind());
            taken.close();
            assertEquals(1, pool.call("next"));
        }
        fails(ErrorKind.RANGE, "at least 1", () -> Pool.builder(COUNTER).max(0));
        fails(ErrorKind.RANGE, "wait: PT-0.001S is out of range (PT0S to ", () -> Pool.builder(COUNTER).wait(Duration.ofMillis(-1)));
    }

    @Test
    void interruptedWhileItWaits() throws Exception {
        try (Pool pool = counters(1, Pool.Reset.FRESH); Instance taken = pool.get()) {
            AtomicReference<WasmException> thrown = new AtomicReference<>();
            AtomicBoolean interrupted = new AtomicBoolean();
            Thread waits = new Thread(() -> {
                thrown.set(assertThrows(WasmException.class, pool::get));
                interrupted.set(Thread.currentThread().isInterrupted());
            });
            waits.start();
            Waiting.until(() -> pool.counts().waiting() == 1);
            waits.interrupt();
            waits.join();
            assertEquals(ErrorKind.CANCELLED, thrown.get().kind());
            assertTrue(interrupted.get());
            assertEquals(0, pool.counts().waiting());
            assertEquals(1, taken.call("next"));
        }
    }

    @Test
    void cancelledWhileItWaits() throws Exception {
        try (Pool pool = counters(1, Pool.Reset.FRESH)) {
            try (Instance taken = pool.get()) {
                CompletableFuture<Object> call = pool.callAsync("next");
                Waiting.until(() -> pool.counts().waiting() == 1);
                assertTrue(call.cancel(true));
                Waiting.until(() -> pool.counts().waiting() == 0);
                assertEquals(1, taken.call("next"));
            }
            assertEquals(1, pool.callAsync("next").join());
        }
    }

    @Test
    void whatWasGivenBackIsClosed() {
        try (Pool pool = counters(1, Pool.Reset.FRESH)) {
            Instance taken = pool.get();
            Func next = taken.func("next");
            IntSupplier bound = next.as(IntSupplier.class);
            taken.close();
            taken.close();
            assertEquals(0, pool.counts().taken());
            fails(ErrorKind.CLOSED, "closed", () -> taken.call("next"));
            fails(ErrorKind.CLOSED, "closed", () -> taken.callAsync("next"));
            fails(ErrorKind.CLOSED, "closed", taken::exports);
            fails(ErrorKind.CLOSED, "closed", () -> next.call());
            fails(ErrorKind.CLOSED, "closed", bound::getAsInt);
            assertEquals(ErrorKind.CLOSED, failure(next.callAsync()).kind());
            Func given = (Func) pool.call("self");
            fails(ErrorKind.CLOSED, "closed", () -> given.call());
        }
    }

    /** What was in flight when an instance was given back does not run for the next caller. */
    @Test
    void callsInFlightEndWithTheLease() throws Exception {
        AsyncCallTest.Gate gate = new AsyncCallTest.Gate();
        try (Pool pool = Pool.builder(Module.load(AsyncCallTest.CALLS)).imports(lent(gate)).max(1)
                .reset(Pool.Reset.REUSE).build()) {
            Instance taken = pool.get();
            Func none = taken.func("none");
            CompletableFuture<Object> running = taken.callAsync("ask", 1);
            List<CompletableFuture<Object>> waiting = List.of(taken.callAsync("none"), none.callAsync());
            gate.awaitEntered();
            taken.close(); // Busy, so it is closed in earnest.
            gate.open();
            assertEquals(ErrorKind.CLOSED, failure(running).kind());
            waiting.forEach(call -> assertEquals(ErrorKind.CLOSED, failure(call).kind()));
            assertEquals(2, pool.counts().made());

            Instance again = pool.get();
            Func stale = again.func("none");
            again.close();
            assertEquals(ErrorKind.CLOSED, failure(stale.callAsync()).kind());
            assertEquals(2, pool.counts().made()); // It was reused, and yet is closed to its former caller.
        }
    }

    @Test
    void soManyRunAtATime() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch three = new CountDownLatch(3);
        try (Pool pool = asking(3, (ctx, args) -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            three.countDown();
            three.await();
            inside.decrementAndGet();
            return args[0];
        })) {
            List<CompletableFuture<Object>> calls =
                    IntStream.range(0, 1000).mapToObj(i -> pool.callAsync("ask", i)).toList();
            for (int i = 0; i < 1000; i++) {
                assertEquals(i, calls.get(i).join());
            }
            assertEquals(3, most.get());
            Pool.Counts counts = pool.counts();
            assertEquals(1000, counts.served());
            assertEquals(0, counts.taken() + counts.waiting());
            assertTrue(counts.ready() <= 3, counts::toString);
        }
    }

    @Test
    void closing() {
        Pool pool = counters(2, Pool.Reset.REUSE);
        Instance taken = pool.get();
        pool.close();
        pool.close();
        fails(ErrorKind.CLOSED, "the pool is closed", pool::get);
        fails(ErrorKind.CLOSED, "the pool is closed", () -> pool.call("next"));
        assertEquals(ErrorKind.CLOSED, failure(pool.callAsync("next")).kind());
        assertEquals(1, taken.call("next"));
        taken.close();
        assertEquals(new Pool.Counts(0, 0, 0, 1, 1, 0), pool.counts());
    }

    @Test
    void closedWhileCallsAreInFlight() throws Exception {
        AsyncCallTest.Gate gate = new AsyncCallTest.Gate();
        Pool pool = asking(1, gate);
        CompletableFuture<Object> running = pool.callAsync("ask", 1);
        List<CompletableFuture<Object>> waiting =
                IntStream.range(0, 10).mapToObj(i -> pool.callAsync("none")).toList();
        gate.awaitEntered();
        pool.close();
        gate.open();
        assertEquals(1, running.join()); // What runs goes on.
        waiting.forEach(call -> assertEquals(ErrorKind.CLOSED, failure(call).kind()));
        assertEquals(0, pool.counts().taken());
    }

    @Test
    void cancelledWhileItRuns() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        try (Pool pool = asking(1, (ctx, args) -> {
            begun.countDown();
            return 0;
        })) {
            CompletableFuture<Object> call = pool.callAsync("ask-then-spin", 0);
            CompletableFuture<Object> next = pool.callAsync("add", 1, 2);
            begun.await();
            assertTrue(call.cancel(true));
            assertEquals(3, next.join()); // In a fresh instance.
            assertEquals(0, pool.counts().taken());
        }
    }

    @Test
    void whatCannotBeMadeShowsAtOnce() {
        fails(ErrorKind.LINK, "a.b", () -> Pool.builder(Module.load("(module (import \"a\" \"b\" (func)))")).build());
        IOException boom = new IOException("boom");
        Imports imports = Imports.builder().func("h", "f", (HostFunction) (ctx, args) -> {
            throw boom;
        }).build();
        Module starts = Module.load("(module (import \"h\" \"f\" (func $f)) (start $f))");
        assertSame(boom, assertThrows(IOException.class, () -> Pool.builder(starts).imports(imports).build()));
        Module throwing = Module.load("(module (tag $t (param i32)) (func $f (throw $t (i32.const 7))) (start $f))");
        TaggedException e = assertThrows(TaggedException.class, () -> Pool.builder(throwing).build());
        assertEquals(List.of(7), e.payload());
    }

    /** Forgotten instances come back; those of which anything is left do not. */
    @Test
    void forgottenInstancesComeBack() throws Exception {
        try (Pool pool = asking(2, (ctx, args) -> args[0])) {
            IntAsk kept = pool.get().as(IntAsk.class);
            forget(pool);
            Waiting.untilCollected(() -> kept.ask(5) == 5 && pool.counts().taken() == 1);
            assertEquals(7, kept.ask(7));
        }
    }

    interface IntAsk {
        int ask(int x);
    }

    private static void forget(Pool pool) {
        assertEquals(1, pool.get().call("ask", 1));
        assertEquals(2, pool.counts().taken());
    }

    @Test
    void anInstanceOutlivesItsPool() throws Exception {
        Instance taken = asking(1, (ctx, args) -> args[0]).get();
        Waiting.collect();
        assertEquals(1, taken.call("ask", 1));
        taken.close();
        fails(ErrorKind.CLOSED, "closed", () -> taken.call("ask", 1));
    }

    @Test
    void capturedOutputIsOfEachInstance() {
        String writes = """
                (module (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32)))
                  (memory (export "memory") 1)
                  (data (i32.const 0) "\\08\\00\\00\\00\\02\\00\\00\\00hi")
                  (func (export "write") (drop (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))))
                """;
        Sandbox captures = Sandbox.standard().withStdio(Stdio.builder().stdout(Output.capture()).build());
        try (Module module = Module.load(writes); Pool pool = Pool.builder(module).sandbox(captures).build()) {
            for (int i = 0; i < 3; i++) {
                try (Instance taken = pool.get()) {
                    taken.call("write");
                    assertEquals("hi", new String(taken.store().stdout()));
                }
            }
        }
    }

    @Test
    void manyThreadsShareFewInstances() throws Exception {
        try (Pool pool = counters(3, Pool.Reset.FRESH)) {
            AtomicReference<Throwable> failed = new AtomicReference<>();
            List<Thread> threads = IntStream.range(0, 8).mapToObj(t -> new Thread(() -> {
                try {
                    for (int i = 0; i < 100; i++) {
                        assertEquals(1, pool.call("next"));
                    }
                } catch (Throwable e) {
                    failed.set(e);
                }
            })).toList();
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(null, failed.get());
            assertEquals(800, pool.counts().served());
            assertFalse(pool.counts().ready() > 3);
        }
    }
}
