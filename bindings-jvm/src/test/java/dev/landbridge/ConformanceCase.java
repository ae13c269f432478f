package dev.landbridge;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.StreamSupport;

/** One case: what its names stand for, and its steps through the public API. */
final class ConformanceCase {
    /** What errors look like here. */
    private static final Set<Class<?>> KNOWN =
            Set.of(WasmException.class, CancellationException.class);

    private final Map<String, Object> known = new ConcurrentHashMap<>();
    private final Map<String, Object> things;
    private final Map<String, Exception> booms;
    private final List<Object[]> notes;
    private final ConformanceFiles files = new ConformanceFiles(this);
    private final ConformanceRefs refs = new ConformanceRefs(this);
    private final ConformanceSandbox sandboxes = new ConformanceSandbox(this, files);
    private final ConformanceBatches batches = new ConformanceBatches(this);
    private final ConformanceCalls calls = new ConformanceCalls(this);
    private final ConformanceWit wit;

    ConformanceCase() {
        things = new ConcurrentHashMap<>();
        booms = new ConcurrentHashMap<>();
        notes = new CopyOnWriteArrayList<>();
        wit = new ConformanceWit(this, null);
    }

    /** For a thread: what it makes is known to itself alone. */
    private ConformanceCase(ConformanceCase outer) {
        known.putAll(outer.known);
        things = outer.things;
        booms = outer.booms;
        notes = outer.notes;
        wit = new ConformanceWit(this, outer.wit);
    }

    /** A case did not go as it says. */
    static final class Mismatch extends AssertionError {
        private static final long serialVersionUID = 1;

        Mismatch(String message) {
            super(message);
        }
    }

    /** The host's own exception: a checked one. */
    private static final class Boom extends Exception {
        private static final long serialVersionUID = 1;

        Boom(String name) {
            super(name);
        }
    }

    /** Reads a step's keys and refuses those that were not asked for. */
    record Keys(JsonObject step, Set<String> asked) {
        Keys(JsonObject step) {
            this(step, ConcurrentHashMap.newKeySet());
        }

        JsonElement get(String key) {
            asked.add(key);
            JsonElement found = step.get(key);
            return found == null || found.isJsonNull() ? null : found;
        }

        String text(String key) {
            return get(key) == null ? null : get(key).getAsString();
        }

        long number(String key) {
            return new BigInteger(text(key)).longValue();
        }

        long number(String key, long missing) {
            return get(key) == null ? missing : number(key);
        }

        boolean flag(String key) {
            return get(key) != null && get(key).getAsBoolean();
        }

        void done() {
            Set<String> rest = new java.util.HashSet<>(step.keySet());
            rest.removeAll(asked);
            expect("unknown keys of " + step, rest, Set.of());
        }
    }

    static void expect(String what, Object given, Object wanted) {
        if (!Objects.equals(given, wanted)) {
            throw new Mismatch(what + ": " + given + " instead of " + wanted);
        }
    }

    void run(JsonArray steps) throws Throwable {
        try {
            for (JsonElement step : steps) {
                run(step.getAsJsonObject());
            }
        } finally {
            files.delete();
        }
    }

    private void run(JsonObject step) throws Throwable {
        Keys keys = new Keys(step);
        JsonElement fails = keys.get("fails");
        String what = keys.text("do");
        long within = keys.number("within_ms", Long.MAX_VALUE);
        Throwable failed = null;
        long started = System.nanoTime();
        try {
            perform(what, keys);
        } catch (Mismatch e) {
            throw e;
        } catch (Throwable e) {
            failed = e;
        }
        double took = (System.nanoTime() - started) / 1e6;
        compare(failed, fails, keys);
        inTime(took, within);
    }

    private void compare(Throwable failed, JsonElement fails, Keys keys) {
        if (failed != null && fails != null) {
            check(failed, new Keys(fails.getAsJsonObject()));
        } else if (failed != null) {
            throw new Mismatch(keys.step() + " failed: " + failed);
        } else if (fails != null) {
            throw new Mismatch(keys.step() + " did not fail");
        } else {
            keys.done();
        }
    }

    /** Tells how long a step took, and fails if that is too long. */
    private static void inTime(double took, long within) {
        if (within == Long.MAX_VALUE) {
            return;
        }
        String told = String.format(Locale.ROOT, "took %.1f ms, may take %d ms", took, within);
        System.out.println(told);
        if (took > within) {
            throw new Mismatch(told);
        }
    }

    void check(Throwable error, Keys fails) {
        String boom = fails.text("exception");
        if (boom != null) {
            expect("the very exception", error, boom(boom));
        } else if (KNOWN.stream().noneMatch(known -> known.isInstance(error))) {
            throw new Mismatch("failed by " + error);
        }
        expect("kind of " + error, kind(error).label(), fails.text("kind"));
        TrapCode code = code(error);
        expect("code", code == null ? null : code.label(), fails.text("code"));
        if (error instanceof Exit exit && fails.get("exit") != null) {
            expect("exit code", (long) exit.exitCode(), fails.number("exit"));
        }
        if (error instanceof WasmException ours && fails.get("os_code") != null) {
            expect("os code", (long) ours.osCode().orElse(0), fails.number("os_code"));
        }
        if (fails.step().has("row")) {
            String row = fails.text("row");
            OptionalLong given = error instanceof WasmException ours ? ours.row() : OptionalLong.empty();
            expect("row", given, row == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(row)));
        }
        String end = fails.text("path");
        if (end != null && !(error instanceof WasmException ours && ours.path().orElse("").endsWith(end))) {
            throw new Mismatch(end + " is not the end of the path of: " + error);
        }
        JsonElement message = fails.get("message");
        for (JsonElement part : message == null ? List.<JsonElement>of() : list(message)) {
            if (!error.getMessage().contains(part.getAsString())) {
                throw new Mismatch(part + " is not in: " + error.getMessage());
            }
        }
        if (fails.get("output") != null) {
            String output = fails.text("output");
            expect("output", ((WasmException) error).output(), output);
            expect("what is printed", error.toString().endsWith("\n" + output), !output.isEmpty());
        }
        JsonElement frames = fails.get("frames");
        if (frames != null) {
            List<String> wanted = new ArrayList<>();
            list(frames).forEach(name -> wanted.add(name.isJsonNull() ? null : name.getAsString()));
            List<String> given = new ArrayList<>();
            WasmException.framesOf(error).forEach(frame -> given.add(frame.funcName().orElse(null)));
            int compared = wanted.isEmpty() ? given.size() : Math.min(given.size(), wanted.size());
            expect("frames", given.subList(0, compared), wanted);
        }
        if (fails.get("frame_count") != null) {
            expect("frame_count", (long) WasmException.framesOf(error).size(), fails.number("frame_count"));
        }
        if (error instanceof WitError wit) {
            expect("payload", wit.payload() == null ? null : ConformanceWitValues.told(null, wit.payload()), fails.text("payload"));
        }
        if (error instanceof TaggedException tagged) {
            refs.checkThrown(tagged, fails);
        }
        fails.done();
    }

    private static ErrorKind kind(Throwable error) {
        if (error instanceof CancellationException) {
            return ErrorKind.CANCELLED; // As a future of the JDK says it.
        }
        return error instanceof WasmException ours ? ours.kind() : ErrorKind.HOST;
    }

    private static TrapCode code(Throwable error) {
        if (error instanceof LimitExceeded limit) {
            return limit.code().orElse(null);
        }
        return error instanceof Trap trap ? trap.code() : null;
    }

    static List<JsonElement> list(JsonElement json) {
        if (json == null) {
            return List.of();
        }
        return json.isJsonArray()
                ? StreamSupport.stream(json.getAsJsonArray().spliterator(), false).toList()
                : List.of(json);
    }

    static List<JsonElement> optionalList(Keys keys, String key) {
        JsonElement found = keys.get(key);
        return found == null ? List.of() : list(found);
    }

    // Values

    /** What {@code fails} will find under this name. */
    void boom(String name, Exception thrown) {
        booms.put(name, thrown);
    }

    Exception boom(String name) {
        return booms.computeIfAbsent(name, Boom::new);
    }

    /** An object of the host's, made at first mention. */
    Object object(String name, java.util.function.Function<String, Object> make) {
        return things.computeIfAbsent(name, make);
    }

    Object value(JsonElement tagged) {
        Map.Entry<String, JsonElement> one = tagged.getAsJsonObject().entrySet().iterator().next();
        String text = one.getValue().isJsonNull() ? null : one.getValue().getAsString();
        return switch (one.getKey()) {
            case "i32" -> Integer.valueOf(text);
            case "i64" -> Long.valueOf(text);
            case "int" -> new BigInteger(text);
            case "f32" -> Float.intBitsToFloat(Integer.parseUnsignedInt(text.substring(2), 16));
            case "f64" -> Double.longBitsToDouble(Long.parseUnsignedLong(text.substring(2), 16));
            case "v128" -> new V128(
                    Long.parseUnsignedLong(text.substring(18), 16), Long.parseUnsignedLong(text.substring(2, 18), 16));
            case "text" -> text;
            case "funcref" -> text == null ? null : thing(text);
            case "i31" -> Integer.valueOf(text);
            case "gcref", "outward" -> thing(text);
            case "exnref" -> text == null ? null : thing(text);
            case "externref", "anyref" -> text == null ? null : things.computeIfAbsent(text, name -> new Object());
            default -> throw new Mismatch("unknown value " + tagged);
        };
    }

    Object[] values(List<JsonElement> tagged) {
        return tagged.stream().map(this::value).toArray();
    }

    void checkValue(Object given, JsonElement tagged) {
        Object wanted = value(tagged);
        if (wanted instanceof Float f) {
            expect("f32", given instanceof Float g ? Float.floatToRawIntBits(g) : given, Float.floatToRawIntBits(f));
        } else if (wanted instanceof Double d) {
            expect("f64", given instanceof Double g ? Double.doubleToRawLongBits(g) : given,
                    Double.doubleToRawLongBits(d));
        } else if (wanted instanceof Func func) {
            expect("the very function", given instanceof Func g && g.isSame(func), true);
        } else if (wanted instanceof TaggedException exception) {
            expect("the very exception", given instanceof TaggedException g && g.isSame(exception), true);
        } else {
            expect(tagged.toString(), given, wanted);
        }
    }

    void checkAll(Object[] given, List<JsonElement> tagged) {
        expect("number of values", given.length, tagged.size());
        for (int i = 0; i < given.length; i++) {
            checkValue(given[i], tagged.get(i));
        }
    }

    Object thing(String name) {
        Object found = known.get(name);
        if (found == null) {
            throw new Mismatch("nothing is known as " + name);
        }
        return found;
    }

    // Steps

    private void perform(String what, Keys k) throws Throwable {
        switch (what) {
            case "engine" -> put(k, ConformanceSandbox.engine(k));
            case "load", "load_text", "load_bytes" -> put(k, load(what, k));
            case "name" -> expect("name", ((Module) thing(k.text("module"))).name(), k.text("equals"));
            case "imports" -> expect("imports", importList(((Module) thing(k.text("module"))).imports()), names(k));
            case "exports" -> expect("exports", exportList(((Module) thing(k.text("module"))).exports()), names(k));
            case "bytes", "digest", "travel", "compile", "load_precompiled", "damage", "load_written", "load_string",
                    "inspect" ->
                files.perform(what, k);
            case "gc_type", "gc_len", "gc_get", "gc_set", "same_tag", "new_exception", "exception" ->
                refs.perform(what, k);
            case "gc" -> ((Store) thing(k.text("store"))).gc();
            case "usage", "set_fuel", "cancel", "output", "written", "write_file", "symlink", "make_pipe", "read_file", "file_exists",
                    "policy", "limits_json", "restrict", "allows", "run", "run_program", "output_text" ->
                sandboxes.perform(what, k);
            case "call_async", "await", "cancel_call", "await_exit", "take", "pool_call", "pool_counts" ->
                calls.perform(what, k);
            case "wit_call", "wit_call_async", "wit_await", "wit_pool_call", "wit_type", "wit_text", "wit_drop", "wit_object",
                    "wit_log" -> wit.perform(what, k);
            case "pool" -> put(k, calls.pool(module(k), imports(k), sandboxes.sandbox(k), k));
            case "store" -> put(k, store(engineOf(k), sandboxes.sandbox(k)));
            case "instantiate" -> put(k, instantiate(k));
            case "export" -> put(k, export((Instance) thing(k.text("instance")), k.text("sort"), k.text("name")));
            case "call" -> call(k);
            case "map" -> batches.map(k);
            case "func_type" ->
                expect("type", ((Func) thing(k.text("object"))).type().signature(), k.text("equals"));
            case "same" -> {
                Object one = thing(k.text("object"));
                Object other = thing(k.text("other"));
                expect("same", one.equals(other), k.flag("equals"));
                if (one.equals(other)) {
                    expect("hashes", one.hashCode(), other.hashCode());
                }
            }
            case "same_func" -> expect("same", ((Func) thing(k.text("object"))).isSame((Func) thing(k.text("other"))),
                    k.get("equals").getAsBoolean());
            case "new_func", "new_memory", "new_table", "new_global", "new_tag" ->
                put(k, make(what, (Store) thing(k.text("store")), k));
            case "read", "write", "read_text", "read_c_string", "write_text", "grow", "size", "view" -> memory(what, (Memory) thing(k.text("memory")), k);
            case "view_read", "view_write" -> view(what, (ByteBuffer) thing(k.text("view")), k);
            case "table_get", "table_set", "table_grow", "table_size" ->
                table(what, (Table) thing(k.text("table")), k);
            case "global_get" -> {
                Object given = ((Global) thing(k.text("global"))).get();
                if (k.get("value") != null) {
                    checkValue(given, k.get("value"));
                }
            }
            case "global_set" -> ((Global) thing(k.text("global"))).set(value(k.get("value")));
            case "type" -> expect("type", ((Extern) thing(k.text("object"))).type().toString(), k.text("equals"));
            case "close" -> ((AutoCloseable) thing(k.text("target"))).close();
            case "log" -> log(list(k.get("equals")));
            case "in_threads" -> inThreads((int) k.number("threads"), 0, (int) k.number("times"), k.get("steps"));
            case "repeat" -> inThreads(1, 0, (int) k.number("times"), k.get("steps"));
            case "small_stack" -> inThreads(1, k.number("bytes"), 1, k.get("steps"));
            default -> throw new Mismatch("unknown step " + what);
        }
    }

    void put(Keys k, Object made) {
        known.put(k.text("as"), made);
    }

    void put(String name, Object made) {
        known.put(name, made);
    }

    Engine engineOf(Keys k) {
        return k.get("engine") == null ? ConformanceTest.engine() : (Engine) thing(k.text("engine"));
    }

    private Module load(String what, Keys k) {
        Engine engine = engineOf(k);
        return switch (what) {
            case "load_text" -> Module.load(engine, k.text("text").getBytes(StandardCharsets.UTF_8));
            case "load_bytes" -> Module.load(engine, HexFormat.of().parseHex(k.text("hex")));
            default -> Module.load(engine, k.get("path") != null ? Path.of(k.text("path")) : ConformanceFiles.guest(k));
        };
    }

    static List<List<String>> importList(List<ImportType> imports) {
        return imports.stream().map(i -> List.of(i.module(), i.name(), i.type().toString())).toList();
    }

    static List<List<String>> exportList(List<ExportType> exports) {
        return exports.stream().map(e -> List.of(e.name(), e.type().toString())).toList();
    }

    private static List<List<String>> names(Keys k) {
        return lines(k.get("equals"));
    }

    static List<List<String>> lines(JsonElement lines) {
        return list(lines).stream().map(ConformanceCase::texts).toList();
    }

    static List<String> texts(JsonElement texts) {
        return list(texts).stream().map(JsonElement::getAsString).toList();
    }

    private static Store store(Engine engine, Sandbox sandbox) {
        return sandbox == null ? new Store(engine) : new Store(engine, sandbox);
    }

    private Module module(Keys k) {
        return (Module) thing(k.text("module"));
    }

    private Imports imports(Keys k) {
        Imports.Builder imports = Imports.builder();
        optionalList(k, "imports").forEach(entry -> lend(imports, module(k), new Keys(entry.getAsJsonObject())));
        if (k.get("initialize") != null) {
            imports.initialize(k.get("initialize").getAsBoolean());
        }
        return imports.build();
    }

    private Instance instantiate(Keys k) throws IOException {
        if (k.get("store") != null) {
            return ((Store) thing(k.text("store"))).instantiate(module(k), imports(k));
        }
        Sandbox sandbox = sandboxes.sandbox(k);
        return sandbox == null
                ? module(k).instantiate(imports(k))
                : module(k).instantiate(imports(k), sandbox);
    }

    private void lend(Imports.Builder imports, Module module, Keys k) {
        if (wit.lend(imports, module, k)) {
            k.done();
            return;
        }
        if (k.get("instance") != null) {
            imports.instance(k.text("module"), (Instance) thing(k.text("instance")));
        } else if (k.get("item") != null) {
            imports.define(k.text("module"), k.text("name"), (Extern) thing(k.text("item")));
        } else if (k.get("value") != null) {
            imports.value(k.text("module"), k.text("name"), value(k.get("value")));
        } else {
            imports.func(k.text("module"), k.text("name"), host(k));
        }
        k.done();
    }

    private static Extern export(Instance instance, String sort, String name) {
        return switch (sort) {
            case "func" -> instance.func(name);
            case "memory" -> instance.memory(name);
            case "table" -> instance.table(name);
            case "global" -> instance.global(name);
            case "tag" -> instance.tag(name);
            default -> throw new Mismatch("unknown sort " + sort);
        };
    }

    private void call(Keys k) {
        Object[] args = values(optionalList(k, "args"));
        Object given = k.get("object") != null
                ? ((Func) thing(k.text("object"))).call(args)
                : ((Instance) thing(k.text("instance"))).call(k.text("func"), args);
        List<JsonElement> keep = optionalList(k, "keep");
        if (!keep.isEmpty()) {
            refs.keep(list(given, keep.size()), keep);
        }
        if (k.get("results") != null) {
            List<JsonElement> results = list(k.get("results"));
            checkAll(list(given, results.size()), results);
        }
    }

    /** All results of a call that should have so many. */
    static Object[] list(Object given, int results) {
        if (results == 1) {
            return new Object[] {given};
        }
        return given == null ? new Object[0] : (Object[]) given;
    }

    private static Type type(String label) {
        return java.util.Arrays.stream(Type.values()).filter(t -> t.label().equals(label)).findFirst()
                .orElseThrow(() -> new Mismatch("unknown type " + label));
    }

    private static List<Type> types(JsonElement labels) {
        return list(labels).stream().map(label -> type(label.getAsString())).toList();
    }

    private static OptionalLong max(Keys k) {
        return k.get("max") == null ? OptionalLong.empty() : OptionalLong.of(k.number("max"));
    }

    private Extern make(String what, Store store, Keys k) {
        return switch (what) {
            case "new_func" -> Func.of(store, new FuncType(types(k.get("params")), types(k.get("results"))), host(k));
            case "new_memory" -> Memory.of(
                    store, new MemoryType(k.number("min"), max(k), k.flag("is_64"), k.number("page_bytes", 1 << 16)));
            case "new_table" -> Table.of(
                    store,
                    new TableType(type(k.text("element")), k.number("min"), max(k), k.flag("is_64")),
                    value(k.get("init")));
            case "new_tag" -> Tag.of(store, types(k.get("params")).toArray(Type[]::new));
            default -> Global.of(
                    store, new GlobalType(type(k.text("type")), k.get("mutable").getAsBoolean()), value(k.get("value")));
        };
    }

    private void memory(String what, Memory memory, Keys k) {
        switch (what) {
            case "read" -> {
                byte[] bytes = memory.read(k.number("offset"), (int) k.number("length"));
                if (k.get("hex") != null) {
                    expect("bytes", HexFormat.of().formatHex(bytes), k.text("hex"));
                }
            }
            case "write" -> memory.write(k.number("offset"), HexFormat.of().parseHex(k.text("hex")));
            case "read_text" ->
                expect("text", memory.readText(k.number("offset"), (int) k.number("length")), k.text("equals"));
            case "read_c_string" -> {
                long offset = k.number("offset");
                boolean bounded = k.get("most") != null;
                String text = bounded ? memory.readCString(offset, (int) k.number("most")) : memory.readCString(offset);
                expect("text", text, k.text("equals"));
            }
            case "write_text" ->
                expect("bytes", (long) memory.writeText(k.number("offset"), k.text("text")), k.number("result"));
            case "grow" -> {
                long former = memory.grow(k.number("pages"));
                if (k.get("result") != null) {
                    expect("former size", former, k.number("result"));
                }
            }
            case "size" -> {
                long pages = memory.sizePages();
                expect("pages", pages, k.get("pages") == null ? pages : k.number("pages"));
                long bytes = memory.sizeBytes();
                expect("bytes", bytes, k.get("bytes") == null ? bytes : k.number("bytes"));
            }
            default -> put(k, memory.buffer());
        }
    }

    private static void view(String what, ByteBuffer view, Keys k) {
        byte[] bytes = HexFormat.of().parseHex(k.text("hex"));
        int offset = (int) k.number("offset");
        if (what.equals("view_write")) {
            view.put(offset, bytes);
            return;
        }
        byte[] read = new byte[bytes.length];
        view.get(offset, read);
        expect("bytes in view", HexFormat.of().formatHex(read), k.text("hex"));
    }

    private void table(String what, Table table, Keys k) {
        switch (what) {
            case "table_get" -> {
                Object given = table.get(k.number("index"));
                if (k.get("value") != null) {
                    checkValue(given, k.get("value"));
                }
            }
            case "table_set" -> table.set(k.number("index"), value(k.get("value")));
            case "table_grow" -> {
                long former = table.grow(k.number("delta"), value(k.get("init")));
                if (k.get("result") != null) {
                    expect("former size", former, k.number("result"));
                }
            }
            default -> {
                long size = table.size();
                expect("size", size, k.get("equals") == null ? size : k.number("equals"));
            }
        }
    }

    private void log(List<JsonElement> equals) {
        expect("calls noted", notes.size(), equals.size());
        for (int i = 0; i < equals.size(); i++) {
            checkAll(notes.get(i), list(equals.get(i)));
        }
    }

    private void inThreads(int threads, long stackBytes, int times, JsonElement steps) throws Throwable {
        List<Throwable> failed = new CopyOnWriteArrayList<>();
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            all.add(new Thread(null, () -> {
                try {
                    ConformanceCase own = new ConformanceCase(this);
                    for (int n = 0; n < times; n++) {
                        own.run(steps.getAsJsonArray());
                    }
                } catch (Throwable e) {
                    failed.add(e);
                }
            }, "case", stackBytes));
        }
        all.forEach(Thread::start);
        for (Thread thread : all) {
            thread.join();
        }
        if (!failed.isEmpty()) {
            throw failed.get(0);
        }
    }

    // Host functions

    private static Object oneOrMany(Object[] values) {
        return values.length == 1 ? values[0] : values;
    }

    private HostFunction host(Keys outer) {
        Keys k = new Keys(outer.get("host").getAsJsonObject());
        List<JsonElement> results = optionalList(k, "results");
        k.flag("async"); // Functions of Java are called on the thread of the call.
        HostFunction function = host(k.text("does"), results, k);
        k.done();
        return function;
    }

    private HostFunction host(String does, List<JsonElement> results, Keys k) {
        switch (does) {
            case "give":
                return (ctx, args) -> oneOrMany(values(results));
            case "echo":
                return (ctx, args) -> oneOrMany(args);
            case "add":
                return (ctx, args) -> add(args);
            case "record":
                return (ctx, args) -> {
                    notes.add(args);
                    return oneOrMany(values(results));
                };
            case "throw":
                String boom = k.text("exception");
                return (ctx, args) -> {
                    throw boom(boom);
                };
            case "throw_tag", "throw_exn":
                return refs.throwing(does, k);
            case "call", "call_caught":
                return calling(does.equals("call_caught"), results, k);
            case "close":
                String target = k.text("target");
                return (ctx, args) -> {
                    ((AutoCloseable) thing(target)).close();
                    return oneOrMany(values(results));
                };
            case "cancel":
                String cancelled = k.text("target");
                return (ctx, args) -> {
                    Object found = thing(cancelled);
                    (found instanceof Instance instance ? instance.store() : (Store) found).cancel();
                    return oneOrMany(values(results));
                };
            case "grow":
                String memory = k.text("memory");
                long pages = k.number("pages");
                return (ctx, args) -> {
                    ((Memory) thing(memory)).grow(pages);
                    return oneOrMany(values(results));
                };
            case "caller_memory":
                String name = k.text("name");
                return (ctx, args) -> {
                    ctx.memory(name).writeByte(0, (byte) 42);
                    return null;
                };
            default:
                throw new Mismatch("unknown host function " + does);
        }
    }

    private HostFunction calling(boolean caught, List<JsonElement> results, Keys k) {
        String instance = k.text("instance");
        String func = k.text("func");
        List<JsonElement> given = k.get("args") == null ? null : list(k.get("args"));
        return (ctx, args) -> {
            try {
                return ((Instance) thing(instance)).call(func, given == null ? args : values(given));
            } catch (Exception e) {
                if (!caught) {
                    throw e;
                }
                return oneOrMany(values(results));
            }
        };
    }

    private static Object add(Object[] args) {
        Object sum = args[0];
        for (int i = 1; i < args.length; i++) {
            sum = switch (sum.getClass().getSimpleName()) {
                case "Integer" -> (Integer) sum + ((Number) args[i]).intValue();
                case "Long" -> (Long) sum + ((Number) args[i]).longValue();
                case "Float" -> (Float) sum + ((Number) args[i]).floatValue();
                default -> (Double) sum + ((Number) args[i]).doubleValue();
            };
        }
        return sum;
    }
}
