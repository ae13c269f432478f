package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs the official test suite, see conformance/spec/README.md. Only {@code -Dtest=SpecTest} runs it. */
class SpecTest {
    static final Path LISTS = Path.of(System.getProperty("landbridge.spec", "../target/spec"));

    private static List<String> names() throws IOException {
        String only = System.getenv().getOrDefault("SPEC", "");
        JsonArray all = JsonParser.parseString(Files.readString(LISTS.resolve("index.json"))).getAsJsonArray();
        List<String> names = new ArrayList<>();
        for (JsonElement name : all) {
            if (name.getAsString().contains(only)) {
                names.add(name.getAsString());
            }
        }
        return names;
    }

    @Test
    void everyFile() throws IOException {
        long start = System.nanoTime();
        Engine engine = Engine.builder().wideArithmetic(true).customPageSizes(true)
                .signalHandlers(ConformanceTest.SIGNALS).build();
        SpecSkips skips = SpecSkips.read();
        SpecCounts counts = new SpecCounts();
        List<String> names = names();
        for (String name : names) {
            try (SpecFile file = new SpecFile(engine, name)) {
                file.run(skips, counts);
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(java.util.Locale.ROOT, "spec java: %d files, %s, %.1f s%n", names.size(), counts, seconds);
        assertEquals(0, counts.failed);
    }
}
