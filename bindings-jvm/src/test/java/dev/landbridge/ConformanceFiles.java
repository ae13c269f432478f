package dev.landbridge;

import static dev.landbridge.ConformanceCase.expect;
import static dev.landbridge.ConformanceCase.exportList;
import static dev.landbridge.ConformanceCase.importList;
import static dev.landbridge.ConformanceCase.lines;
import static dev.landbridge.ConformanceCase.texts;

import com.google.gson.JsonElement;
import dev.landbridge.ConformanceCase.Keys;
import dev.landbridge.ConformanceCase.Mismatch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Steps about a module's bytes, its travels, precompiled files and inspection. */
final class ConformanceFiles {
    private final ConformanceCase outer;
    private Path folder;

    ConformanceFiles(ConformanceCase outer) {
        this.outer = outer;
    }

    /** A guest of the corpus. */
    static Path guest(Keys k) {
        return ConformanceTest.CORPUS.resolve("modules").resolve(k.text("module"));
    }

    /** A file in the folder of the case, which is made when it is needed. */
    synchronized Path file(String name) throws IOException {
        if (folder == null) {
            folder = Files.createTempDirectory("landbridge-case");
        }
        return folder.resolve(name);
    }

    private Path file(Keys k) throws IOException {
        return file(k.text("file"));
    }

    void delete() throws IOException {
        if (folder != null) {
            delete(folder);
        }
    }

    /** What is in a folder first. */
    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            for (Path inside : Files.list(path).toList()) {
                delete(inside);
            }
        }
        Files.delete(path);
    }

    private Module module(Keys k) {
        return (Module) outer.thing(k.text("module"));
    }

    void perform(String what, Keys k) throws Exception {
        switch (what) {
            case "bytes" -> expect("bytes", HexFormat.of().formatHex(module(k).bytes()), k.text("hex"));
            case "digest" -> expect("digest", module(k).digest(), k.text("equals"));
            case "travel" -> outer.put(k, arrived(sent(module(k))));
            case "compile" -> module(k).compile(file(k));
            case "load_precompiled" -> outer.put(k, Module.loadPrecompiled(outer.engineOf(k), file(k)));
            case "load_written" -> outer.put(k, Module.load(outer.engineOf(k), file(k)));
            case "load_string" -> outer.put(k, Module.load(outer.engineOf(k), named(k.text("string"))));
            case "damage" -> damage(file(k), k.text("how"));
            default -> inspect(k);
        }
    }

    /** A string in which CASE/ stands for the folder of the case. */
    private String named(String string) throws IOException {
        return string.startsWith("CASE/") ? file(string.substring(5)).toString() : string;
    }

    static byte[] sent(Object object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    static Object arrived(byte[] bytes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        }
    }

    private static void damage(Path file, String how) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int middle = bytes.length / 2;
        switch (how) {
            case "truncate" -> bytes = Arrays.copyOf(bytes, middle);
            case "alter" -> bytes[middle] ^= 1;
            case "text" -> bytes = "hello".getBytes(StandardCharsets.UTF_8);
            default -> throw new Mismatch("no damage is " + how);
        }
        Files.write(file, bytes);
    }

    private static void inspect(Keys k) {
        Inspection found = k.get("text") != null
                ? Module.inspect(k.text("text").getBytes(StandardCharsets.UTF_8))
                : Module.inspect(guest(k));
        if (k.get("equals") == null) {
            return;
        }
        for (Map.Entry<String, JsonElement> part : k.get("equals").getAsJsonObject().entrySet()) {
            check(found, part.getKey(), part.getValue());
        }
    }

    private static void check(Inspection found, String part, JsonElement wanted) {
        switch (part) {
            case "json" -> expect(part, found.toJson(), wanted.getAsString());
            case "name" -> expect(part, found.name(), wanted.isJsonNull() ? null : wanted.getAsString());
            case "imports" -> expect(part, importList(found.imports()), lines(wanted));
            case "built_for" -> expect(part, wanted.isJsonNull() ? found.builtFor() == null
                    : String.valueOf(found.builtFor()).contains(wanted.getAsString()), true);
            case "asks" -> asks(found.asks(), ConformanceCase.list(wanted));
            case "exports" -> expect(part, exportList(found.exports()), lines(wanted));
            case "memories" -> expect(part, found.memories().stream().map(MemoryType::toString).toList(), texts(wanted));
            case "compile_cost" -> expect(part, found.compileCost(), wanted.getAsLong());
            case "features" -> expect(part, found.features(), texts(wanted));
            case "custom_sections" ->
                expect(part, found.customSections().stream().map(CustomSection::name).toList(), texts(wanted));
            case "producers" -> expect(part, producers(found), lines(wanted));
            case "target_features" -> expect(part, found.targetFeatures(), texts(wanted));
            case "wit" -> expect(part, found.wit(), wanted.isJsonNull() ? null : wanted.getAsString());
            default -> throw new Mismatch("unknown part " + part);
        }
    }

    private static void asks(List<Ask> asks, List<JsonElement> wanted) {
        List<Ask> all = wanted.stream().map(JsonElement::getAsJsonArray)
                .map(ask -> new Ask(ask.get(0).getAsString(), texts(ask.get(1)))).toList();
        expect("asks", asks, all);
        expect("known", Ask.ALL.containsAll(asks.stream().map(Ask::what).toList()), true);
    }

    private static List<List<String>> producers(Inspection found) {
        return found.producers().stream().map(p -> List.of(p.field(), p.name(), p.version())).toList();
    }
}
