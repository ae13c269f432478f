package dev.landbridge;

import static dev.landbridge.ConformanceCase.expect;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import dev.landbridge.ConformanceCase.Keys;
import dev.landbridge.ConformanceCase.Mismatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** Steps about how a store is closed in, what it used, and its streams. */
final class ConformanceSandbox {
    private static final Set<String> KEYS = Set.of("limits", "policy", "stdin", "stdout", "stderr");

    private final ConformanceCase outer;
    private final ConformanceFiles files;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    ConformanceSandbox(ConformanceCase outer, ConformanceFiles files) {
        this.outer = outer;
        this.files = files;
    }

    /** Null if the step has none of its keys. */
    Sandbox sandbox(Keys k) throws IOException {
        if (KEYS.stream().noneMatch(k.step()::has)) {
            return null;
        }
        Policy policy = k.get("policy") == null ? Policy.none() : policy(k.get("policy"));
        Stdio.Builder stdio = Stdio.builder().stdout(output(k, "stdout")).stderr(output(k, "stderr"));
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
            case "memory_bytes" -> limits.memoryBytes(most);
            case "table_elements" -> limits.tableElements(most);
            case "instances" -> limits.instances(most);
            case "fuel" -> limits.fuel(most);
            case "output_bytes" -> limits.outputBytes(most);
            case "timeout_ms" -> limits.timeout(Duration.ofMillis(most));
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
        return switch (to) {
            case "capture" -> Output.capture();
            case "callback" -> Output.to(written::write);
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
                Store store = store(k);
                byte[] taken = k.text("stream").equals("stdout") ? store.stdout() : store.stderr();
                expect("output", new String(taken, StandardCharsets.UTF_8), k.text("text"));
            }
            case "written" -> {
                expect("written", written.toString(StandardCharsets.UTF_8), k.text("text"));
                written.reset();
            }
            case "write_file" -> {
                Path file = files.file(k.text("file"));
                Files.createDirectories(file.getParent());
                Files.writeString(file, k.text("text"));
            }
            case "symlink" -> Files.createSymbolicLink(files.file(k.text("file")), Path.of(k.text("to")));
            case "read_file" -> expect("file", Files.readString(files.file(k.text("file"))), k.text("text"));
            case "file_exists" -> expect("exists", Files.exists(files.file(k.text("file"))), k.flag("equals"));
            case "policy" -> expect("policy", Policy.fromJson(k.text("from")).toJson(), k.text("json"));
            case "restrict" -> restrict(k);
            default -> expect("exit code", (long) ((Instance) outer.thing(k.text("instance"))).run(), k.number("exit"));
        }
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
            case "memory_bytes" -> new JsonPrimitive(usage.memoryBytes());
            case "peak_memory_bytes" -> new JsonPrimitive(usage.peakMemoryBytes());
            case "table_elements" -> new JsonPrimitive(usage.tableElements());
            case "instances" -> new JsonPrimitive(usage.instances());
            case "output_bytes" -> new JsonPrimitive(usage.outputBytes());
            case "fuel_used" -> usage.fuelUsed().isEmpty()
                    ? JsonNull.INSTANCE
                    : new JsonPrimitive(usage.fuelUsed().getAsLong());
            default -> throw new Mismatch("unknown part " + name);
        };
    }
}
