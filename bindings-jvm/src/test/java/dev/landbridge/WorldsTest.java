package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.landbridge.ConformanceCase.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Worlds from a seed, which Rust has called before: see {@code conformance/worlds/README.md}. */
class WorldsTest {
    private static final Path WORLDS = Path.of("../target/worlds");
    private static final long FUEL = 1_000_000_000_000L;

    @Test
    void worldsHold() throws IOException {
        Path list = WORLDS.resolve("worlds.jsonl");
        assertTrue(Files.exists(list), list + " is not there: make worlds");
        List<String> lines = Files.readAllLines(list);
        String most = System.getenv("LANDBRIDGE_WORLDS");
        List<String> chosen = most == null ? lines : lines.subList(0, Math.min(lines.size(), Integer.parseInt(most)));
        Engine engine = Engine.builder().cache(WORLDS.resolve("cache")).build();
        AtomicInteger calls = new AtomicInteger();
        chosen.parallelStream().forEach(line -> check(engine, JsonParser.parseString(line).getAsJsonObject(), calls));
        System.out.println("worlds java: " + chosen.size() + " worlds, " + calls + " calls");
        assertTrue(calls.get() >= chosen.size(), "worlds have calls");
    }

    private static void check(Engine engine, JsonObject world, AtomicInteger calls) {
        try {
            new World(engine, world).check(calls);
        } catch (Throwable e) {
            String found = "make worlds SEED=" + world.get("seed").getAsString() + " COUNT=1 FIRST=" + world.get("number").getAsString();
            throw new AssertionError("a world does not hold: " + e + "\n" + world.get("type") + "\n" + found, e);
        }
    }

    /** One that is being called. */
    private static final class World {
        private final Engine engine;
        private final JsonObject json;
        private final ConformanceCase outer = new ConformanceCase();
        private final ConformanceWitValues values = new ConformanceWitValues(outer);
        private final List<List<String>> noted = new ArrayList<>();
        private WitFunc func;
        private String gives;

        World(Engine engine, JsonObject json) {
            this.engine = engine;
            this.json = json;
        }

        void check(AtomicInteger calls) throws Throwable {
            Imports.Builder imports = Imports.builder();
            if (!json.get("import").isJsonNull()) {
                JsonArray host = json.getAsJsonArray("import");
                imports.witFunc(host.get(0).getAsString(), host.get(1).getAsString(), this::host);
            }
            Limits limits = Limits.builder().fuel(FUEL).build();
            try (Module module = Module.load(engine, WORLDS.resolve(json.get("file").getAsString()));
                    Instance instance = module.instantiate(imports.build(), Policy.none(), limits)) {
                func = instance.witFunc(json.get("func").getAsString());
                assertEquals(json.get("type").getAsString(), func.type().toString());
                for (JsonElement call : json.getAsJsonArray("calls")) {
                    check(call.getAsJsonObject());
                    calls.incrementAndGet();
                    assertEquals(call.getAsJsonObject().get("fuel").getAsLong(), used(instance));
                }
                long before = used(instance);
                for (JsonElement wrong : json.getAsJsonArray("wrong")) {
                    checkWrong(wrong.getAsJsonObject());
                }
                assertEquals(before, used(instance));
            }
        }

        private static long used(Instance instance) {
            return instance.store().usage().fuelUsed().orElseThrow();
        }

        /** Notes its arguments, and gives the result of the call that is at work. */
        private Object host(Object... args) {
            noted.add(ConformanceWit.told(func.type(), args));
            if (gives == null) {
                return null;
            }
            WitType type = func.type().result().orElseThrow();
            Object given = type.parse(gives);
            if (type.sort().equals("result") && given instanceof WitResult.Err<?, ?> err) {
                throw new WitError(err.value());
            }
            return type.sort().equals("result") ? ((WitResult.Ok<?, ?>) given).value() : given;
        }

        private void check(JsonObject call) throws Throwable {
            List<JsonElement> given = ConformanceCase.list(call.get("args"));
            gives = call.get("result").isJsonNull() ? null : call.get("result").getAsString();
            noted.clear();
            Object[] args = values.all(func.type(), given);
            assertEquals(gives, ConformanceWit.outcome(func.type(), () -> func.call(args)));
            if (!json.get("import").isJsonNull()) {
                assertEquals(List.of(ConformanceCase.texts(call.get("args"))), noted);
            }
        }

        private void checkWrong(JsonObject wrong) {
            Object[] args = values.all(func.type(), ConformanceCase.list(wrong.get("args")));
            Throwable failed = null;
            try {
                func.call(args);
            } catch (WasmException e) {
                failed = e;
            }
            if (failed == null) {
                throw new AssertionError(wrong + " did not fail");
            }
            outer.check(failed, new Keys(wrong.getAsJsonObject("fails")));
        }
    }
}
