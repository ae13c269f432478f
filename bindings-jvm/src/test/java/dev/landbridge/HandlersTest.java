package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** An engine that may not have signals leaves the JVM its own handlers. */
class HandlersTest {
    private static final String GUEST = """
            (module
              (memory 1 1)
              (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
              (func (export "div") (param i32) (result i32) (i32.div_s (i32.const 6) (local.get 0)))
              (func $down (export "down") (param i32) (call $down (local.get 0))))
            """;

    private static void traps(TrapCode code, Instance instance, String name, int argument) {
        assertEquals(code, assertThrows(Trap.class, () -> instance.call(name, argument)).code());
    }

    /** Its engine is the only one of its process. */
    public static void main(String[] args) {
        Engine engine = Engine.builder().signalHandlers(args[0].equals("on")).build();
        try (Module module = Module.load(engine, GUEST); Instance instance = module.instantiate()) {
            traps(TrapCode.MEMORY_OUT_OF_BOUNDS, instance, "load", -4);
            traps(TrapCode.INTEGER_DIVISION_BY_ZERO, instance, "div", 0);
            traps(TrapCode.STACK_OVERFLOW, instance, "down", 0);
        }
        System.out.println("done");
    }

    /** What a JVM that looks after its handlers says of them. */
    private static String said(String signals) throws Exception {
        String library = CheckJniTest.named(CheckJniTest.library());
        String text = CheckJniTest.output(library, "-Xcheck:jni", HandlersTest.class.getName(), signals);
        assertTrue(text.contains("done"), text);
        return text;
    }

    @Test
    void withSignalsTheyAreReplaced() throws Exception {
        String text = said("on");
        assertTrue(text.contains("SIGSEGV handler modified"), text);
    }

    @Test
    void withoutSignalsTheyStay() throws Exception {
        String text = said("off");
        assertFalse(text.contains("handler modified"), text);
    }
}
