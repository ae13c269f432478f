package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/coming-from shows of Java; it is cut from here. */
class ComingFromTest {
    private static final String GUEST = """
            (module (import "env" "log" (func $log (param i32)))
              (memory (export "memory") 1)
              (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)
              (func (export "run") (call $log (i32.const 7)))
              (func (export "un") unreachable)
              (func (export "spin") (loop br 0)))""";

    @TempDir Path folder;
    private Path file;
    private final List<Integer> seen = new ArrayList<>();

    @BeforeEach
    void write() throws Exception {
        file = Files.writeString(folder.resolve("app.wasm"), GUEST);
    }

    // [calc]
    interface Calc {
        int add(int a, int b);

        void run();
    }
    // [end calc]

    @Test
    void theSameProgram() {
        int five;
        String text;
        // [program]
        Imports imports = Imports.builder().func("env", "log", (IntConsumer) seen::add).build();
        try (Module module = Module.load(file); Instance app = module.instantiate(imports)) {
            Calc calc = app.as(Calc.class); // checked against the module, now
            five = calc.add(2, 3);
            calc.run();
            Memory memory = app.memory("memory");
            memory.write(0, "hi".getBytes(StandardCharsets.UTF_8));
            text = new String(memory.read(0, 2), StandardCharsets.UTF_8);
        }
        // [end program]
        assertEquals(List.of(7), seen);
        assertEquals("5 hi", five + " " + text);
    }

    @Test
    void limits() {
        Imports imports = Imports.builder().func("env", "log", (IntConsumer) seen::add).build();
        String kind = null;
        // [limits]
        Limits limits = Limits.builder().memoryBytes(1 << 20).timeout(Duration.ofMillis(50)).build();
        try (Module module = Module.load(file);
                Instance app = module.instantiate(imports, Policy.none(), limits)) {
            app.call("spin");
        } catch (LimitExceeded error) {
            kind = error.kind().label(); // timeout
        }
        // [end limits]
        assertEquals("timeout", kind);
    }

    @Test
    void errors() {
        RuntimeException mine = new IllegalStateException("mine");
        IntConsumer log = number -> {
            throw mine;
        };
        Imports imports = Imports.builder().func("env", "log", log).build();
        try (Module module = Module.load(file); Instance app = module.instantiate(imports)) {
            assertSame(mine, assertThrows(IllegalStateException.class, () -> app.call("run")));
            Trap trap = assertThrows(Trap.class, () -> app.call("un"));
            assertEquals("UNREACHABLE", trap.code().name());
            assertThrows(WasmException.class, () -> app.call("add", 1));
            assertThrows(WasmException.class, () -> app.call("add", 1L << 40, 5));
            assertEquals(5, app.call("add", 2, 3));
        }
    }

    @Test
    void threadsAndInterrupts() throws Exception {
        Imports imports = Imports.builder().func("env", "log", (IntConsumer) seen::add).build();
        try (Module module = Module.load(file); Instance app = module.instantiate(imports)) {
            Thread caller = new Thread(() -> assertThrows(WasmException.class, () -> app.call("spin")));
            caller.start();
            caller.interrupt();
            caller.join();
        }
    }
}
