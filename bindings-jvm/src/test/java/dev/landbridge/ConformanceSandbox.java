package dev.landbridge;

import static dev.landbridge.ConformanceCase.expect;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import dev.landbridge.ConformanceCase.Keys;
import dev.landbridge.ConformanceCase.Mismatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Steps about how a store is closed in, what it used, and its streams. */
final class ConformanceSandbox {
    private static final Set<String> KEYS = Set.of("limits", "policy", "stdin", "stdout", "stderr", "refusals");

    /** Pipes whose both ends are held until the process ends. */
    private static final List<RandomAccessFile> HELD = new ArrayList<>();

    private final ConformanceCase outer;
    private final ConformanceFiles files;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    ConformanceSandbox(ConformanceCase outer, ConformanceFiles files) {
        this.outer = outer;
        this.files = files;
    }

    private void run(Keys k) throws IOException {
        Path program = ConformanceTest.CORPUS.resolve("modules").resolve(k.text("module"));
        List<String> args = new ArrayList<>();
        if (k.get("args") != null) {
            k.get("args").getAsJsonArray().forEach(arg -> args.add(arg.getAsString()));
        }
        boolean isGranted = k.step().has("policy");
        Sandbox given = sandbox(k);
        Sandbox sandbox = isGranted ? given : given.withPolicy(Policy.program());
        int code = Landbridge.run(ConformanceTest.engine(), program, sandbox, args.toArray(new String[0]));
        expect("exit code", (long) code, k.number("exit"));
    }

    /** Null if the step has none of its keys. */
    Sandbox sandbox(Keys k) throws IOException {
        if (KEYS.stream().noneMatch(k.step()::has)) {
            return null;
        }
        Policy policy = k.get("policy") == null ? Policy.none() : policy(k.get("policy"));
        Stdio.Builder stdio = Stdio.builder()
                .stdout(output(k, "stdout"))
                .stderr(output(k, "stderr"))
                .refusals(output(k, "refusals"));
        if (k.get("stdin") != null) {
            stdio.stdin(Input.text(k.text("stdin")));
        }
        return Sandbox.of(policy, limits(k)).withStdio(stdio.build());
    }

    /** Its folders are in the folder of the case. */
    private Policy policy(JsonElement json) throws IOException {
        return Policy.fromJson(json.toString().replace("CASE/", files.file("") + "/"));
    }

    private static Limits limits(Keys k) {
        Limits.Builder limits = Limits.builder();
        if (k.get("limits") != null) {
            for (Map.Entry<String, JsonElement> limit : k.get("limits").getAsJsonObject().entrySet()) {
                limit(limits, limit.getKey(), new BigInteger(limit.getValue().getAsString()).longValueExact());
            }
        }
        return limits.build();
    }

    private static void limit(Limits.Builder limits, String name, long most) {
        switch (name) {
            // generated: java.case_limits
            case "memory_bytes" -> limits.memoryBytes(most);
            case "table_elements" -> limits.tableElements(most);
            case "instances" -> limits.instances(most);
            case "fuel" -> limits.fuel(most);
            case "output_bytes" -> limits.outputBytes(most);
            case "written_bytes" -> limits.writtenBytes(most);
            case "open_files" -> limits.openFiles(most);
            case "timeout_ms" -> limits.timeout(Duration.ofMillis(most));
            case "transfer_bytes" -> limits.transferBytes(most);
            case "handles" -> limits.handles(most);
            // end generated
            default -> throw new Mismatch("unknown limit " + name);
        }
    }

    private Output output(Keys k, String stream) throws IOException {
        String to = k.text(stream);
        if (to == null) {
            return Output.none();
        }
        if (to.startsWith("throw ")) {
            Exception boom = outer.boom(to.substring("throw ".length()));
            return Output.to(bytes -> {
                throw boom;
            });
        }
        if (to.startsWith("call ")) {
            String[] words = to.split(" ");
            return Output.to(bytes -> ((Instance) outer.thing(words[1])).call(words[2]));
        }
        return switch (to) {
            case "capture" -> Output.capture();
            case "callback" -> Output.to(written::write);
            case "lines" -> Output.lines(line -> written.writeBytes(("[" + line + "]").getBytes(StandardCharsets.UTF_8)));
            default -> Output.file(files.file(to));
        };
    }

    private Store store(Keys k) {
        Object target = outer.thing(k.text("target"));
        return target instanceof Instance instance ? instance.store() : (Store) target;
    }

    void perform(String what, Keys k) throws IOException {
        switch (what) {
            case "usage" -> usage(store(k).usage(), k.get("equals"));
            case "set_fuel" -> store(k).setFuel(k.number("fuel"));
            case "cancel" -> store(k).cancel();
            case "output" -> {
                byte[] taken = taken(store(k), k.text("stream"));
                expect("output", new String(taken, StandardCharsets.UTF_8), k.text("text"));
            }
            case "output_text" -> expect("output", text(store(k), k.text("stream")), k.text("text"));
            case "written" -> {
                expect("written", written.toString(StandardCharsets.UTF_8), k.text("text"));
                written.reset();
            }
            case "write_file" -> Files.writeString(newFile(k), k.text("text"));
            case "symlink" -> Files.createSymbolicLink(newFile(k), Path.of(k.text("to")));
            case "make_pipe" -> makePipe(newFile(k), k.flag("is_held"));
            case "read_file" -> expect("file", Files.readString(files.file(k.text("file"))), k.text("text"));
            case "file_exists" -> expect("exists", Files.exists(files.file(k.text("file"))), k.flag("equals"));
            case "policy" -> expect("policy", Policy.fromJson(k.text("from")).toJson(), k.text("json"));
            case "limits_json" -> expect("limits", Limits.fromJson(k.text("from")).toJson(), k.text("json"));
            case "restrict" -> restrict(k);
            case "run_program" -> run(k);
            case "allows" -> expect("answer", answer(Policy.fromJson(k.get("policy").toString()), k), k.flag("equals"));
            default -> expect("exit code", (long) ((Instance) outer.thing(k.text("instance"))).run(), k.number("exit"));
        }
    }

    private static byte[] taken(Store store, String stream) {
        return switch (stream) {
            case "stdout" -> store.stdout();
            case "stderr" -> store.stderr();
            case "refusals" -> store.refusals();
            case "nowhere" -> store.output().getBytes(StandardCharsets.UTF_8);
            default -> throw new Mismatch("no stream is " + stream);
        };
    }

    private static String text(Store store, String stream) {
        return switch (stream) {
            case "stdout" -> store.stdoutText();
            case "stderr" -> store.stderrText();
            default -> throw new Mismatch("no stream is " + stream);
        };
    }

    /** A file that will be made; the folders it is in are. */
    private Path newFile(Keys k) throws IOException {
        Path file = files.file(k.text("file"));
        Files.createDirectories(file.getParent());
        return file;
    }

    private static void makePipe(Path file, boolean isHeld) throws IOException {
        Process made = new ProcessBuilder("mkfifo", file.toString()).inheritIO().start();
        expect("mkfifo", (long) made.onExit().join().exitValue(), 0L);
        if (isHeld) {
            HELD.add(new RandomAccessFile(file.toFile(), "rw"));
        }
    }

    private static boolean answer(Policy policy, Keys k) throws IOException {
        return switch (k.text("question")) {
            case "tcp_connect" -> policy.allowsTcpConnect(address(k));
            case "tcp_bind" -> policy.allowsTcpBind(address(k));
            case "udp_connect" -> policy.allowsUdpConnect(address(k));
            case "udp_bind" -> policy.allowsUdpBind(address(k));
            case "name" -> policy.allowsName(k.text("name"));
            case "name_port" -> policy.allowsName(k.text("name"), (int) k.number("port"));
            case "http" -> policy.allowsHttp(
                    k.text("scheme"), k.text("host"), (int) k.number("port"), k.text("method"));
            default -> throw new Mismatch("nobody asks " + k.text("question"));
        };
    }

    /** Such as {@code 192.0.2.1:80} or {@code [::1]:80}. */
    private static InetSocketAddress address(Keys k) throws IOException {
        String text = k.text("address");
        int colon = text.lastIndexOf(':');
        InetAddress ip = InetAddress.getByName(text.substring(0, colon));
        return new InetSocketAddress(ip, Integer.parseInt(text.substring(colon + 1)));
    }

    private static void restrict(Keys k) {
        Policy first = Policy.fromJson(k.get("policy").toString());
        Policy by = Policy.fromJson(k.get("by").toString());
        Policy both = first.restrict(by);
        expect("both allow it", first.allows(both) && by.allows(both), true);
        expect("policy", both.toJson(), k.text("json"));
    }

    private static void usage(Usage usage, JsonElement equals) {
        for (Map.Entry<String, JsonElement> part : equals.getAsJsonObject().entrySet()) {
            expect(part.getKey(), part(usage, part.getKey()), part.getValue());
        }
    }

    private static JsonElement part(Usage usage, String name) {
        return switch (name) {
            // generated: java.case_usage
            case "memory_bytes" -> new JsonPrimitive(usage.memoryBytes());
            case "peak_memory_bytes" -> new JsonPrimitive(usage.peakMemoryBytes());
            case "table_elements" -> new JsonPrimitive(usage.tableElements());
            case "instances" -> new JsonPrimitive(usage.instances());
            case "output_bytes" -> new JsonPrimitive(usage.outputBytes());
            case "written_bytes" -> new JsonPrimitive(usage.writtenBytes());
            case "open_files" -> new JsonPrimitive(usage.openFiles());
            case "fuel_used" -> usage.fuelUsed().isEmpty() ? JsonNull.INSTANCE : new JsonPrimitive(usage.fuelUsed().getAsLong());
            case "handles" -> new JsonPrimitive(usage.handles());
            // end generated
            default -> throw new Mismatch("unknown part " + name);
        };
    }

    static Engine engine(Keys k) {
        Engine.Builder builder = Engine.builder();
        builder.signalHandlers(ConformanceTest.SIGNALS);
        if (k.get("signal_handlers") != null) {
            builder.signalHandlers(k.flag("signal_handlers"));
        }
        if (k.get("interruptible") != null) {
            builder.interruptible(k.get("interruptible").getAsBoolean());
        }
        if (k.get("stack_bytes") != null) {
            builder.stackBytes(k.number("stack_bytes"));
        }
        if (k.get("compile_cost") != null) {
            builder.compileCost(k.number("compile_cost"));
        }
        if (k.get("memory_reservation_bytes") != null) {
            builder.memoryReservationBytes(k.number("memory_reservation_bytes"));
        }
        builder.deterministic(k.flag("deterministic"));
        if (k.get("call_threads") != null) {
            builder.callThreads((int) k.number("call_threads"));
        }
        if (k.get("pool_slots") != null) {
            builder.poolSlots(k.number("pool_slots"));
        }
        if (k.get("cache") != null) {
            expect("the cache", k.text("cache"), "off");
            builder.noCache();
        }
        return builder.wideArithmetic(k.flag("wide_arithmetic")).customPageSizes(k.flag("custom_page_sizes")).build();
    }
}
