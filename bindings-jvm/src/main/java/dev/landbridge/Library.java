package dev.landbridge;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/** Finds and loads the native library: named by a property, on the library path, or bundled, in this order. */
final class Library {
    static final String PATH_PROPERTY = "dev.landbridge.library.path";
    private static final String NAME = "landbridge_jvm";
    private static final String DRAFT = ".new";

    private Library() {}

    static void load() {
        String named = System.getProperty(PATH_PROPERTY);
        if (named != null) {
            loadFile(Path.of(named).toAbsolutePath());
        } else if (!loadFromLibraryPath()) {
            loadBundled();
        }
    }

    private static boolean loadFromLibraryPath() {
        String file = System.mapLibraryName(NAME);
        for (String dir : System.getProperty("java.library.path", "").split(java.io.File.pathSeparator)) {
            Path path = Path.of(dir, file).toAbsolutePath();
            if (!dir.isEmpty() && Files.isRegularFile(path)) {
                loadFile(path);
                return true;
            }
        }
        return false;
    }

    private static void loadFile(Path file) {
        try {
            System.load(file.toString());
        } catch (UnsatisfiedLinkError e) {
            // The library refuses to load when its number is not that of the classes.
            String hint = Files.isRegularFile(file)
                    ? "it is for another machine, or of another version than these classes (native interface "
                            + Native.ABI + ")"
                    : "there is no such file";
            throw unusable(file + ": " + hint + ": " + e.getMessage());
        }
    }

    /** From the user's folder for caches, once for all processes; else from a folder that is gone at once. */
    private static void loadBundled() {
        byte[] bytes = bundled();
        try {
            loadFile(keep(bytes));
        } catch (IOException | UnsatisfiedLinkError e) {
            loadTemporary(bytes, e);
        }
    }

    private static byte[] bundled() {
        try (InputStream in = Library.class.getResourceAsStream(resource())) {
            if (in == null) {
                throw unusable("none is bundled for " + platform() + "; name one with -D" + PATH_PROPERTY + "=FILE");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the bundled native library cannot be read", e);
        }
    }

    /** Copies the library to a directory named by its content, unless it is there. */
    private static Path keep(byte[] bytes) throws IOException {
        Path dir = PrivateDir.make(cacheDir().resolve(digest(bytes)));
        Path file = dir.resolve(System.mapLibraryName(NAME));
        if (PrivateDir.isOurFile(file) && Arrays.equals(Files.readAllBytes(file), bytes)) {
            return file;
        }
        removeForgotten(dir);
        Path fresh = Files.createTempFile(dir, NAME, DRAFT);
        try {
            Files.write(fresh, bytes);
            return Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Removes what processes left that were killed while they wrote. */
    private static void removeForgotten(Path dir) throws IOException {
        Instant before = Instant.now().minus(Duration.ofHours(1));
        try (DirectoryStream<Path> drafts = Files.newDirectoryStream(dir, NAME + "*" + DRAFT)) {
            for (Path draft : drafts) {
                if (Files.getLastModifiedTime(draft, LinkOption.NOFOLLOW_LINKS).toInstant().isBefore(before)) {
                    Files.deleteIfExists(draft);
                }
            }
        }
    }

    /** Loads it from a new folder of this user alone. */
    private static void loadTemporary(byte[] bytes, Throwable why) {
        try {
            Path place = PrivateDir.find(Path.of(System.getProperty("java.io.tmpdir")));
            Path dir = Files.createTempDirectory(place, "landbridge-");
            Path file = dir.resolve(System.mapLibraryName(NAME));
            try {
                Files.write(file, bytes, StandardOpenOption.CREATE_NEW);
                loadFile(file);
            } finally {
                // What is loaded needs no name any more.
                remove(file, dir);
            }
        } catch (IOException e) {
            UnsatisfiedLinkError error = unusable("no folder for it is this user's alone: " + why.getMessage() + "; "
                    + e.getMessage() + "; name a private one with -Djava.io.tmpdir=FOLDER, or the library with -D"
                    + PATH_PROPERTY + "=FILE");
            error.addSuppressed(e);
            error.addSuppressed(why);
            throw error;
        }
    }

    /** Where files that are in use cannot be removed (Windows) it is tried again when the process ends. */
    private static void remove(Path file, Path dir) {
        try {
            Files.deleteIfExists(file);
            Files.deleteIfExists(dir);
        } catch (IOException e) {
            dir.toFile().deleteOnExit();
            file.toFile().deleteOnExit();
        }
    }

    private static Path cacheDir() throws IOException {
        String xdg = System.getenv("XDG_CACHE_HOME");
        // Who specified the variable wants relative paths ignored.
        boolean named = xdg != null && Path.of(xdg).isAbsolute();
        Path base = named ? Path.of(xdg) : Path.of(System.getProperty("user.home"), ".cache");
        if (!base.isAbsolute()) {
            throw new IOException("this user has no home");
        }
        return base.resolve("landbridge").resolve("jvm");
    }

    private static String digest(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static String resource() {
        return "/native/" + platform() + "/" + System.mapLibraryName(NAME);
    }

    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        String system = os.startsWith("win") ? "windows" : os.startsWith("mac") ? "macos" : "linux";
        return system + "-" + (arch.equals("amd64") ? "x86_64" : arch);
    }

    private static UnsatisfiedLinkError unusable(String why) {
        return new UnsatisfiedLinkError("Landbridge's native library cannot be loaded: " + why);
    }
}
