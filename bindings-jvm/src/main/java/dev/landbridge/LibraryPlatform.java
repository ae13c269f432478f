package dev.landbridge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What this machine is called in names of artifacts: as os-maven-plugin calls it, with {@code -musl} behind it where musl is
 * the C library.
 */
final class LibraryPlatform {
    /** Those that artifacts are published for; {@code packages/java/platforms.py} has the same. */
    static final List<String> PUBLISHED = List.of("linux-x86_64", "linux-aarch_64", "linux-x86_64-musl",
            "linux-aarch_64-musl", "osx-x86_64", "osx-aarch_64", "windows-x86_64");

    private LibraryPlatform() {}

    static String name() {
        String system = system(System.getProperty("os.name").toLowerCase(Locale.ROOT));
        String arch = System.getProperty("os.arch");
        return name(system, arch, system.equals("linux") && isMusl(Path.of("/lib"), Path.of("/proc/self/maps"), arch));
    }

    static String name(String system, String arch, boolean isMusl) {
        return system + "-" + processor(arch) + (isMusl ? "-musl" : "");
    }

    private static String system(String name) {
        return name.startsWith("win") ? "windows" : name.startsWith("mac") ? "osx" : "linux";
    }

    private static String processor(String arch) {
        return switch (arch) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "aarch_64";
            default -> arch;
        };
    }

    /**
     * Whether this process runs on musl. Where its loader is not there, as on most systems, this is one look; a system with
     * glibc may have it too, for programs of others, so what is mapped here tells.
     */
    static boolean isMusl(Path lib, Path maps, String arch) {
        String machine = arch.equals("amd64") ? "x86_64" : arch;
        if (!Files.exists(lib.resolve("ld-musl-" + machine + ".so.1"))) {
            return false;
        }
        try {
            // Paths may hold any bytes.
            String mapped = new String(Files.readAllBytes(maps), StandardCharsets.ISO_8859_1);
            return mapped.contains("/ld-musl-") || mapped.contains("/libc.musl-");
        } catch (IOException e) {
            return true;
        }
    }

    /** The artifact that holds the library for a machine of this name. */
    static String artifact(String name) {
        return "landbridge-natives-" + name;
    }

    /** What to do where there is no library for this machine, in words. */
    static String missing(String name) {
        if (!PUBLISHED.contains(name)) {
            return "Landbridge has none for " + name + ", only for " + String.join(", ", PUBLISHED)
                    + ". Build one from the sources and name it with -D" + Library.PATH_PROPERTY + "=FILE";
        }
        String version = ":" + Native.VERSION;
        return "there is none for " + name + " on the class path or the module path. Add the dependency dev.landbridge:"
                + artifact(name) + version + ", or dev.landbridge:landbridge-natives-all" + version
                + " for all platforms, or name a file with -D" + Library.PATH_PROPERTY + "=FILE";
    }
}
