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
    private static final String FILE = System.getenv("LANDBRIDGE_CASES");
    private static final String ONLY = System.getenv("LANDBRIDGE_CASE");

    /** Whether engines may use signals, unless a case says otherwise. */
    static final boolean SIGNALS = !"off".equals(System.getenv("LANDBRIDGE_TEST_SIGNALS"));

    /** Made when a case first needs it, so that no other engine is there before. */
    private static final class Default {
        static final Engine ENGINE = SIGNALS ? Engine.shared() : Engine.builder().signalHandlers(false).build();
    }

    /** The engine of cases that name none. */
    static Engine engine() {
        return Default.ENGINE;
    }

    static JsonObject json(Path path) throws IOException {
        return JsonParser.parseString(Files.readString(path)).getAsJsonObject();
    }

    /** The file that LANDBRIDGE_CASES names, or all files of the corpus. */
    private static List<Path> files() throws IOException {
        if (FILE != null) {
            return List.of(Path.of(FILE));
        }
        try (Stream<Path> files = Files.list(CORPUS.resolve("cases"))) {
            return files.filter(f -> f.toString().endsWith(".json")).sorted().toList();
        }
    }

    /** All cases, by name, or the one that LANDBRIDGE_CASE names. */
    private static Map<String, JsonElement> cases() throws IOException {
        Map<String, JsonElement> found = new TreeMap<>();
        for (Path file : files()) {
            for (JsonElement one : json(file).getAsJsonArray("cases")) {
                String name = one.getAsJsonObject().get("name").getAsString();
                assertEquals(null, found.put(name, one), "two cases are named " + name);
            }
        }
        found.keySet().removeIf(name -> ONLY != null && !ONLY.equals(name));
        return found;
    }

    /** Runs all that are not skipped, says what failed, and gives how many passed and why others failed. */
    private static Map.Entry<Integer, List<String>> run(Map<String, JsonElement> cases, JsonObject skips) {
        List<String> failed = new ArrayList<>();
        Map<String, JsonElement> chosen = new TreeMap<>(cases);
        chosen.keySet().removeAll(skips.keySet());
        chosen.forEach((name, one) -> {
            try {
                new ConformanceCase().run(one.getAsJsonObject().getAsJsonArray("steps"));
            } catch (Throwable e) {
                failed.add(name + ": " + e);
            }
        });
        int passed = chosen.size() - failed.size();
        failed.forEach(why -> System.out.println("FAILED " + why));
        System.out.printf("conformance java: %d passed, %d failed, %d skipped%n", passed, failed.size(),
                cases.size() - chosen.size());
        return Map.entry(passed, failed);
    }

    private static JsonObject skips() throws IOException {
        return json(CORPUS.resolve("skips.json")).getAsJsonObject("java");
    }

    /** Runs the cases without a test framework, for runs that measure the process. */
    public static void main(String[] args) throws IOException {
        Map.Entry<Integer, List<String>> result = run(cases(), skips());
        System.exit(result.getKey() > 0 && result.getValue().isEmpty() ? 0 : 1);
    }

    @Test
    void everyCase() throws IOException {
        Map<String, JsonElement> cases = cases();
        JsonObject skips = skips();
        Map.Entry<Integer, List<String>> result = run(cases, skips);
        assertEquals(List.of(), result.getValue());
        if (FILE == null && ONLY == null) {
            assertTrue(cases.keySet().containsAll(skips.keySet()), "a skip names no case");
            assertTrue(result.getKey() >= 80, "the corpus is not there");
        }
    }

    /** In a process of its own, which has handlers of signals only once a case asks for them. */
    @Test
    void everyCaseWithoutSignalHandlers() throws Exception {
        Map<String, String> off = Map.of("LANDBRIDGE_TEST_SIGNALS", "off");
        String library = CheckJniTest.named(CheckJniTest.library());
        String text = CheckJniTest.output(off, library, ConformanceTest.class.getName());
        System.out.print(text);
        assertTrue(text.contains(" 0 failed"), text);
    }
}
