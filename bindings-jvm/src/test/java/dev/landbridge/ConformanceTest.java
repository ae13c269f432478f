package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Runs the corpus that all hosts share. */
class ConformanceTest {
    static final Path CORPUS = Path.of(System.getProperty("landbridge.conformance", "../conformance"));

    static JsonObject json(Path path) throws IOException {
        return JsonParser.parseString(Files.readString(path)).getAsJsonObject();
    }

    private static Map<String, JsonElement> cases() throws IOException {
        Map<String, JsonElement> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(CORPUS.resolve("cases"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                for (JsonElement one : json(file).getAsJsonArray("cases")) {
                    String name = one.getAsJsonObject().get("name").getAsString();
                    assertEquals(null, found.put(name, one), "two cases are named " + name);
                }
            }
        }
        return found;
    }

    @Test
    void everyCase() throws IOException {
        Map<String, JsonElement> cases = cases();
        JsonObject skips = json(CORPUS.resolve("skips.json")).getAsJsonObject("java");
        assertTrue(cases.keySet().containsAll(skips.keySet()), "a skip names no case");
        List<String> failed = new ArrayList<>();
        int passed = 0;
        for (Map.Entry<String, JsonElement> one : cases.entrySet()) {
            if (skips.has(one.getKey())) {
                continue;
            }
            try {
                new ConformanceCase().run(one.getValue().getAsJsonObject().getAsJsonArray("steps"));
                passed++;
            } catch (Throwable e) {
                failed.add(one.getKey() + ": " + e);
            }
        }
        failed.forEach(System.out::println);
        System.out.printf(
                "conformance java: %d passed, %d failed, %d skipped%n", passed, failed.size(), skips.size());
        assertEquals(List.of(), failed);
        assertTrue(passed >= 80, "the corpus is not there");
    }
}
