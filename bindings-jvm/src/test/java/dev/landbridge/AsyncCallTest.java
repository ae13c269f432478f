package dev.landbridge;

import static dev.landbridge.CallTest.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Calls in flight: threads, order, what comes out, and cancelling. */
@Timeout(120)
class AsyncCallTest {
    static final String CALLS = """
            (module $calls
              (import "h" "f" (func $f (param i32) (result i32)))
              (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
              (func (export "swap") (param i32 i64) (result i64 i32) (local.get 1) (local.get 0))
              (func (export "none"))
              (func (export "same") (param externref) (result externref) (local.get 0))
              (func $trap (export "trap") unreachable)
              (func $spin (export "spin") (loop $l (br $l)))
              (func $deep (export "deep") (result i32) (i32.add (call $deep) (i32.const 1)))
              (func (export "ask") (param i32) (result i32) (call $f (local.get 0)))
              (func (export "ask-then-spin") (param i32) (drop (call $f (local.get 0))) (call $spin)))
            """;

    private static final HostFunction ECHO = (ctx, args) -> args[0];

    static Imports lent(HostFunction f) {
        return Imports.builder().func("h", "f", f).build();
    }

    private static Instance with(HostFunction f) {
        return Module.load(CALLS).instantiate(lent(f));
    }

    private static Instance with(Engine engine, HostFunction f) {
        return Module.load(engine, CALLS).instantiate(lent(f));
    }

    /** Of an engine with so many threads. */
    private static Engine threads(int most) {
        return Engine.builder().callThreads(most).build();
    }

    /** A host function that is held until it is let go. */
    static final class Gate implements HostFunction {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);

        @Override
        public Object call(HostContext context, Object[] args) throws InterruptedException {
            entered.countDown();
            open.await();
            return args[0];
        }

        void awaitEntered() throws InterruptedException {
            entered.await();
        }

        void open() {
            open.countDown();
        }
    }

    static WasmException failure(CompletableFuture<?> call) {
        Throwable cause = assertThrows(CompletionException.class, call::join).getCause();
        return assertInstanceOf(WasmException.class, cause, () -> cause.toString());
    }

    private static ErrorKind kind(CompletableFuture<?> call) {
        return failure(call).kind();
    }

    @Test
    void aThousandAreInFlight() {
        List<Instance> guests = IntStream.range(0, 10).mapToObj(i -> with(ECHO)).toList();
        List<CompletableFuture<Object>> calls = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Instance guest = guests.get(i % 2 == 0 ? 0 : i % 10);
            calls.add(i % 3 == 0 ? guest.callAsync("ask", i) : guest.func("add").callAsync(i - 1, 1));
        }
        for (int i = 0; i < 1000; i++) {
            assertEquals(i, calls.get(i).join());
        }
        guests.forEach(Instance::close);
    }

    @Test
    void everySortOfResult() {
        try (Instance guest = with(ECHO)) {
            assertEquals(5, guest.callAsync("add", 2, 3).join());
            assertArrayEquals(new Object[] {2L, 1}, (Object[]) guest.callAsync("swap", 1, 2L).join());
            assertNull(guest.callAsync("none").join());
            Object object = new Object();
            assertSame(object, guest.callAsync("same", object).join());
            Object[] args = {2, 3};
            CompletableFuture<Object> copied = guest.func("add").callAsync(args);
            args[0] = 100;
            assertEquals(5, copied.join());
        }
    }

    @Test
    void callsOfAStoreKeepTheirOrder() {
        List<Object> seen = new CopyOnWriteArrayList<>();
        try (Instance guest = with((ctx, args) -> {
            seen.add(args[0]);
            return 0;
        })) {
            List<CompletableFuture<Object>> calls =
                    IntStream.range(0, 200).mapToObj(i -> guest.callAsync("ask", i)).toList();
            calls.forEach(CompletableFuture::join);
            assertEquals(IntStream.range(0, 200).boxed().toList(), seen);
        }
    }

    @Test
    void onOrdinaryThreadsOfJava() throws Exception {
        AtomicReference<Thread> ran = new AtomicReference<>();
        Gate gate = new Gate();
        try (Instance guest = with(threads(1), (ctx, args) -> {
            ran.set(Thread.currentThread());
            return gate.call(ctx, args);
        })) {
            CompletableFuture<Object> call = guest.callAsync("ask", 1);
            CompletableFuture<Thread> followed = call.thenApply(given -> Thread.currentThread());
            gate.awaitEntered();
            gate.open();
            assertSame(ran.get(), followed.get());
            assertEquals("landbridge-call-1", ran.get().getName());
            assertTrue(ran.get().isDaemon());
            guest.callAsync("ask", 1).join();
            assertEquals("landbridge-call-1", ran.get().getName());
        }
        fails(ErrorKind.RANGE, "callThreads: 0", () -> Engine.builder().callThreads(0));
    }

    @Test
    void whatFailsComesOutAsItself() {
        IOException boom = new IOException("boom");
        try (Instance guest = with((ctx, args) -> {
            throw boom;
        })) {
            Trap trap = (Trap) failure(guest.callAsync("trap"));
            assertEquals(TrapCode.UNREACHABLE, trap.code());
            assertEquals("trap", trap.frames().get(0).funcName().orElseThrow());
            assertEquals("calls", trap.getStackTrace()[0].getClassName());
            assertEquals(TrapCode.STACK_OVERFLOW, ((Trap) failure(guest.callAsync("deep"))).code());
            CompletableFuture<Object> thrown = guest.callAsync("ask", 1);
            assertSame(boom, assertThrows(ExecutionException.class, thrown::get).getCause());
            assertEquals(1, WasmException.framesOf(boom).size());
            assertEquals(ErrorKind.TYPE, kind(guest.callAsync("add", 1, "2")));
            assertEquals(3, guest.callAsync("add", 1, 2).join());
        }
    }

    @Test
    void whatIsWrongAtOnceIsThrownAtOnce() {
        Instance guest = with(ECHO);
        for (int i = 0; i < 2; i++) {
            fails(ErrorKind.TYPE, "arguments of add: expected 2 (i32, i32), got 1", () -> guest.callAsync("add", 1));
            guest.call("add", 1, 2); // Looked up from here on.
        }
        fails(ErrorKind.TYPE, "got 3", () -> guest.func("add").callAsync(1, 2, 3));
        fails(ErrorKind.NOT_FOUND, "\"nothing\"", () -> guest.callAsync("nothing"));
        assertThrows(NullPointerException.class, () -> guest.callAsync(null));
        guest.close();
        fails(ErrorKind.CLOSED, "closed", () -> guest.callAsync("add", 1, 2));
        fails(ErrorKind.CLOSED, "closed", () -> guest.callAsync("none"));
        assertEquals(ErrorKind.CLOSED, kind(guest.runAsync()));
    }

    @Test
    void aBusyStoreHoldsOneThread() throws Exception {
        Engine engine = threads(2);
        Gate gate = new Gate();
        try (Instance busy = with(engine, gate); Instance other = with(engine, ECHO)) {
            List<CompletableFuture<Object>> held =
                    IntStream.range(0, 20).mapToObj(i -> busy.callAsync("ask", i)).toList();
            gate.awaitEntered();
            // Neither the call nor looking up what it calls waits for the store.
            CompletableFuture<Object> first = busy.callAsync("add", 2, 3);
            assertEquals(5, other.callAsync("add", 2, 3).join());
            assertFalse(first.isDone());
            gate.open();
            assertEquals(19, held.get(19).join());
            assertEquals(5, first.join());
        }
    }

    /** The next call of a store does not wait for what follows the one before. */
    @Test
    void whatFollowsMayCallAndWait() {
        try (Instance guest = with(threads(2), ECHO)) {
            CompletableFuture<Object> sum = guest.callAsync("add", 1, 2)
                    .thenApply(three -> guest.callAsync("add", three, 4).join())
                    .thenCompose(seven -> guest.callAsync("ask", seven));
            assertEquals(7, sum.join());
            CompletableFuture<Object> failed = guest.callAsync("none").thenApply(none -> {
                throw new IllegalStateException("in what follows");
            });
            Throwable cause = assertThrows(CompletionException.class, failed::join).getCause();
            assertInstanceOf(IllegalStateException.class, cause);
            assertNull(guest.callAsync("none").join());
        }
    }

    @Test
    void cancelledBeforeItBegan() throws Exception {
        Gate gate = new Gate();
        AtomicInteger begun = new AtomicInteger();
        try (Instance guest = with((ctx, args) -> {
            begun.incrementAndGet();
            return gate.call(ctx, args);
        })) {
            CompletableFuture<Object> first = guest.callAsync("ask", 1);
            CompletableFuture<Object> second = guest.callAsync("ask", 2);
            CompletableFuture<Object> third = guest.callAsync("ask", 3);
            gate.awaitEntered();
            assertTrue(second.cancel(false));
            assertTrue(second.isCancelled());
            assertThrows(CancellationException.class, second::join);
            gate.open();
            assertEquals(1, first.join());
            assertEquals(3, third.join());
            assertEquals(2, begun.get());
            // One that is done stays as it is, and harms no later one.
            assertFalse(third.cancel(true));
            assertEquals(3, third.join());
            assertEquals(4, guest.call("ask", 4));
        }
    }

    @Test
    void cancelledWhileItRuns() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Engine engine = threads(1);
        try (Instance guest = with(engine, (ctx, args) -> {
            begun.countDown();
            return 0;
        }); Instance other = with(engine, (ctx, args) -> Thread.currentThread().isInterrupted() ? 1 : 0)) {
            CompletableFuture<Object> call = guest.callAsync("ask-then-spin", 0);
            CompletableFuture<Object> next = guest.callAsync("none");
            begun.await();
            assertTrue(call.cancel(true));
            assertTrue(call.isCancelled());
            // The one thread is free again, and not interrupted.
            assertEquals(ErrorKind.POISONED, kind(next));
            assertEquals(0, other.callAsync("ask", 0).join());
        }
    }

    @Test
    void cancelledInAFunctionOfJava() throws Exception {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        CountDownLatch begun = new CountDownLatch(1);
        HostFunction sleeps = (ctx, args) -> {
            begun.countDown();
            try {
                Waiting.forever();
            } catch (InterruptedException e) {
                seen.set(e); // And nothing else: the guest goes on, for now.
            }
            return 0;
        };
        try (Instance guest = with(sleeps)) {
            CompletableFuture<Object> call = guest.callAsync("ask-then-spin", 0);
            CompletableFuture<Object> next = guest.callAsync("none");
            begun.await();
            call.cancel(true);
            assertEquals(ErrorKind.POISONED, kind(next));
            assertInstanceOf(InterruptedException.class, seen.get());
        }
    }

    @Test
    void whatIsDerivedCancelsNothing() throws Exception {
        Gate gate = new Gate();
        try (Instance guest = with(gate)) {
            CompletableFuture<Object> call = guest.callAsync("ask", 1);
            CompletableFuture<Object> derived = call.thenApply(given -> given);
            gate.awaitEntered();
            assertTrue(derived.cancel(true));
            assertTrue(call.copy().cancel(true));
            gate.open();
            assertEquals(1, call.join());
        }
    }

    /** However the cancel and the end of a call meet, the thread comes out of it clean. */
    @Test
    void noInterruptStrays() {
        Engine engine = threads(1);
        HostFunction canary = (ctx, args) -> {
            Thread.sleep(0); // Throws if this thread is interrupted.
            return Thread.currentThread().isInterrupted() ? 1 : 0;
        };
        try (Instance brief = with(engine, ECHO); Instance other = with(engine, canary)) {
            for (int i = 0; i < 3000; i++) {
                CompletableFuture<Object> call = brief.callAsync("ask", i);
                CompletableFuture<Object> after = other.callAsync("ask", i);
                for (int spin = i % 100; spin > 0; spin--) {
                    Thread.onSpinWait();
                }
                if (!call.cancel(true)) {
                    assertEquals(i, call.join());
                }
                assertEquals(0, after.join());
            }
            assertEquals(1, brief.call("ask", 1));
        }
    }

    /** A call holds the turn of the guest's store until the gate is opened. */
    private static Thread holding(Instance guest, Gate gate) throws InterruptedException {
        Thread inside = new Thread(() -> guest.call("ask", 1));
        inside.start();
        gate.awaitEntered();
        return inside;
    }

    @Test
    void cancelledWhileItWaitsForItsTurn() throws Exception {
        Engine engine = threads(1);
        Gate gate = new Gate();
        try (Instance guest = with(engine, gate); Instance other = with(engine, ECHO)) {
            Thread inside = holding(guest, gate);
            CompletableFuture<Object> call = guest.callAsync("add", 1, 2);
            CompletableFuture<Object> behind = other.callAsync("add", 1, 2);
            Thread.sleep(30); // sleeps: it waits by now, which nothing tells
            assertTrue(call.cancel(true));
            assertEquals(3, behind.join()); // The one thread waits no more.
            gate.open();
            inside.join();
            assertEquals(3, guest.callAsync("add", 1, 2).join());
        }
    }

    @Test
    void interruptedWhileItWaitsForItsTurn() throws Exception {
        Gate gate = new Gate();
        try (Instance guest = with(gate)) {
            Func add = guest.func("add");
            Thread inside = holding(guest, gate);
            AtomicReference<WasmException> thrown = new AtomicReference<>();
            AtomicReference<Boolean> interrupted = new AtomicReference<>();
            Thread waits = new Thread(() -> {
                thrown.set(assertThrows(WasmException.class, () -> add.call(1, 2)));
                interrupted.set(Thread.currentThread().isInterrupted());
            });
            waits.start();
            Thread.sleep(30); // sleeps: it waits by now, which nothing tells
            assertTrue(waits.isAlive());
            waits.interrupt();
            waits.join();
            assertEquals(ErrorKind.CANCELLED, thrown.get().kind());
            assertTrue(thrown.get().message().contains("interrupted"), thrown.get().message());
            assertTrue(interrupted.get(), "the state stays set");
            gate.open();
            inside.join();
            assertEquals(3, add.call(1, 2)); // Nothing has happened.
        }
    }

    @Test
    void deadlines() throws Exception {
        Limits limits = Limits.builder().timeout(Duration.ofMillis(30)).build();
        try (Instance guest = Module.load(CALLS).instantiate(lent(ECHO), Policy.none(), limits)) {
            assertInstanceOf(LimitExceeded.class, failure(guest.callAsync("spin")));
        }
        CountDownLatch begun = new CountDownLatch(1);
        try (Instance guest = with((ctx, args) -> {
            begun.countDown();
            return 0;
        })) {
            CompletableFuture<Object> call = guest.callAsync("ask-then-spin", 0);
            CompletableFuture<Object> next = guest.callAsync("none");
            begun.await();
            ExecutionException e =
                    assertThrows(ExecutionException.class, call.orTimeout(10, TimeUnit.MILLISECONDS)::get);
            assertInstanceOf(TimeoutException.class, e.getCause());
            assertFalse(next.isDone()); // The guest goes on,
            call.cancel(true); // until it is told.
            assertEquals(ErrorKind.POISONED, kind(next));
            assertInstanceOf(TimeoutException.class, assertThrows(CompletionException.class, call::join).getCause());
        }
    }

    @Test
    void closedWhileCallsAreInFlight() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Instance guest = with((ctx, args) -> {
            begun.countDown();
            return 0;
        });
        Func none = guest.func("none");
        CompletableFuture<Object> running = guest.callAsync("ask-then-spin", 0);
        List<CompletableFuture<Object>> waiting =
                List.of(guest.callAsync("none"), none.callAsync(), guest.callAsync("none"));
        begun.await();
        guest.close();
        assertEquals(ErrorKind.CLOSED, kind(running));
        waiting.forEach(call -> assertEquals(ErrorKind.CLOSED, kind(call)));
        assertEquals(ErrorKind.CLOSED, kind(none.callAsync()));
    }

    /** Whoever has the future needs nothing else. */
    @Test
    void nothingElseIsKept() throws Exception {
        for (int i = 0; i < 20; i++) {
            Gate gate = new Gate();
            CompletableFuture<Object> first = with(threads(1), gate).callAsync("ask", i);
            CompletableFuture<Object> second = with(threads(1), ECHO).callAsync("ask", i);
            gate.awaitEntered();
            System.gc();
            gate.open();
            assertEquals(i, first.join());
            assertEquals(i, second.join());
        }
    }

    @Test
    void manyEngines() {
        List<CompletableFuture<Object>> calls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Instance guest = with(threads(1 + i % 3), ECHO);
            for (int n = 0; n < 10; n++) {
                calls.add(guest.callAsync("add", i, n));
            }
        }
        for (int i = 0; i < calls.size(); i++) {
            assertEquals(i / 10 + i % 10, calls.get(i).join());
        }
    }

    @Test
    void programs() {
        String exits = """
                (module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
                  (memory (export "memory") 1)
                  (func (export "_start") (call $exit (i32.const 7))))
                """;
        try (Instance program = Module.load(exits).instantiate(); Instance none = with(ECHO)) {
            CompletableFuture<Integer> code = program.runAsync();
            assertEquals(7, code.join());
            assertEquals(ErrorKind.NOT_FOUND, kind(none.runAsync()));
        }
    }

    interface Later {
        CompletableFuture<Integer> add(int a, int b);

        CompletableFuture<Object[]> swap(int a, long b);

        CompletableFuture<Void> none();

        CompletableFuture<Object> same(Object given);

        @Export("add")
        int now(int a, int b);
    }

    @Test
    void interfaces() {
        try (Instance guest = with(ECHO)) {
            Later later = guest.as(Later.class);
            assertEquals(5, later.add(2, 3).join() + later.now(-1, 1));
            assertArrayEquals(new Object[] {2L, 1}, later.swap(1, 2).join());
            assertNull(later.none().join());
            assertSame(later, later.same(later).join());
        }
    }

    interface Wrong {
        CompletableFuture<Long> add(int a, int b);

        CompletableFuture<Boolean> ask(int a);

        CompletableFuture<?> none();
    }

    @Test
    void interfacesThatDoNotFit() {
        try (Instance guest = with(ECHO)) {
            WasmException e = fails(ErrorKind.TYPE, "needs (i32, i32) -> (i64), found", () -> guest.as(Wrong.class));
            assertTrue(e.message().contains("ask(int): result is java.lang.Boolean: use Integer for i32"), e.message());
            assertTrue(e.message().contains("none(): result is ?: a generic type"), e.message());
        }
    }

    /** By name, since the baseline is older: a virtual thread may call, wait, and be interrupted like any other. */
    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void virtualThreads() throws Exception {
        Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
        Gate gate = new Gate();
        CountDownLatch begun = new CountDownLatch(1);
        List<Object> seen = new CopyOnWriteArrayList<>();
        try (Instance guest = with(gate); Instance spins = with((ctx, args) -> {
            begun.countDown();
            return 0;
        })) {
            CompletableFuture<Object> call = guest.callAsync("ask", 7);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                Runnable joins = () -> seen.add(call.join());
                threads.add((Thread) start.invoke(null, joins));
            }
            gate.awaitEntered();
            gate.open();
            Runnable calls = () -> seen.add(guest.call("add", 3, 4));
            threads.add((Thread) start.invoke(null, calls));
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(101, seen.stream().filter(given -> given.equals(7)).count());
            Runnable runs = () -> seen.add(
                    fails(ErrorKind.CANCELLED, "interrupted", () -> spins.call("ask-then-spin", 0)).kind());
            Thread spinner = (Thread) start.invoke(null, runs);
            begun.await();
            spinner.interrupt();
            spinner.join();
            assertEquals(ErrorKind.CANCELLED, seen.get(101));
        }
    }
}
