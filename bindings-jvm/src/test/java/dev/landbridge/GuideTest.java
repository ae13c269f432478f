package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of docs/guide/java.md and README.md, which are cut from here. */
class GuideTest {
    private static final String CALC = """
            (module $calc
              (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
              (func (export "hypot") (param f64 f64) (result f64)
                (f64.sqrt (f64.add (f64.mul (local.get 0) (local.get 0)) (f64.mul (local.get 1) (local.get 1)))))
              (func $divide (export "divide") (param i32 i32) (result i32)
                (i32.div_s (local.get 0) (local.get 1)))
              (memory (export "memory") 1))
            """;

    private static final String APP = """
            (module $app
              (import "env" "log" (func $log (param i32 i32)))
              (import "env" "inc" (func $inc (param i32) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 8) "hello")
              (func (export "run") (call $log (i32.const 8) (call $inc (i32.const 4)))))
            """;

    @TempDir
    Path dir;

    private Path calcFile() throws IOException {
        return Files.writeString(dir.resolve("calc.wasm"), CALC);
    }

    @Test
    void hello() throws IOException {
        Path file = calcFile();
        int five;
        // [hello]
        try (Module module = Module.load(file); Instance calc = module.instantiate()) {
            five = (int) calc.call("add", 2, 3);
        }
        // [end hello]
        assertEquals(5, five);
    }

    @Test
    void resolved() throws IOException {
        try (Module module = Module.load(calcFile()); Instance calc = module.instantiate()) {
            // [resolved]
            Func add = calc.func("add");
            IntBinaryOperator fast = add.as(IntBinaryOperator.class); // no boxing, no look-up
            int five = fast.applyAsInt(2, 3);
            // [end resolved]
            assertEquals(5, five);
            assertEquals("(i32, i32) -> (i32)", add.type().signature());
        }
    }

    // [interface]
    interface Calc {
        int add(int a, int b);

        double hypot(double x, double y);

        @Export("divide") // for names that Java would not choose
        int quotient(int a, int b);

        default int twice(int a) {
            return add(a, a);
        }
    }
    // [end interface]

    @Test
    void typed() throws IOException {
        try (Module module = Module.load(calcFile()); Instance calc = module.instantiate()) {
            // [typed]
            Calc typed = calc.as(Calc.class); // checked against the exports, at once
            double five = typed.hypot(3, 4);
            int eight = typed.twice(4);
            // [end typed]
            assertEquals(5.0, five);
            assertEquals(8, eight);
            assertEquals(3, typed.quotient(7, 2));
        }
    }

    @Test
    void hostFunctions() {
        List<String> lines = new ArrayList<>();
        try (Module module = Module.load(APP)) {
            // [host]
            Imports imports = Imports.builder()
                    .func("env", "log", (ctx, args) -> { // any signature
                        lines.add(ctx.memory("memory").readString((int) args[0], (int) args[1]));
                        return null;
                    })
                    .func("env", "inc", (IntUnaryOperator) x -> x + 1) // numbers only: fast
                    .build();
            try (Instance app = module.instantiate(imports)) {
                app.call("run");
            }
            // [end host]
        }
        assertEquals(List.of("hello"), lines);
    }

    @Test
    void memory() throws IOException {
        try (Module module = Module.load(calcFile()); Instance calc = module.instantiate()) {
            // [memory]
            Memory memory = calc.memory("memory");
            memory.write(16, new byte[] {1, 2, 3});
            byte[] copy = memory.read(16, 3);
            memory.writeInt(20, 42); // little-endian
            ByteBuffer view = memory.buffer(); // in place; ask again after the memory grew
            int answer = view.getInt(20);
            // [end memory]
            assertEquals(3, copy[2]);
            assertEquals(42, answer);
        }
    }

    @Test
    void errors() throws IOException {
        List<String> seen = new ArrayList<>();
        try (Module module = Module.load(calcFile()); Instance calc = module.instantiate()) {
            // [errors]
            try {
                calc.call("divide", 1, 0);
            } catch (Trap e) {
                seen.add(e.code().label()); // integer_division_by_zero
                seen.add(e.frames().get(0).funcName().orElseThrow()); // divide
            } catch (WasmException e) {
                seen.add(e.kind() + ": " + e.message());
            }
            // [end errors]
        }
        assertEquals(List.of("integer_division_by_zero", "divide"), seen);
    }

    @Test
    void exceptions() {
        // [exceptions]
        IOException full = new IOException("the disk is full");
        Imports imports = Imports.builder()
                .func("env", "log", (ctx, args) -> {
                    throw full;
                })
                .func("env", "inc", (IntUnaryOperator) x -> x + 1)
                .build();
        try (Module module = Module.load(APP); Instance app = module.instantiate(imports)) {
            IOException thrown = assertThrows(IOException.class, () -> app.call("run"));
            assertSame(full, thrown); // that very object; the guest's frames are suppressed in it
            assertEquals(1, WasmException.framesOf(thrown).size());
        }
        // [end exceptions]
    }

    @Test
    void threads() throws IOException {
        try (Module module = Module.load(calcFile())) {
            // [threads]
            int sum = IntStream.range(0, 100).parallel().map(i -> {
                try (Instance own = module.instantiate()) { // one each: they run at once
                    return (int) own.call("add", i, 1);
                }
            }).sum();
            // [end threads]
            assertEquals(5050, sum);
        }
    }

    @Test
    void stores() throws IOException {
        try (Module lib = Module.load(calcFile());
                Module user = Module.load("(module (import \"calc\" \"add\" (func (param i32 i32) (result i32)))"
                        + "(import \"env\" \"memory\" (memory 1)))")) {
            // [stores]
            try (Store store = new Store()) {
                Instance calc = store.instantiate(lib);
                Imports imports = Imports.builder()
                        .instance("calc", calc) // all its exports
                        .define("env", "memory", Memory.of(store, 1, OptionalLong.of(4)))
                        .build();
                Instance app = store.instantiate(user, imports);
                assertTrue(app.exports().isEmpty());
            }
            // [end stores]
        }
    }
}
