package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The JVM and the engine both live off signals: each gets its own, however they alternate. */
@Timeout(120)
class SignalsTest {
    private static final int TIMES = 10_000;

    /** Small, so that overflowing them thousands of times does not take long. */
    private static final int STACK_BYTES = 256 << 10, GUEST_STACK_BYTES = 64 << 10;

    private static final String GUEST = """
            (module
              (import "env" "f" (func $f (param i32) (result i32)))
              (memory 1 1)
              (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
              (func (export "div") (param i32) (result i32) (i32.div_s (i32.const 6) (local.get 0)))
              (func $down (export "down") (call $down))
              (func (export "call") (param i32) (result i32) (call $f (local.get 0))))
            """;

    private static final Module MODULE =
            Module.load(Engine.builder().stackBytes(GUEST_STACK_BYTES).build(), GUEST);

    private static final class Node {
        int value = 1;
    }

    /** Compiled code has no check for null here: it reads, and the signal becomes the exception. */
    private static int value(Node node) {
        return node.value;
    }

    private static int quotient(int divisor) {
        return 6 / divisor;
    }

    private static int forever(int x) {
        return forever(x + 1) + 1;
    }

    private static Instance guest(IntUnaryOperator f) {
        return MODULE.instantiate(Imports.builder().func("env", "f", f).build());
    }

    private static void traps(TrapCode code, Instance instance, String name, Object... args) {
        Trap trap = assertThrows(Trap.class, () -> instance.call(name, args));
        assertEquals(code, trap.code());
    }

    /** Makes the JIT compile what is to raise signals. */
    private static void warmUp() {
        Node node = new Node();
        int sum = 0;
        for (int i = 0; i < 200_000; i++) {
            sum += value(node) + quotient(3);
        }
        assertEquals(600_000, sum);
    }

    private static void alternate(int times) {
        warmUp();
        try (Instance instance = guest(x -> x)) {
            for (int i = 0; i < times; i++) {
                traps(TrapCode.MEMORY_OUT_OF_BOUNDS, instance, "load", 65536 + i);
                assertThrows(NullPointerException.class, () -> value(null));
                traps(TrapCode.INTEGER_DIVISION_BY_ZERO, instance, "div", 0);
                assertThrows(ArithmeticException.class, () -> quotient(0));
                traps(TrapCode.STACK_OVERFLOW, instance, "down");
                if (i % 5 == 0) {
                    assertThrows(StackOverflowError.class, () -> forever(0));
                }
            }
            assertEquals(3, instance.call("div", 2));
        }
    }

    /** Runs it in so many threads with small stacks; what one of them throws comes out. */
    private static void inThreads(int count, Runnable what) throws Exception {
        List<FutureTask<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            FutureTask<Void> task = new FutureTask<>(what, null);
            tasks.add(task);
            new Thread(null, task, "signals", STACK_BYTES).start();
        }
        for (FutureTask<Void> task : tasks) {
            task.get();
        }
    }

    @Test
    void trapsAndExceptionsAlternateInOneThread() throws Exception {
        inThreads(1, () -> alternate(TIMES));
    }

    @Test
    void trapsAndExceptionsAlternateInSeveralThreads() throws Exception {
        inThreads(4, () -> alternate(TIMES / 4));
    }

    /** The second compiler checks for null itself where it often met it; the first never does. */
    @Test
    void trapsAndExceptionsAlternateInCodeOfTheFirstCompiler() throws Exception {
        String library = CheckJniTest.named(CheckJniTest.library());
        String text = CheckJniTest.output(library, "-XX:TieredStopAtLevel=1", SignalsTest.class.getName());
        assertTrue(text.contains("done"), text);
    }

    public static void main(String[] args) throws Exception {
        inThreads(1, () -> alternate(TIMES));
        System.out.println("done");
    }

    @Test
    void signalsOfHostFunctionsBelowGuests() {
        NullPointerException[] seen = new NullPointerException[1];
        try (Instance inner = guest(x -> x);
                Instance outer = guest(x -> {
                    traps(TrapCode.MEMORY_OUT_OF_BOUNDS, inner, "load", -4);
                    seen[0] = assertThrows(NullPointerException.class, () -> value(null));
                    traps(TrapCode.INTEGER_DIVISION_BY_ZERO, inner, "div", 0);
                    throw seen[0];
                })) {
            warmUp();
            for (int i = 0; i < TIMES; i++) {
                assertSame(assertThrows(NullPointerException.class, () -> outer.call("call", 1)), seen[0]);
                traps(TrapCode.MEMORY_OUT_OF_BOUNDS, outer, "load", -4);
            }
        }
    }
}
