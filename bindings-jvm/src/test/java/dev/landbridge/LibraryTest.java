package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The bundled library is loaded from a folder of this user alone, in processes of their own. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "modes and owners are those of Unix")
class LibraryTest {
    @TempDir
    private Path dir;

    private Path classes;
    private Path home;
    private Path tmp;

    @BeforeEach
    void bundle() throws Exception {
        dir = dir.toRealPath();
        classes = Bundle.make(dir.resolve("classes"));
        home = made("home", "rwxr-xr-x");
        tmp = made("tmp", "rwx------");
    }

    private Path made(String name, String mode) throws IOException {
        Path made = Files.createDirectories(dir.resolve(name));
        return Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(mode));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    /** Loads the library in a new process and says where from; then compiles, which a cache may keep. */
    static final class Loads {
        public static void main(String[] args) throws IOException {
            CheckJniTest.Version.main(args);
            if (isLoaded()) {
                Module.load("(module)").close();
            }
            try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
                maps.filter(line -> line.contains("liblandbridge_jvm")).findFirst().ifPresent(System.out::println);
            }
        }
    }

    private static boolean isLoaded() {
        try {
            return !Engine.version().isEmpty();
        } catch (UnsatisfiedLinkError e) {
            return false; // That was said.
        }
    }

    private String load(String cache) throws Exception {
        return CheckJniTest.output(Map.of("XDG_CACHE_HOME", cache),
                "-cp", classes + File.pathSeparator + System.getProperty("java.class.path"),
                "-Djava.library.path=", "-Duser.home=" + home, "-Djava.io.tmpdir=" + tmp, Loads.class.getName());
    }

    /** Loads it from there. */
    private void loadsFrom(Path place, String cache) throws Exception {
        String said = load(cache);
        assertTrue(said.contains(CheckJniTest.VERSION) && said.contains(" " + place + "/"), said);
        assertEquals(List.of(), inside(tmp), "nothing is left behind");
    }

    private static List<Path> inside(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("hsperfdata")).toList();
        }
    }

    /** The file that was extracted to a cache. */
    private static Path extracted(Path cache) throws IOException {
        try (Stream<Path> all = Files.walk(cache)) {
            return all.filter(path -> path.endsWith(CheckJniTest.library().getFileName())).findFirst().orElseThrow();
        }
    }

    private void isGood(Path file) throws IOException {
        assertTrue(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
        assertEquals("rw-------", mode(file));
        assertArrayEquals(Files.readAllBytes(CheckJniTest.library()), Files.readAllBytes(file));
    }

    @Test
    void ourOwnFoldersAreForThisUserAlone() throws Exception {
        Path cache = home.resolve(".cache");
        loadsFrom(cache, "relative/paths/are/ignored");
        Path file = extracted(cache);
        isGood(file);
        for (Path folder = file.getParent(); !folder.equals(home); folder = folder.getParent()) {
            assertEquals("rwx------", mode(folder));
        }
        FileTime written = Files.getLastModifiedTime(file);
        loadsFrom(cache, "");
        assertEquals(written, Files.getLastModifiedTime(file), "it is written once");
    }

    @Test
    void wherePathsMayBeChangedByOthersNothingIsExtracted() throws Exception {
        for (String mode : List.of("rwxrwxrwx", "rwxrwxr-x")) {
            Path shared = made("shared", mode);
            loadsFrom(tmp, shared.toString());
            loadsFrom(tmp, shared.resolve("below").toString());
            assertEquals(List.of(), inside(shared));
            // A private folder does not help: another one can be put in its place.
            made("shared/mine", "rwx------");
            loadsFrom(tmp, shared.resolve("mine").toString());
            Files.delete(shared.resolve("mine"));
        }
    }

    @Test
    void whatOthersMayHaveWrittenIsNotLoaded() throws Exception {
        Path cache = home.resolve(".cache");
        loadsFrom(cache, cache.toString());
        Path file = extracted(cache);
        Path folder = file.getParent();

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw--w----"));
        loadsFrom(cache, cache.toString());
        isGood(file);

        Path elsewhere = Files.copy(file, home.resolve("elsewhere"));
        Files.delete(file);
        Files.createSymbolicLink(file, elsewhere);
        loadsFrom(cache, cache.toString());
        isGood(file);

        Files.writeString(file, "no library");
        loadsFrom(cache, cache.toString());
        isGood(file);

        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        loadsFrom(tmp, cache.toString());
    }

    @Test
    void linksAreFollowedWhereOnlyThisUserCanMakeThem() throws Exception {
        Path cache = made("disk", "rwxr-xr-x");
        Files.createSymbolicLink(home.resolve("link"), Path.of("../disk"));
        loadsFrom(cache, home.resolve("link").toString());
        isGood(extracted(cache));
        Path shared = made("shared", "rwxrwxrwx");
        Files.createSymbolicLink(shared.resolve("link"), cache);
        loadsFrom(tmp, shared.resolve("link").toString());
    }

    @Test
    void whatAKilledProcessLeftGoes() throws Exception {
        Path cache = home.resolve(".cache");
        loadsFrom(cache, cache.toString());
        Path folder = extracted(cache).getParent();
        Files.delete(extracted(cache));
        Path old = Files.writeString(folder.resolve("landbridge_jvm1.new"), "half");
        Path fresh = Files.writeString(folder.resolve("landbridge_jvm2.new"), "half");
        Path other = Files.writeString(folder.resolve("other.new"), "mine");
        for (Path file : List.of(old, other)) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        }
        loadsFrom(cache, cache.toString());
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(fresh) && Files.exists(other));
    }

    @Test
    void whatWasDamagedIsMended() throws Exception {
        Path cache = home.resolve(".cache");
        loadsFrom(cache, cache.toString());
        Path file = extracted(cache);
        byte[] bytes = new byte[(int) Files.size(file)];
        Files.write(file, bytes);
        loadsFrom(cache, cache.toString());
        isGood(file);
    }

    @Test
    void theLibraryIsNotReadAtEachStart() throws Exception {
        Path cache = home.resolve(".cache");
        loadsFrom(cache, cache.toString());
        Path bundled = Bundle.library(classes);
        Files.write(bundled, new byte[(int) Files.size(bundled)]);
        loadsFrom(cache, cache.toString());
        // The digest beside it says what it should be.
        Files.delete(extracted(cache));
        String said = load(cache.toString());
        assertTrue(said.contains("is not the library whose digest lies beside it: get its jar again"), said);
        assertFalse(said.contains("java.io.tmpdir"), said);
    }

    @Test
    void withoutADigestTheLibraryIsRead() throws Exception {
        Path cache = home.resolve(".cache");
        loadsFrom(cache, cache.toString());
        Path file = extracted(cache);
        Files.delete(Path.of(Bundle.library(classes) + LibrarySource.DIGEST));
        loadsFrom(cache, cache.toString());
        assertEquals(file, extracted(cache), "it is the same digest");
    }
}
