package dev.landbridge;

import static dev.landbridge.CallTest.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A function over columns. */
@Timeout(60)
class MapTest {
    private static final Module MODULE = Module.load("""
            (module
              (import "env" "f" (func $f (param i32) (result i32)))
              (global $sum (mut i32) (i32.const 0))
              (func (export "add_i32") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
              (func (export "add_i64") (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1)))
              (func (export "add_f32") (param f32 f32) (result f32) (f32.add (local.get 0) (local.get 1)))
              (func (export "add_f64") (param f64 f64) (result f64) (f64.add (local.get 0) (local.get 1)))
              (func $div (export "div") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
              (func (export "two") (param i32) (result i32 f64)
                (i32.add (local.get 0) (i32.const 1)) (f64.convert_i32_s (local.get 0)))
              (func (export "note") (param i32) (global.set $sum (i32.add (global.get $sum) (local.get 0))))
              (func (export "next") (result i32)
                (global.set $sum (i32.add (global.get $sum) (i32.const 1))) (global.get $sum))
              (func (export "ask") (param i32) (result i32) (call $f (local.get 0)))
              (func (export "spin") (param i32) (result i32)
                (if (i32.eq (local.get 0) (i32.const 5)) (then (loop $l (br $l))))
                (local.get 0))
              (func (export "ref") (param externref)))
            """);

    private static Instance instance(IntUnaryOperator f) {
        return MODULE.instantiate(Imports.builder().func("env", "f", f).build());
    }

    private static Instance instance() {
        return instance(x -> x + 1);
    }

    private static int[] upTo(int rows) {
        return IntStream.range(0, rows).toArray();
    }

    @Test
    void everyTypeAndManyRows() {
        try (Instance it = instance()) {
            for (int rows : new int[] {0, 1, 7, 8, 9, 2048, 100_003}) {
                int[] xs = upTo(rows);
                int[] sums = (int[]) it.func("add_i32").map(xs, xs);
                assertArrayEquals(IntStream.of(xs).map(x -> 2 * x).toArray(), sums);
                double[] reals = IntStream.of(xs).mapToDouble(x -> x / 4.0).toArray();
                assertArrayEquals(IntStream.of(xs).mapToDouble(x -> x / 4.0 + 0.5).toArray(),
                        (double[]) it.func("add_f64").map(reals, 0.5));
                long[] longs = IntStream.of(xs).mapToLong(x -> (long) x << 33).toArray();
                assertArrayEquals(IntStream.of(xs).mapToLong(x -> ((long) x << 33) - 1).toArray(),
                        (long[]) it.func("add_i64").map(-1, longs));
            }
            assertArrayEquals(new float[] {1.5f, 3.5f},
                    (float[]) it.func("add_f32").map(new float[] {1, 2}, new float[] {0.5f, 1.5f}));
            Object[] both = (Object[]) it.func("two").map(new int[] {1, 2});
            assertArrayEquals(new int[] {2, 3}, (int[]) both[0]);
            assertArrayEquals(new double[] {1, 2}, (double[]) both[1]);
            assertNull(it.func("note").map(new int[] {5, 6}));
            assertArrayEquals(new int[] {12, 13, 14}, (int[]) it.func("next").mapRows(3));
            assertArrayEquals(new int[] {3, 3}, (int[]) it.func("add_i32").mapRows(2, 1, 2));
        }
    }

    @Test
    void buffersOfEverySort() {
        try (Instance it = instance()) {
            Func add = it.func("add_i32");
            int[] expected = {11, 12, 13};
            int[] backing = {0, 1, 2, 3, 4};
            assertArrayEquals(expected, (int[]) add.map(IntBuffer.wrap(backing, 1, 3), 10));
            for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
                for (ByteBuffer bytes : new ByteBuffer[] {ByteBuffer.allocate(16), ByteBuffer.allocateDirect(16)}) {
                    bytes.order(order).putInt(9).putInt(1).putInt(2).putInt(3).position(4);
                    assertArrayEquals(expected, (int[]) add.map(bytes, 10));
                    assertArrayEquals(expected, (int[]) add.map(bytes.asReadOnlyBuffer().order(order), 10));
                    assertArrayEquals(expected, (int[]) add.map(bytes.slice().order(order).asIntBuffer(), 10));
                    add.mapInto(bytes, bytes, 10);
                    assertEquals(4, bytes.position(), "it stays where it was");
                    assertEquals(List.of(9, 11, 12, 13), IntStream.range(0, 4).mapToObj(i -> bytes.getInt(4 * i)).toList());
                }
            }
            DoubleBuffer out = ByteBuffer.allocateDirect(800_000).order(ByteOrder.nativeOrder()).asDoubleBuffer();
            double[] xs = IntStream.range(0, 100_000).asDoubleStream().toArray();
            it.func("add_f64").mapInto(out, xs, DoubleBuffer.wrap(xs));
            assertEquals(2.0 * 99_999, out.get(99_999));
            Object[] two = {new int[2], ByteBuffer.allocate(16)};
            it.func("two").mapInto(two, IntBuffer.wrap(new int[] {1, 2}));
            assertArrayEquals(new int[] {2, 3}, (int[]) two[0]);
            assertEquals(2.0, ((ByteBuffer) two[1]).getDouble(8));
        }
    }

    @Test
    void resultsMayGoOverTheArguments() {
        int rows = 20_000;
        try (Instance it = instance()) {
            Func add = it.func("add_i32");
            for (int[] way : new int[][] {{0, 0}, {0, 1}, {1, 0}, {0, rows - 1}}) {
                for (IntBuffer all : memories(2 * rows)) {
                    for (int i = 0; i < 2 * rows; i++) {
                        all.put(i, i);
                    }
                    IntBuffer in = all.slice(way[0], rows);
                    IntBuffer out = all.slice(way[1], rows);
                    add.mapInto(out, way[1] == 1 ? in.asReadOnlyBuffer() : in, 5);
                    int[] found = new int[rows];
                    out.get(0, found);
                    assertArrayEquals(IntStream.range(0, rows).map(i -> way[0] + i + 5).toArray(), found);
                }
            }
            int[] whole = IntStream.range(0, rows).toArray();
            add.mapInto(IntBuffer.wrap(whole, 1, rows - 1), Arrays.copyOf(whole, rows - 1), 0);
            add.mapInto(whole, whole, 1);
            assertEquals(rows - 1, whole[rows - 1]);
            int[] first = IntStream.range(0, 5).toArray();
            add.mapInto(IntBuffer.wrap(first, 0, 5), IntBuffer.wrap(first).asReadOnlyBuffer(), first);
            assertArrayEquals(new int[] {0, 2, 4, 6, 8}, first);
        }
    }

    private static List<IntBuffer> memories(int rows) {
        return List.of(
                IntBuffer.allocate(rows),
                ByteBuffer.allocate(4 * rows).asIntBuffer(),
                ByteBuffer.allocateDirect(4 * rows).order(ByteOrder.nativeOrder()).asIntBuffer(),
                ByteBuffer.allocateDirect(4 * rows).order(ByteOrder.BIG_ENDIAN).asIntBuffer());
    }

    @Test
    void listsAreCheckedAsArgumentsAre() {
        try (Instance it = instance()) {
            assertArrayEquals(new int[] {11, -1},
                    (int[]) it.func("add_i32").map(List.of(1, (Object) 4294967285L), List.of((byte) 10, (short) 10)));
            assertArrayEquals(new double[] {1.5, 2.5},
                    (double[]) it.func("add_f64").map(List.of(1, 2f), List.of(0.5, 0.5)));
            List<Integer> shrinks = new java.util.AbstractList<>() {
                @Override
                public Integer get(int index) {
                    return index;
                }

                @Override
                public int size() {
                    return 5;
                }

                @Override
                public Object[] toArray() {
                    return new Object[] {7, 8};
                }
            };
            assertArrayEquals(new int[] {8, 9}, (int[]) it.func("add_i32").map(shrinks, 1));
            fails(ErrorKind.TYPE, "argument 2 of add_i32 has 3 rows", () -> it.func("add_i32").map(shrinks, new int[3]));
            fails(ErrorKind.TYPE, "argument 1 of add_i32: expected i32, got String",
                    () -> it.func("add_i32").map(List.of(1, "x"), 1));
            fails(ErrorKind.RANGE, "argument 2 of add_i32", () -> it.func("add_i32").map(List.of(1), List.of(1L << 40)));
        }
    }

    @Test
    void whatDoesNotFit() {
        try (Instance it = instance()) {
            Func add = it.func("add_i32");
            int[] two = {1, 2};
            fails(ErrorKind.TYPE, "argument 1 of add_i32: a column of f64, not of i32; convert it to i32 first",
                    () -> add.map(new double[2], two));
            fails(ErrorKind.TYPE, "argument 2 of add_i32: a column of i16, not of i32", () -> add.map(two, new short[2]));
            fails(ErrorKind.TYPE, "argument 2 of add_i32: a column of i8, not of i32", () -> add.map(two, new byte[2]));
            fails(ErrorKind.TYPE, "argument 2 of add_i32: a column of 6 bytes, not of i32",
                    () -> add.map(new int[1], ByteBuffer.allocate(6)));
            fails(ErrorKind.TYPE, "result 1 of add_i32: a column of f32, not of i32", () -> add.mapInto(new float[2], two, 1));
            fails(ErrorKind.TYPE, "read only", () -> add.mapInto(IntBuffer.wrap(two).asReadOnlyBuffer(), two, 1));
            fails(ErrorKind.TYPE, "result 1 of add_i32", () -> add.mapInto("text", two, 1));
            fails(ErrorKind.TYPE, "result 1 of add_i32", () -> add.mapInto(List.of(1, 2), two, 1));
            fails(ErrorKind.TYPE, "argument 2 of add_i32 has 3 rows, but argument 1 of add_i32 has 2",
                    () -> add.map(two, new int[3]));
            fails(ErrorKind.TYPE, "result 1 of add_i32 has 1 rows", () -> add.mapInto(new int[1], two, 1));
            fails(ErrorKind.TYPE, "no column says how many rows", () -> add.map(1, 2));
            fails(ErrorKind.TYPE, "has 2 rows, but rows has 3", () -> add.mapRows(3, two, 2));
            fails(ErrorKind.RANGE, "rows: -1", () -> add.mapRows(-1, 1, 2));
            fails(ErrorKind.TYPE, "arguments of add_i32: expected 2", () -> add.map(two));
            fails(ErrorKind.TYPE, "argument 1 of add_i32", () -> add.map(null, two));
            fails(ErrorKind.TYPE, "results of add_i32: expected 1", () -> add.mapInto(new Object[0], two, 1));
            WasmException e = fails(ErrorKind.TYPE, "ref is", () -> it.func("ref").mapRows(2, "x"));
            assertEquals(OptionalLong.empty(), e.row());
        }
        Instance gone = instance();
        Func add = gone.func("add_i32");
        gone.close();
        fails(ErrorKind.CLOSED, "closed", () -> add.map(new int[2], 1));
    }

    @Test
    void anErrorSaysTheRow() {
        try (Instance it = instance()) {
            int[] by = new int[10_000];
            java.util.Arrays.fill(by, 1);
            by[7777] = 0;
            int[] out = new int[10_000];
            Trap e = assertThrows(Trap.class, () -> it.func("div").mapInto(out, upTo(10_000), by));
            assertEquals(TrapCode.INTEGER_DIVISION_BY_ZERO, e.code());
            assertEquals(OptionalLong.of(7777), e.row());
            assertTrue(e.getMessage().startsWith("row 7777: "), e.getMessage());
            assertEquals("div", e.frames().get(0).funcName().orElse(""));
            assertArrayEquals(upTo(7777), java.util.Arrays.copyOf(out, 7777));
            assertArrayEquals(new int[] {3}, (int[]) it.func("add_i32").map(new int[] {1}, 2), "it goes on");
        }
    }

    @Test
    void whatAHostFunctionThrowsIsTheSame() {
        IllegalStateException thrown = new IllegalStateException("no");
        try (Instance it = instance(x -> {
            if (x == 4000) {
                throw thrown;
            }
            return -x;
        })) {
            int[] out = new int[5000];
            assertSame(thrown, assertThrows(IllegalStateException.class, () -> it.func("ask").mapInto(out, upTo(5000))));
            assertEquals(-3999, out[3999]);
        }
    }

    @Test
    void aHostFunctionMayChangeColumnsAndCallBack() {
        int[] xs = upTo(50_000);
        Instance[] made = new Instance[1];
        made[0] = instance(x -> {
            xs[49_999] = 7;
            return ((int[]) made[0].func("add_i32").map(new int[] {x}, 1))[0];
        });
        try (Instance it = made[0]) {
            int[] out = (int[]) it.func("ask").map(xs);
            assertEquals(101, out[100]);
            assertEquals(8, out[49_999], "chunks are read when they are due");
        }
    }

    @Test
    void limitsAndCancellingHoldAndTellTheRow() throws Exception {
        Imports imports = Imports.builder().func("env", "f", (IntUnaryOperator) x -> x).build();
        Limits limits = Limits.builder().timeout(Duration.ofMillis(30)).build();
        Instance late = MODULE.instantiate(imports, Sandbox.of(Policy.none(), limits));
        WasmException timedOut = fails(ErrorKind.TIMEOUT, "row 5: ", () -> late.func("spin").map(upTo(10)));
        assertEquals(OptionalLong.of(5), timedOut.row());
        late.close();
        try (Instance it = MODULE.instantiate(imports)) {
            Thread me = Thread.currentThread();
            Thread other = new Thread(() -> {
                try {
                    Thread.sleep(30); // sleeps: nothing tells that the guest spins
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                me.interrupt();
            });
            other.start();
            WasmException cancelled = fails(ErrorKind.CANCELLED, "row 5: ", () -> it.func("spin").map(upTo(10)));
            assertTrue(Thread.interrupted());
            other.join();
            assertEquals(OptionalLong.of(5), cancelled.row());
            assertInstanceOf(CancelledError.class, cancelled);
        }
    }

    @Test
    void theGuide() {
        String text = "(module (func (export \"div\") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1))))";
        try (Instance calc = Module.load(text).instantiate()) {
            long row = -1;
            // [map]
            Func divide = calc.func("div");
            int[] prices = {10, 20, 30};
            int[] halves = (int[]) divide.map(prices, 2);         // 5, 10, 15; a number repeats
            try {
                divide.mapInto(prices, prices, new int[] {1, 0, 1}); // into a column that is there
            } catch (Trap trap) {
                row = trap.row().getAsLong();                     // 1: the row that failed
            }
            // [end map]
            assertArrayEquals(new int[] {5, 10, 15}, halves);
            assertEquals(1, row);
        }
    }
}
