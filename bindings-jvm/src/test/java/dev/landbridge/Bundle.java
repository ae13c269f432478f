package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Folders of classes with a native library among them, as a jar has it, and processes that use them. */
final class Bundle {
    private Bundle() {}

    /** Copies the classes, those of the tests too, for users who may not come to where they are, and bundles the library. */
    static Path make(Path classes) throws Exception {
        copy(folderOf(Library.class), classes);
        copy(folderOf(Bundle.class), classes);
        put(classes, Native.VERSION);
        return classes;
    }

    /** Puts the library of this machine among classes, or where none are. */
    static void put(Path classes, String version) throws Exception {
        String library = CheckJniTest.library().toString();
        run(List.of("sh", "bundle.sh", library, LibraryPlatform.name(), classes.toString(), version), Map.of(), null);
    }

    static Path folderOf(Class<?> one) throws URISyntaxException {
        return Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    /** The library in there. */
    static Path library(Path classes) {
        return classes.resolve(Library.resource(LibraryPlatform.name()));
    }

    /** What a process says, which must end well. An empty variable is taken away. */
    static String run(List<String> command, Map<String, String> variables, Path folder) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.directory(folder == null ? null : folder.toFile());
        variables.forEach((name, value) -> {
            builder.environment().remove(name);
            if (!value.isEmpty()) {
                builder.environment().put(name, value);
            }
        });
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), text);
        return text;
    }

    /** The command of a JVM, run by another one such as {@code setpriv}. */
    static List<String> java(List<String> by, String... options) {
        List<String> command = new ArrayList<>(by);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        return command;
    }
}
