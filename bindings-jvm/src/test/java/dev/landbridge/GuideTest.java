package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
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

    private static final String VALUES = """
            (module $values
              (type $point (struct (field $x (mut f64)) (field $y f64)))
              (import "env" "check" (func $check (param i32)))
              (tag $refused (export "refused") (param i32))
              (func (export "add") (param v128 v128) (result v128) (f32x4.add (local.get 0) (local.get 1)))
              (func (export "same") (param externref) (result externref) (local.get 0))
              (func (export "point") (param f64 f64) (result (ref $point)) (struct.new $point (local.get 0) (local.get 1)))
              (func (export "x") (param (ref $point)) (result f64) (struct.get $point $x (local.get 0)))
              (func (export "refuse") (param i32) (throw $refused (local.get 0)))
              (func (export "try") (param i32) (result i32)
                (block $caught (result i32)
                  (try_table (catch $refused $caught) (call $check (local.get 0)))
                  (i32.const 0))))
            """;

    private static final String USER = """
            (module $user
              (import "env" "memory" (memory 1))
              (func (export "put") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
              (func (export "get") (param i32) (result i32) (i32.load8_u (local.get 0))))
            """;

    private static final String LEVEL = """
            (module (import "env" "level" (global $level i64))
              (func (export "level") (result i64) (global.get $level)))
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

    private static Instance values() {
        HostFunction check = (ctx, args) -> null;
        return Module.load(VALUES).instantiate(Imports.builder().func("env", "check", check).build());
    }

    @Test
    void vectors() {
        try (Instance guest = values()) {
            // [values-vector]
            V128 one = V128.ofFloats(1, 2, 3, 4); // lane 0 first
            V128 ten = V128.ofFloats(10, 20, 30, 40);
            V128 total = (V128) guest.call("add", one, ten);
            float first = total.floats()[0]; // bytes(), shorts(), ints(), longs(), doubles() as well
            // [end values-vector]
            assertEquals(11, first);
        }
    }

    @Test
    void text() {
        try (Instance guest = Module.load(Path.of("../conformance/modules/upper.wat")).instantiate()) {
            // [values-text]
            Memory memory = guest.memory("memory");
            int at = (int) guest.call("alloc", 16); // the guest says where there is room
            int length = memory.writeText(at, "größe"); // 7 bytes: UTF-8, without a zero byte
            guest.call("upper", at, length);
            String text = memory.readText(at, length);
            // [end values-text]
            assertEquals("GRößE", text);
        }
    }

    @Test
    void objects() {
        try (Instance guest = values()) {
            // [values-object]
            List<String> document = List.of("any object of Java's");
            Object back = guest.call("same", document);
            assertSame(document, back); // the guest gives the very object back
            assertNull(guest.call("same", (Object) null));
            // [end values-object]
        }
    }

    @Test
    void heap() {
        try (Instance guest = values()) {
            // [values-gc]
            GcRef point = (GcRef) guest.call("point", 1.5, 2.0);
            assertEquals("(struct (mut f64) f64)", point.type().toString());
            point.set(0, 3.5); // seen by the guest
            assertEquals(3.5, guest.call("x", point));
            assertEquals(2.0, point.get(1));
            boolean writable = ((StructType) point.type()).fields().get(1).mutable(); // false
            // [end values-gc]
            assertFalse(writable);
        }
    }

    @Test
    void caught() {
        try (Instance guest = values()) {
            List<Object> seen = new ArrayList<>();
            // [values-exception]
            Tag refused = guest.tag("refused");
            try {
                guest.call("refuse", 7);
            } catch (TaggedException e) {
                if (!e.tag().equals(refused)) {
                    throw e;
                }
                seen.add(e.payload().get(0)); // 7
            }
            // [end values-exception]
            assertEquals(List.of(7), seen);
        }
    }

    @Test
    void thrown() {
        // [values-throw]
        Imports imports = Imports.builder().func("env", "check", (ctx, args) -> {
            if ((int) args[0] > 100) {
                throw new TaggedException(ctx.tag("refused"), (int) args[0] - 100);
            }
            return null;
        }).build();
        try (Module module = Module.load(VALUES); Instance guest = module.instantiate(imports)) {
            assertEquals(0, guest.call("try", 5));
            assertEquals(42, guest.call("try", 142)); // the guest caught it
        }
        // [end values-throw]
    }

    @Test
    void lentMemory() {
        try (Module user = Module.load(USER)) {
            // [linking-memory]
            try (Store store = new Store()) {
                Memory memory = Memory.of(store, 1, OptionalLong.empty());
                Imports imports = Imports.builder().define("env", "memory", memory).build();
                Instance one = store.instantiate(user, imports);
                Instance two = store.instantiate(user, imports);
                one.call("put", 5, 77);
                assertEquals(77, two.call("get", 5));
                assertEquals(77, memory.readByte(5));
            }
            // [end linking-memory]
        }
    }

    @Test
    void lentInstance() throws IOException {
        try (Module calcModule = Module.load(calcFile()); Module userModule = Module.load(USER)) {
            // [linking-instance]
            try (Store store = new Store()) {
                Instance calc = store.instantiate(calcModule);
                Imports imports = Imports.builder().instance("env", calc).build(); // all its exports
                Instance user = store.instantiate(userModule, imports);
                user.call("put", 0, 42);
                assertEquals(42, calc.memory("memory").readByte(0));
            }
            // [end linking-instance]
        }
    }

    @Test
    void lentValue() {
        try (Module module = Module.load(LEVEL)) {
            // [linking-value]
            Imports imports = Imports.builder().value("env", "level", 3).build();
            try (Instance guest = module.instantiate(imports)) {
                assertEquals(3L, guest.call("level")); // a global i64, as the module asks for
            }
            // [end linking-value]
        }
    }

    @Test
    void precompiled() throws IOException {
        Path code = dir.resolve("calc.code");
        try (Module compiled = Module.load(calcFile())) {
            // [precompiled]
            compiled.compile(code);

            // Machine code: only load what you made, or would run as a program.
            try (Module module = Module.loadPrecompiled(code); Instance calc = module.instantiate()) {
                assertEquals(5, calc.call("add", 2, 3));
            }
            // [end precompiled]
        }
    }

    @Test
    void travel() throws IOException, ClassNotFoundException {
        try (Module module = Module.load(calcFile())) {
            // [travel]
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            new ObjectOutputStream(sent).writeObject(module); // its bytes and their digest, no machine code

            ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(sent.toByteArray()));
            Module received = (Module) in.readObject(); // compiled once a process, by the shared engine
            assertEquals(module.digest(), received.digest());
            // [end travel]
            assertEquals(5, received.instantiate().call("add", 2, 3));
        }
    }

    @Test
    void inspected() throws IOException {
        Path file = Files.writeString(dir.resolve("app.wasm"), APP);
        // [inspect]
        Inspection found = Module.inspect(file); // nothing is compiled
        ImportType log = found.imports().get(0);
        assertEquals("env.log: func (i32, i32) -> ()", log.module() + "." + log.name() + ": " + log.type());
        assertEquals("run", found.exports().get(1).name());
        assertEquals("memory 1", found.memories().get(0).toString());
        assertEquals("app", found.name());
        assertFalse(found.features().contains("simd"));
        assertTrue(found.toJson().contains("\"name\":\"app\"")); // all of it, the same text in every language
        // [end inspect]
    }

    private static Module corpus(String name) {
        return Module.load(ConformanceTest.CORPUS.resolve("modules").resolve(name));
    }

    @Test
    void limits() {
        List<String> seen = new ArrayList<>();
        try (Module module = corpus("limits.wat")) {
            // [sandbox-limits]
            Limits limits = Limits.builder()
                    .memoryBytes(64 << 20)
                    .fuel(10_000_000)
                    .timeout(Duration.ofMillis(500))
                    .build();
            try (Instance guest = module.instantiate(Imports.none(), Policy.none(), limits)) {
                guest.call("loop");
            } catch (LimitExceeded e) {
                seen.add(e.kind().label()); // fuel; or timeout, memory_limit, limit
            }
            // [end sandbox-limits]
        }
        assertEquals(List.of("fuel"), seen);
    }

    @Test
    void policy() throws IOException {
        Path data = Files.createDirectory(dir.resolve("data"));
        Files.writeString(data.resolve("poem.txt"), "so much depends\nupon\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Module module = corpus("count.wasm")) {
            // [sandbox-policy]
            Policy policy = Policy.none()
                    .withReadOnlyDir("/data", data) // what the guest sees, and where it is
                    .withEnv("LANG", "C")
                    .withArgs("count", "/data/poem.txt");
            Stdio stdio = Stdio.builder().stdout(Output.to(out::write)).build();
            try (Instance app = module.instantiate(Imports.none(), Sandbox.of(policy, Limits.none()).withStdio(stdio))) {
                assertEquals(0, app.run());
                assertEquals("2 4 21 /data/poem.txt\n", out.toString());
            }
            // [end sandbox-policy]
        }
    }

    @Test
    void output() {
        try (Module module = corpus("count.wasm")) {
            // [sandbox-output]
            Stdio stdio = Stdio.builder().stdin(Input.text("some text\n")).stdout(Output.capture()).build();
            try (Instance app = module.instantiate(Imports.none(), Sandbox.standard().withStdio(stdio))) {
                assertEquals(0, app.run()); // the exit code
                assertEquals("1 2 10 -\n", new String(app.store().stdout())); // since the last time
            }
            // [end sandbox-output]
        }
    }

    @Test
    void files() {
        List<Object> opened;
        try (Module module = corpus("files.wat")) {
            // [sandbox-files]
            Policy policy = Policy.none()
                    .withMemoryDir("/tmp", Map.of("in.txt", "text".getBytes()), Access.WRITE); // gone with the store
            Limits limits = Limits.builder().writtenBytes(1 << 20).openFiles(16).build();
            Stdio stdio = Stdio.builder().refusals(Output.capture()).build();
            try (Instance guest = module.instantiate(Imports.none(), new Sandbox(policy, limits, stdio))) {
                guest.memory("memory").write(1000, "../etc".getBytes());
                opened = List.of((Object[]) guest.call("open", 3, 6, 0, 2L)); // an error of WASI, no exception
                String why = new String(guest.store().refusals());
                assertEquals("refused: path_open \"../etc\" below \"/tmp\": not permitted\n", why);
                assertEquals(0, guest.store().usage().writtenBytes());
            }
            // [end sandbox-files]
        }
        assertEquals(List.of(63, -1), opened);
    }

    @Test
    void network() {
        // [sandbox-network]
        Policy policy = Policy.none()
                .withName("*.example.org", 443)
                .withHttp("https", "api.example.org", Ports.parse("443"), "GET");
        assertTrue(policy.allowsName("db.example.org", 443));
        assertFalse(policy.allowsHttp("https", "api.example.org", 443, "POST"));
        // [end sandbox-network]
        assertTrue(policy.allowsHttp("https", "api.example.org", 443, "GET"));
    }

    @Test
    void cancel() throws InterruptedException {
        try (Module module = corpus("limits.wat")) {
            // [sandbox-cancel]
            try (Instance guest = module.instantiate()) {
                Executor later = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);
                later.execute(guest.store()::cancel); // from another thread
                WasmException e = assertThrows(WasmException.class, () -> guest.call("loop"));
                assertEquals(ErrorKind.CANCELLED, e.kind()); // the store cannot be used any more
            }
            Thread caller = Thread.currentThread();
            try (Instance guest = module.instantiate()) {
                CompletableFuture.runAsync(caller::interrupt); // does the same to what this thread calls
                assertThrows(WasmException.class, () -> guest.call("loop"));
                assertTrue(Thread.interrupted()); // it stays set
            }
            // [end sandbox-cancel]
        }
    }

    @Test
    void asyncCall() throws IOException {
        try (Module module = Module.load(calcFile()); Instance calc = module.instantiate()) {
            // [async-call]
            List<CompletableFuture<Object>> calls = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                calls.add(calc.callAsync("add", i, 1)); // does not wait
            }
            assertEquals(1000, calls.get(999).join());

            CompletableFuture<String> text = calc.callAsync("hypot", 3, 4).thenApply(String::valueOf);
            assertEquals("5.0", text.join());
            CompletableFuture<Object> failed = calc.callAsync("divide", 1, 0);
            Throwable e = assertThrows(CompletionException.class, failed::join).getCause(); // the Trap
            // [end async-call]
            assertTrue(e instanceof Trap);
        }
    }

    @Test
    void asyncCancel() {
        try (Module module = corpus("limits.wat")) {
            // [async-cancel]
            try (Instance busy = module.instantiate(); Instance other = module.instantiate()) {
                CompletableFuture<Object> endless = busy.callAsync("loop");
                CompletableFuture<Object> one = other.callAsync("one");
                endless.cancel(true); // ends this call and no other
                assertThrows(CancellationException.class, endless::join);
                assertEquals(1, one.join());
            }
            // [end async-cancel]
        }
    }

    @Test
    void pool() throws IOException {
        try (Module module = Module.load(calcFile())) {
            // [pool]
            try (Pool pool = Pool.builder(module).max(4).wait(Duration.ofSeconds(5)).build()) {
                try (Instance calc = pool.get()) { // waits if all are taken; closing gives it back
                    assertEquals(5.0, calc.as(Calc.class).hypot(3, 4));
                }
                assertEquals(3, pool.call("add", 1, 2)); // in a fresh instance
                CompletableFuture<Object> later = pool.callAsync("add", 3, 4); // four run at a time
                assertEquals(7, later.join());
                assertEquals(3, pool.counts().served());
            }
            // [end pool]
        }
    }

    @Test
    void policyOfAFile() throws IOException {
        Path file = Files.writeString(
                dir.resolve("policy.json"),
                "{\"dirs\":{\"/data\":{\"path\":\"data\"},\"/tmp\":{\"path\":\"/tmp\",\"access\":\"write\"}},"
                        + "\"env\":{\"NAME\":\"input\"},\"clock\":\"real\"}");
        // [sandbox-json]
        Policy asked = Policy.fromFile(file); // what the program's author wants
        Policy most = Policy.none().withReadOnlyDir("/data", Path.of("data")).withEnv("NAME", "input");
        Policy granted = asked.restrict(most); // never wider than either
        assertEquals(Map.of("/data", new Dir(Path.of("data"), Access.READ)), granted.dirs());
        assertTrue(asked.allows(granted));
        assertFalse(granted.allows(asked));
        String text = granted.toJson(); // the same in every host
        // [end sandbox-json]
        assertEquals(granted, Policy.fromJson(text));
    }

    @Test
    void limitsAsJson() throws Exception {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        ObjectOutputStream out = new ObjectOutputStream(sent);
        Policy granted = Policy.none();
        // [limits-json]
        Limits limits = Limits.fromJson("{\"memory_bytes\": 1048576, \"timeout_ms\": 500}");
        assertEquals("{\"memory_bytes\":1048576,\"timeout_ms\":500}", limits.toJson());
        out.writeObject(Sandbox.of(granted, limits)); // policies, limits and streams travel with it
        // [end limits-json]
        out.close();
        ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(sent.toByteArray()));
        assertEquals(Sandbox.of(granted, limits), in.readObject());
    }

    @Test
    void causesOfErrors() {
        List<String> seen = new ArrayList<>();
        // [error-cause]
        try {
            Module.load(Path.of("no/such.wasm"));
        } catch (IoError e) {
            if (e.getCause() instanceof NoSuchFileException missing) {
                seen.add(missing.getFile()); // no/such.wasm
            }
        }
        // [end error-cause]
        assertEquals(List.of("no/such.wasm"), seen);
    }
}
