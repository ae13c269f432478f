package dev.landbridge;

import com.google.gson.JsonElement;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** What no host runs: names of files, and lines of files. */
record SpecSkips(Set<String> names) {
    static SpecSkips read() throws IOException {
        Set<String> names = new HashSet<>();
        for (var reason : ConformanceTest.json(ConformanceTest.CORPUS.resolve("spec-skips.json")).entrySet()) {
            for (JsonElement name : reason.getValue().getAsJsonArray()) {
                names.add(name.getAsString());
            }
        }
        return new SpecSkips(names);
    }

    boolean file(String name) {
        return names.contains(name);
    }

    boolean line(String name, int line) {
        return names.contains(name + ":" + line);
    }
}
