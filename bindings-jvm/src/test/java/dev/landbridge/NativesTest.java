package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The native library in another jar, or another module, than the classes. */
class NativesTest {
    private static final String MODULE = "dev.landbridge.natives." + LibraryPlatform.name().replace('-', '.');

    @TempDir
    private Path dir;

    private Path natives;
    private Path older;

    @BeforeEach
    void bundle() throws Exception {
        dir = dir.toRealPath();
        natives = Files.createDirectories(dir.resolve("natives"));
        Bundle.put(natives, Native.VERSION);
        older = Files.createDirectories(dir.resolve("older"));
        Bundle.put(older, "0.0.1");
        Files.writeString(Bundle.library(older), "would not load");
    }

    private String said(List<Path> path, String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of("-Djava.library.path=", "-cp"));
        all.add(String.join(File.pathSeparator, path.stream().map(Path::toString).toList()));
        all.addAll(List.of(command));
        Map<String, String> variables = Map.of("XDG_CACHE_HOME", dir.resolve("cache").toString());
        return Bundle.run(Bundle.java(List.of(), all.toArray(new String[0])), variables, null);
    }

    private String version(Path... libraries) throws Exception {
        List<Path> path = new ArrayList<>(List.of(libraries));
        path.addAll(List.of(Bundle.folderOf(Library.class), Bundle.folderOf(NativesTest.class)));
        return said(path, CheckJniTest.Version.class.getName());
    }

    @Test
    void inAnotherJar() throws Exception {
        assertEquals(CheckJniTest.VERSION, version(natives).trim());
    }

    /** As where two shaded applications are in one class path. */
    @Test
    void ofSeveralThatOfTheSameVersion() throws Exception {
        assertEquals(CheckJniTest.VERSION, version(older, natives).trim());
        assertEquals(CheckJniTest.VERSION, version(natives, older).trim());
    }

    @Test
    void anotherVersionIsNamedWithBothArtifacts() throws Exception {
        String name = LibraryPlatform.name();
        assertEquals("Landbridge's native library cannot be loaded: the one for " + name + " is of version 0.0.1, and the"
                + " classes are of version " + Native.VERSION + ": use landbridge-natives-" + name + " and landbridge of one"
                + " version", version(older).trim());
    }

    /** Loads Landbridge in a layer of modules that have a class loader each. */
    static final class Layers {
        public static void main(String[] args) throws Exception {
            ModuleLayer boot = ModuleLayer.boot();
            ModuleFinder finder = ModuleFinder.of(Path.of(args[0]), Path.of(args[1]));
            Configuration resolved =
                    boot.configuration().resolve(finder, ModuleFinder.of(), Set.of("dev.landbridge", args[2]));
            ModuleLayer layer = ModuleLayer.defineModulesWithManyLoaders(
                    resolved, List.of(boot), ClassLoader.getPlatformClassLoader()).layer();
            Class<?> engine = layer.findLoader("dev.landbridge").loadClass("dev.landbridge.Engine");
            System.out.println(engine.getModule() + " " + engine.getMethod("version").invoke(null));
        }
    }

    @Test
    void inAModuleWithAClassLoaderOfItsOwn() throws Exception {
        Path source = Files.writeString(dir.resolve("module-info.java"), "module " + MODULE + " {}");
        ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
        String[] options = {"-Xlint:-module", "-d", natives.toString(), source.toString()};
        assertEquals(0, javac.run(System.out, System.err, options));
        String said = said(List.of(Bundle.folderOf(NativesTest.class)), Layers.class.getName(),
                Bundle.folderOf(Library.class).toString(), natives.toString(), MODULE);
        assertTrue(said.startsWith("module dev.landbridge ") && said.trim().endsWith(CheckJniTest.VERSION), said);
    }
}
