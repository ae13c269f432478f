package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.function.LongBinaryOperator;
import org.junit.jupiter.api.Test;

/** The call by name, the resolved call, and interfaces. */
class CallTest {
    static final String CALC = """
            (module $calc
              (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
              (func (export "add64") (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1)))
              (func (export "addf") (param f32 f32) (result f32) (f32.add (local.get 0) (local.get 1)))
              (func (export "hypot") (param f64 f64) (result f64)
                (f64.sqrt (f64.add (f64.mul (local.get 0) (local.get 0)) (f64.mul (local.get 1) (local.get 1)))))
              (func (export "swap") (param i32 i64) (result i64 i32) (local.get 1) (local.get 0))
              (func (export "nine") (param i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) (local.get 8))
              (func (export "eight") (param i64 f64 i32 f32 i64 i64 i64 i32) (result i32)
                (i32.add (local.get 2) (local.get 7)))
              (func (export "vec") (param v128) (result v128) (local.get 0))
              (func (export "ext") (param externref) (result externref) (local.get 0))
              (func $fun (export "fun") (param funcref) (result funcref) (local.get 0))
              (func (export "nan32") (param f32) (result f32) (local.get 0))
              (func (export "none"))
              (func (export "my-func") (result i32) (i32.const 7))
              (memory (export "memory") 1)
              (elem declare func $fun))
            """;

    interface Calc {
        int add(int a, int b);

        double hypot(double x, double y);

        float addf(float a, float b);

        int eight(long a, double b, int c, float d, long e, long f, long g, int h);

        int nine(int a, int b, int c, int d, int e, int f, int g, int h, int i);

        Object[] swap(int a, long b);

        V128 vec(V128 v);

        String ext(String s);

        Func fun(Func f);

        void none();

        @Export("my-func")
        int myFunc();

        default int twice(int a) {
            return add(a, a);
        }

        static int one() {
            return 1;
        }

        @Override
        String toString();
    }

    private static Instance calc() {
        return Module.load(CALC).instantiate();
    }

    @Test
    void byNameBoxesEveryType() {
        try (Instance calc = calc()) {
            assertEquals(5, (int) calc.call("add", 2, 3));
            assertEquals(-1, calc.call("add", 4294967295L, 0));
            assertEquals(-1L, calc.call("add64", BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE), 0));
            assertEquals(2.5f, calc.call("addf", 1f, 1.5f));
            assertEquals(5.0, calc.call("hypot", 3, 4.0f));
            assertArrayEquals(new Object[] {9L, 8}, (Object[]) calc.call("swap", 8, 9));
            assertEquals(9, calc.call("nine", 1, 2, 3, 4, 5, 6, 7, 8, 9));
            assertEquals(11, calc.call("eight", 1L, 2.0, 3, 4f, 5L, 6L, 7L, 8));
            V128 vector = V128.ofInts(1, 2, 3, 1 << 28);
            assertEquals(vector, calc.call("vec", vector));
            assertEquals(16, vector.bytes()[15]);
            assertNull(calc.call("none"));
            Object object = new Object();
            assertSame(object, calc.call("ext", object));
            assertNull(calc.call("ext", (Object) null));
            Func fun = calc.func("fun");
            assertTrue(fun.isSame((Func) fun.call(fun)));
            assertNull(fun.call((Object) null));
        }
    }

    interface Nan {
        float nan32(float nan);
    }

    @Test
    void nanBitsAreKept() {
        try (Instance calc = calc()) {
            for (int bits : new int[] {0x7fa12345, 0xff800001, 0x7fc00000, 0x80000000}) {
                float nan = Float.intBitsToFloat(bits);
                assertEquals(bits, Float.floatToRawIntBits((float) calc.call("nan32", nan)));
                assertEquals(bits, Float.floatToRawIntBits(calc.as(Nan.class).nan32(nan)));
                assertEquals(bits, V128.ofFloats(nan, nan, nan, nan).ints()[3]);
            }
        }
    }

    @Test
    void lanesOfVectors() {
        V128 vector = V128.ofInts(1, -2, 3, 4);
        assertArrayEquals(new int[] {1, -2, 3, 4}, vector.ints());
        assertEquals("0x0000000400000003fffffffe00000001", vector.toString());
        assertEquals(vector, V128.ofBytes(vector.bytes()));
        assertEquals(vector, V128.ofShorts(vector.shorts()));
        assertEquals(vector, V128.ofLongs(vector.longs()));
        assertEquals(vector, V128.ofFloats(vector.floats()));
        assertEquals(vector, V128.ofDoubles(vector.doubles()));
        assertEquals(1, vector.bytes()[0]);
        assertArrayEquals(new double[] {-0.5, 2}, V128.ofDoubles(-0.5, 2).doubles());
        assertThrows(IllegalArgumentException.class, () -> V128.ofInts(1, 2, 3));
        assertThrows(IllegalArgumentException.class, () -> V128.ofBytes(new byte[17]));
    }

    @Test
    void argumentsAreChecked() {
        try (Instance calc = calc()) {
            fails(ErrorKind.TYPE, "arguments of add: expected 2 (i32, i32), got 1", () -> calc.call("add", 1));
            fails(ErrorKind.TYPE, "argument 2 of add: expected i32, got String", () -> calc.call("add", 1, "2"));
            fails(ErrorKind.TYPE, "argument 1 of add: expected i32, got null", () -> calc.call("add", null, 1));
            fails(ErrorKind.RANGE, "4294967296 is out of range for i32", () -> calc.call("add", 1, 4294967296L));
            fails(ErrorKind.RANGE, "-2147483649", () -> calc.call("add", 1, -2147483649L));
            fails(ErrorKind.RANGE, "i64", () -> calc.call("add64", BigInteger.ONE.shiftLeft(64), 1));
            fails(ErrorKind.TYPE, "expected f32, got Double", () -> calc.call("addf", 1.0, 1f));
            fails(ErrorKind.TYPE, "expected funcref, got Integer", () -> calc.call("fun", 1));
            fails(ErrorKind.NOT_FOUND, "no export is named \"sub\"", () -> calc.call("sub", 1));
            fails(ErrorKind.NOT_FOUND, "the export \"memory\" is a memory, not a func", () -> calc.call("memory"));
        }
    }

    @Test
    void functionalInterfaces() {
        try (Instance calc = calc()) {
            assertEquals(5, calc.func("add").as(IntBinaryOperator.class).applyAsInt(2, 3));
            assertEquals(-5L, calc.func("add64").as(LongBinaryOperator.class).applyAsLong(-2, -3));
            assertEquals(5.0, calc.func("hypot").as(DoubleBinaryOperator.class).applyAsDouble(3, 4));
            calc.func("none").as(Runnable.class).run();
            // The default method of the interface works, too.
            IntUnaryOperator same = Module.load("(module (func (export \"f\") (param i32) (result i32) local.get 0))")
                    .instantiate().func("f").as(IntUnaryOperator.class);
            assertEquals(4, same.andThen(x -> x + 1).applyAsInt(3));
        }
    }

    @Test
    void wholeInterfaces() {
        try (Instance instance = calc()) {
            Calc calc = instance.as(Calc.class);
            assertEquals(5, calc.add(2, 3));
            assertEquals(8, calc.twice(4));
            assertEquals(5.0, calc.hypot(3, 4));
            assertEquals(2.5f, calc.addf(1, 1.5f));
            assertEquals(11, calc.eight(1, 2, 3, 4, 5, 6, 7, 8));
            assertEquals(9, calc.nine(1, 2, 3, 4, 5, 6, 7, 8, 9));
            assertArrayEquals(new Object[] {9L, 8}, calc.swap(8, 9));
            assertEquals(new V128(1, 2), calc.vec(new V128(1, 2)));
            assertEquals("text", calc.ext("text"));
            assertNull(calc.fun(null));
            calc.none();
            assertEquals(7, calc.myFunc());
            assertEquals(calc, calc);
            assertTrue(calc.toString().contains("Calc"));
            assertSame(calc.getClass(), instance.as(Calc.class).getClass());
        }
    }

    interface Wrong {
        long add(int a, int b);

        int missing(int a);

        boolean hypot(double x, double y);

        Integer none();

        Object[] addf(float a, float b);
    }

    @Test
    void everyMismatchIsListedAtOnce() {
        try (Instance instance = calc()) {
            WasmException e = assertThrows(WasmException.class, () -> instance.as(Wrong.class));
            assertEquals(ErrorKind.TYPE, e.kind());
            for (String part : new String[] {
                "add(int, int): the method needs (i32, i32) -> (i64), found (i32, i32) -> (i32)",
                "missing(int): no export is named \"missing\"",
                "hypot(double, double): result is boolean: use int for i32",
                "none(): result is java.lang.Integer: use the primitive type",
                "addf(float, float): the method needs (f32, f32) -> several results",
            }) {
                assertTrue(e.message().contains(part), e.message());
            }
            Func add = instance.func("add");
            fails(ErrorKind.TYPE, "generic type", () -> add.as(Function.class));
            fails(ErrorKind.TYPE, "boolean", () -> add.as(IntPredicate.class));
            fails(ErrorKind.TYPE, "not an interface", () -> add.as(String.class));
            fails(ErrorKind.TYPE, "abstract methods", () -> add.as(Calc.class));
        }
    }

    private interface OneMissing {
        int missing();
    }

    @Test
    void onlyMissingIsNotFound() {
        try (Instance instance = calc()) {
            fails(ErrorKind.NOT_FOUND, "missing()", () -> instance.as(OneMissing.class));
        }
    }

    /** A local interface, as in a method of a program. */
    @Test
    void localInterfaces() {
        interface Local {
            int add(int a, int b);
        }
        try (Instance instance = calc()) {
            assertEquals(3, instance.as(Local.class).add(1, 2));
        }
    }

    static WasmException fails(ErrorKind kind, String part, org.junit.jupiter.api.function.Executable what) {
        Throwable thrown = assertThrows(Throwable.class, what);
        WasmException e = assertInstanceOf(WasmException.class, thrown, thrown.toString());
        assertEquals(kind, e.kind(), e.message());
        assertTrue(e.message().contains(part), e.message());
        return e;
    }
}
