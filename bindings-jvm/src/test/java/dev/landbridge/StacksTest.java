package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Endless recursion ends as an error on the smallest stacks, and what comes after goes on. */
@Timeout(60)
class StacksTest {
    private static final int ROUNDS = 20;

    private static final Module MODULE = Module.load("""
            (module
              (import "env" "f" (func $f (param i32) (result i32)))
              (func $down (export "down") (param i32) (result i32)
                (i32.add (call $down (local.get 0)) (i32.const 1)))
              (func (export "outer") (param i32) (result i32) (call $f (local.get 0)))
              (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))
            """);

    private static final Module START = Module.load("(module (start $s) (func $s (call $s)))");

    private static final Module START_OF_HOST = Module.load("""
            (module (import "env" "again" (func $again)) (start $again))
            """);

    private static Instance instance() {
        Instance[] made = new Instance[1];
        IntUnaryOperator f = n -> (int) made[0].call("outer", n);
        made[0] = MODULE.instantiate(Imports.builder().func("env", "f", f).build());
        return made[0];
    }

    private static void startAgain() {
        START_OF_HOST.instantiate(Imports.builder().func("env", "again", (Runnable) StacksTest::startAgain).build());
    }

    /** Code of Java's may meet the end of the stack first: a host function, or the look for an interruption. */
    private static void overflows(Runnable what) {
        Throwable e = assertThrows(Throwable.class, what::run);
        boolean ours = e instanceof Trap trap && trap.code() == TrapCode.STACK_OVERFLOW;
        assertTrue(ours || e instanceof StackOverflowError, e::toString);
    }

    private static void everyRecursion() {
        try (Instance instance = instance()) {
            overflows(() -> instance.call("down", 1));
            assertEquals(14, instance.call("twice", 7));
            overflows(() -> instance.call("outer", 1));
            assertEquals(16, instance.call("twice", 8));
            overflows(START::instantiate);
            overflows(StacksTest::startAgain);
            assertEquals(18, instance.call("twice", 9));
        }
    }

    /** Runs it on a thread of its own with so much stack; what it throws comes out. */
    private static void on(long bytes, Runnable what) throws Exception {
        FutureTask<Void> task = new FutureTask<>(what, null);
        new Thread(null, task, "small", bytes).start();
        try {
            task.get();
        } catch (ExecutionException e) {
            throw new AssertionError("with " + bytes + " bytes of stack", e.getCause());
        }
    }

    /** The JVM gives a thread that asks for less than it needs the least that it can. */
    @ParameterizedTest
    @ValueSource(longs = {1, 64 << 10, 128 << 10, 160 << 10, 192 << 10, 256 << 10, 1 << 20, 8 << 20})
    void onFreshThreads(long bytes) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            on(bytes, StacksTest::everyRecursion);
        }
    }

    @RepeatedTest(ROUNDS)
    void onTheThreadOfTheTest() {
        everyRecursion();
    }

    @Test
    void onTheSmallestThreadAgainAndAgain() throws Exception {
        on(1, () -> {
            for (int i = 0; i < ROUNDS; i++) {
                everyRecursion();
            }
        });
    }

    private static void under(int frames, Runnable what) {
        if (frames == 0) {
            what.run();
        } else {
            under(frames - 1, what);
        }
    }

    /** From every depth there is: with much stack left, with little, and with almost none. */
    @Test
    void underFramesOfJava() throws Exception {
        try (Instance instance = instance()) {
            on(256 << 10, () -> {
                int depth = 0;
                try {
                    for (; depth < 100_000; depth += 25) {
                        under(depth, () -> overflows(() -> instance.call("down", 1)));
                        under(depth, () -> assertEquals(14, instance.call("twice", 7)));
                    }
                } catch (StackOverflowError | Trap e) {
                    assertTrue(depth > 100, e::toString);
                }
            });
            assertEquals(14, instance.call("twice", 7));
        }
    }

    /** The process's main thread, which the system made. */
    @Test
    void inAProgramOfItsOwn() throws Exception {
        String library = CheckJniTest.named(CheckJniTest.library());
        for (String stack : new String[] {"-Xss256k", "-Xss4m"}) {
            String text = CheckJniTest.output(library, stack, StacksTest.class.getName());
            assertTrue(text.contains("done"), text);
        }
    }

    public static void main(String[] args) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            everyRecursion();
            on(0, StacksTest::everyRecursion);
        }
        System.out.println("done");
    }
}
