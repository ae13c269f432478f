package dev.landbridge;

import static dev.landbridge.CallTest.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.*;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Functions of Java that guests call: values, exceptions, re-entry, threads, garbage. */
@Timeout(60)
class HostTest {
    /** A guest whose export {@code run} hands its arguments to {@code env.f}. */
    private static String caller(String params, String results, String load) {
        return "(module $caller (import \"env\" \"f\" (func $f " + params + " " + results + "))"
                + "(memory (export \"memory\") 1)"
                + "(func $run (export \"run\") " + params + " " + results + " " + load + " (call $f)))";
    }

    private static final String INT = caller("(param i32)", "(result i32)", "(local.get 0)");
    private static final String VOID = caller("", "", "");

    private static Instance with(String text, HostFunction f) {
        return Module.load(text).instantiate(Imports.builder().func("env", "f", f).build());
    }

    private static Object primitive(String params, String results, Object f, Object... args) {
        StringBuilder load = new StringBuilder();
        for (int i = 0; i < args.length; i++) {
            load.append("(local.get ").append(i).append(") ");
        }
        Imports imports = Imports.builder().func("env", "f", f).build();
        try (Instance instance = Module.load(caller(params, results, load.toString())).instantiate(imports)) {
            return instance.call("run", args);
        }
    }

    interface Mixed {
        double mix(int a, long b, float c, double d);
    }

    interface Five {
        long sum(int a, int b, int c, int d, long e);
    }

    interface Text {
        String join(String a, int b);
    }

    @Test
    void everyPrimitiveInterface() {
        assertEquals(6, primitive("(param i32)", "(result i32)", (IntUnaryOperator) x -> x + 1, 5));
        assertEquals(-1, primitive("(param i32 i32)", "(result i32)", (IntBinaryOperator) (x, y) -> x - y, 1, 2));
        assertEquals(-6L, primitive("(param i64)", "(result i64)", (LongUnaryOperator) x -> x - 1, -5L));
        assertEquals(1L << 40, primitive(
                "(param i64 i64)", "(result i64)", (LongBinaryOperator) (x, y) -> x * y, 1L << 20, 1L << 20));
        assertEquals(2.5, primitive("(param f64)", "(result f64)", (DoubleUnaryOperator) x -> x / 2, 5.0));
        assertEquals(8.0, primitive("(param f64 f64)", "(result f64)", (DoubleBinaryOperator) Math::pow, 2.0, 3.0));
        assertEquals(7, primitive("", "(result i32)", (IntSupplier) () -> 7));
        assertEquals(7L, primitive("", "(result i64)", (LongSupplier) () -> 7));
        assertEquals(7.0, primitive("", "(result f64)", (DoubleSupplier) () -> 7));
        assertEquals(3L, primitive("(param i32)", "(result i64)", (IntToLongFunction) x -> x, 3));
        assertEquals(3.0, primitive("(param i32)", "(result f64)", (IntToDoubleFunction) x -> x, 3));
        assertEquals(3, primitive("(param i64)", "(result i32)", (LongToIntFunction) x -> (int) x, 3L));
        assertEquals(3.0, primitive("(param i64)", "(result f64)", (LongToDoubleFunction) x -> x, 3L));
        assertEquals(3, primitive("(param f64)", "(result i32)", (DoubleToIntFunction) x -> (int) x, 3.5));
        assertEquals(3L, primitive("(param f64)", "(result i64)", (DoubleToLongFunction) x -> (long) x, 3.5));
        List<Object> seen = new ArrayList<>();
        primitive("", "", (Runnable) () -> seen.add("run"));
        primitive("(param i32)", "", (IntConsumer) seen::add, -1);
        primitive("(param i64)", "", (LongConsumer) seen::add, -1L);
        primitive("(param f64)", "", (DoubleConsumer) seen::add, -1.0);
        assertEquals(List.of("run", -1, -1L, -1.0), seen);
    }

    @Test
    void interfacesOfTheUser() {
        Mixed mix = (a, b, c, d) -> a + b + c + d;
        assertEquals(10.5, primitive("(param i32 i64 f32 f64)", "(result f64)", mix, 1, 2L, 3.5f, 4.0));
        Five sum = (a, b, c, d, e) -> a + b + c + d + e;
        assertEquals(15L, primitive("(param i32 i32 i32 i32 i64)", "(result i64)", sum, 1, 2, 3, 4, 5L));
        Text join = (a, b) -> a + b;
        assertEquals("x1", primitive("(param externref i32)", "(result externref)", join, "x", 1));
        fails(ErrorKind.TYPE, "no functional interface", () -> Imports.builder().func("a", "b", new Object()));
        fails(ErrorKind.TYPE, "more than one", () -> Imports.builder().func("a", "b", "text"));
        fails(ErrorKind.TYPE, "generic", () -> Imports.builder().func("a", "b", (Supplier<String>) () -> ""));
    }

    @Test
    void aPrimitiveOfAnotherTypeDoesNotLink() {
        Imports imports = Imports.builder().func("env", "f", (LongUnaryOperator) x -> x).build();
        WasmException e = fails(
                ErrorKind.LINK, "env.f: func (i32) -> (i32) (a (i64) -> (i64) was given)",
                () -> Module.load(INT).instantiate(imports));
        assertTrue(e instanceof LinkError);
        fails(ErrorKind.LINK, "env.f: func (i32) -> (i32)", () -> Module.load(INT).instantiate());
    }

    @Test
    void resultsAreChecked() {
        record Case(Object given, ErrorKind kind, String part) {}
        for (Case c : List.of(
                new Case("x", ErrorKind.TYPE, "result 1 of env.f: expected i32, got String"),
                new Case(new Object[0], ErrorKind.TYPE, "results of env.f: expected 1 (i32), got 0"),
                new Case(List.of(1, 2), ErrorKind.TYPE, "results of env.f: expected 1 (i32), got 2"),
                new Case(1L, ErrorKind.TYPE, "result 1 of env.f: expected i32, got Long"))) {
            try (Instance instance = with(INT, (ctx, args) -> c.given())) {
                fails(c.kind(), c.part(), () -> instance.call("run", 1));
            }
        }
        try (Instance instance = with(INT, (ctx, args) -> null)) {
            fails(ErrorKind.TYPE, "expected 1 (i32), got 0", () -> instance.call("run", 1));
        }
        try (Instance instance = with(VOID, (ctx, args) -> 1)) {
            fails(ErrorKind.TYPE, "expected 0 (), got 1", () -> instance.call("run"));
        }
    }

    @Test
    void theVeryExceptionArrivesWithTheGuestsFrames() {
        IOException boom = new IOException("boom");
        for (int i = 0; i < 3; i++) {
            try (Instance instance = with(VOID, (ctx, args) -> {
                throw boom;
            })) {
                assertSame(boom, assertThrows(IOException.class, () -> instance.call("run")));
                assertSame(boom, assertThrows(IOException.class, () -> instance.func("run").as(Runnable.class).run()));
            }
        }
        assertEquals("run", WasmException.framesOf(boom).get(0).funcName().orElseThrow());
        assertEquals(1, boom.getSuppressed().length, "frames do not pile up");
        assertTrue(boom.getSuppressed()[0].getStackTrace()[0].toString().contains("run"));
        RuntimeException bare = new RuntimeException("bare", null, false, false) {};
        try (Instance instance = with(VOID, (ctx, args) -> {
            throw bare;
        })) {
            assertSame(bare, assertThrows(RuntimeException.class, () -> instance.call("run")));
        }
    }

    @Test
    void oneExceptionOfAThousandInstancesHasTheFramesOfTheLast() {
        RuntimeException boom = new IllegalStateException("one");
        Imports imports = Imports.builder()
                .func("env", "f", (HostFunction) (ctx, args) -> {
                    throw boom;
                })
                .build();
        try (Module module = Module.load(VOID)) {
            for (int i = 0; i < 1000; i++) {
                try (Instance instance = module.instantiate(imports)) {
                    assertSame(boom, assertThrows(RuntimeException.class, () -> instance.call("run")));
                }
                assertEquals(1, WasmException.framesOf(boom).size());
            }
        }
        assertEquals(1, boom.getSuppressed().length);
    }

    @Test
    void aTrapThatIsThrownAgainKeepsTheFramesOfItsOwn() {
        try (Instance guest = Module.load("(module (func $t (export \"t\") unreachable))").instantiate()) {
            Trap trap = assertThrows(Trap.class, () -> guest.call("t"));
            for (int i = 0; i < 3; i++) {
                try (Instance instance = with(VOID, (ctx, args) -> {
                    throw trap;
                })) {
                    assertSame(trap, assertThrows(Trap.class, () -> instance.call("run")));
                }
                assertEquals(2, trap.frames().size(), trap.frames()::toString);
                assertEquals("t", trap.frames().get(0).funcName().orElseThrow());
            }
        }
    }

    @Test
    void throughNestedCallsAndCaughtHalfWay() {
        AtomicReference<Instance> self = new AtomicReference<>();
        Error boom = new AssertionError("deep");
        HostFunction nest = (ctx, args) -> {
            int depth = (int) args[0];
            if (depth == 0) {
                throw boom;
            }
            try {
                return self.get().call("run", depth - 1);
            } catch (AssertionError e) {
                assertSame(boom, e);
                if (depth == 100) {
                    return 42;
                }
                throw e;
            }
        };
        try (Instance instance = with(INT, nest)) {
            self.set(instance);
            assertSame(boom, assertThrows(AssertionError.class, () -> instance.call("run", 9)));
            assertEquals(42, instance.call("run", 100));
            assertEquals(1, boom.getSuppressed().length);
        }
    }

    @Test
    void aTrapThatAHostFunctionLetsPassIsTheSameObject() {
        Instance trap = Module.load("(module (func (export \"t\") unreachable))").instantiate();
        AtomicReference<Trap> inner = new AtomicReference<>();
        try (trap; Instance instance = with(VOID, (ctx, args) -> {
            try {
                return trap.call("t");
            } catch (Trap e) {
                inner.set(e);
                throw e;
            }
        })) {
            Trap outer = assertThrows(Trap.class, () -> instance.call("run"));
            assertSame(inner.get(), outer);
            assertEquals(TrapCode.UNREACHABLE, outer.code());
            assertEquals(0, outer.frames().get(0).funcIndex());
            assertEquals("wasm", outer.getStackTrace()[0].getClassName());
        }
    }

    @Test
    void contextGivesTheCallersExports() throws Exception {
        AtomicReference<HostContext> kept = new AtomicReference<>();
        AtomicReference<Throwable> elsewhere = new AtomicReference<>();
        try (Instance instance = with(INT, (ctx, args) -> {
            kept.set(ctx);
            assertEquals("env.f", ctx.name());
            ctx.memory("memory").writeInt(0, 99);
            assertTrue(ctx.func("run").isSame(ctx.func("run")));
            fails(ErrorKind.NOT_FOUND, "the calling instance has no export named \"nope\"", () -> ctx.memory("nope"));
            fails(ErrorKind.NOT_FOUND, "is a memory, not a table", () -> ctx.table("memory"));
            Thread other = new Thread(() -> elsewhere.set(assertThrows(WasmException.class, () -> ctx.memory("memory"))));
            other.start();
            other.join();
            return args[0];
        })) {
            assertEquals(5, instance.call("run", 5));
            assertEquals(99, instance.memory("memory").readInt(0));
            fails(ErrorKind.CLOSED, "context", () -> kept.get().memory("memory"));
            assertEquals(ErrorKind.CLOSED, ((WasmException) elsewhere.get()).kind());
        }
    }

    @Test
    void instancesOfOneStoreLendToEachOther() {
        try (Store store = new Store();
                Module lib = Module.load(CallTest.CALC);
                Module user = Module.load("(module (import \"lib\" \"add\" (func $a (param i32 i32) (result i32)))"
                        + "(import \"env\" \"g\" (global $g i32))"
                        + "(func (export \"run\") (result i32) (call $a (global.get $g) (i32.const 1))))")) {
            Instance calc = store.instantiate(lib);
            Global g = Global.of(store, new GlobalType(Type.I32, false), 41);
            Imports all = Imports.builder().instance("lib", calc).define("env", "g", g).build();
            assertEquals(42, store.instantiate(user, all).call("run"));
            Imports one = Imports.builder().define("lib", "add", calc.func("add")).define("env", "g", g).build();
            assertEquals(42, store.instantiate(user, one).call("run"));
            fails(ErrorKind.WRONG_STORE, "another store", () -> user.instantiate(one));
        }
    }

    @Test
    void functionsOfJavaInTables() {
        try (Store store = new Store()) {
            FuncType type = new FuncType(List.of(Type.I32, Type.F64), List.of(Type.F64, Type.I32));
            Func swap = Func.of(store, type, (ctx, args) -> new Object[] {args[1], args[0]});
            assertArrayEquals(new Object[] {2.5, 1}, (Object[]) swap.call(1, 2.5));
            Table table = Table.of(store, new TableType(Type.FUNCREF, 2, java.util.OptionalLong.of(3)), null);
            table.set(1, swap);
            assertNull(table.get(0));
            assertTrue(swap.isSame((Func) table.get(1)));
            assertEquals(2, table.grow(1, swap));
            fails(ErrorKind.LIMIT, "cannot grow", () -> table.grow(1, null));
            fails(ErrorKind.OUT_OF_BOUNDS, "element 9", () -> table.get(9));
            fails(ErrorKind.TYPE, "element of a table: expected funcref, got String", () -> table.set(0, "x"));
            assertEquals("table 2 3 funcref", table.type().toString());
        }
    }

    @Test
    void eachThreadGetsItsOwnException() throws Exception {
        Module module = Module.load(INT);
        Instance shared = module.instantiate(Imports.builder().func("env", "f", (HostFunction) (ctx, args) -> {
            throw new IllegalStateException(Thread.currentThread().getName() + " " + args[0]);
        }).build());
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            tasks.add(() -> {
                AtomicReference<Exception> mine = new AtomicReference<>();
                try (Instance own = module.instantiate(Imports.builder().func("env", "f", (IntUnaryOperator) x -> {
                    mine.set(new IllegalArgumentException(Integer.toString(x)));
                    throw (IllegalArgumentException) mine.get();
                }).build())) {
                    for (int i = 0; i < 300; i++) {
                        int n = i;
                        Exception e = assertThrows(IllegalArgumentException.class, () -> own.call("run", n));
                        assertSame(mine.get(), e);
                        Exception f = assertThrows(IllegalStateException.class, () -> shared.call("run", n));
                        assertEquals(Thread.currentThread().getName() + " " + n, f.getMessage());
                    }
                }
                return null;
            });
        }
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try (module; shared) {
            for (Future<Void> done : pool.invokeAll(tasks)) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } finally {
            pool.shutdown();
        }
    }

    /** Whoever waits for its turn holds nothing that the thread inside may need. */
    @Test
    void threadsThatWaitHoldNoMonitor() {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            AtomicReference<Instance> self = new AtomicReference<>();
            AtomicReference<Thread> waiting = new AtomicReference<>();
            try (Instance instance = with(INT, (ctx, args) -> {
                Instance own = self.get();
                Thread other = new Thread(() -> {
                    own.memory("memory").buffer();
                    own.func("run").type();
                    own.as(IntRun.class).run(0);
                });
                if (waiting.compareAndSet(null, other)) {
                    other.start();
                    Thread.sleep(100); // sleeps: it waits by now, which nothing tells
                }
                own.as(IntRun.class);
                return own.memory("memory").buffer().capacity();
            })) {
                self.set(instance);
                assertEquals(65536, instance.call("run", 1));
                waiting.get().join();
            }
        });
    }

    interface IntRun {
        int run(int x);
    }

    private static WeakReference<Instance> selfish() {
        AtomicReference<Instance> self = new AtomicReference<>();
        Instance instance = with(INT, (ctx, args) -> self.get() == null ? 0 : 1);
        self.set(instance);
        assertEquals(1, instance.call("run", 0));
        instance.memory("memory").buffer();
        instance.func("run").as(IntUnaryOperator.class).applyAsInt(1);
        return new WeakReference<>(instance);
    }

    @Test
    void aLambdaThatCapturesItsInstanceIsCollected() throws Exception {
        WeakReference<Instance> gone = selfish();
        Waiting.untilCollected(() -> gone.get() == null);
    }

    @Test
    void aFunctionKeepsItsHostFunctionsAlive() {
        AtomicReference<Func> func = new AtomicReference<>();
        func.set(with(INT, (ctx, args) -> (int) args[0] + 1).func("run"));
        IntUnaryOperator bound = func.get().as(IntUnaryOperator.class);
        func.set(null);
        for (int i = 0; i < 20; i++) {
            System.gc();
            assertEquals(i + 1, bound.applyAsInt(i));
        }
    }

    @Test
    void manyCallbacksInOneCallLeaveNoReferences() {
        String text = "(module (import \"env\" \"f\" (func $f (param externref i32) (result externref)))"
                + "(func (export \"run\") (param externref i32) (result externref) (local $i i32) (local $r externref)"
                + "(loop $l (local.set $r (call $f (local.get 0) (local.get $i)))"
                + "(br_if $l (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get 1))))"
                + "(local.get $r)))";
        try (Instance instance = with(text, (ctx, args) -> args[0])) {
            assertEquals("x", instance.call("run", "x", 100_000));
        }
    }

    @Test
    void aStackOverflowErrorOfTheHostArrives() {
        IntUnaryOperator forever = new IntUnaryOperator() {
            @Override
            public int applyAsInt(int x) {
                return applyAsInt(x + 1) + 1;
            }
        };
        Imports imports = Imports.builder().func("env", "f", forever).build();
        try (Instance instance = Module.load(INT).instantiate(imports)) {
            for (int i = 0; i < 5; i++) {
                assertThrows(StackOverflowError.class, () -> instance.call("run", 0));
            }
        }
        assertFalse(Thread.interrupted());
    }
}
