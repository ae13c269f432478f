package dev.landbridge;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/** Finds and loads the native library: named by a property, on the library path, or bundled, in this order. */
final class Library {
    static final String PATH_PROPERTY = "dev.landbridge.library.path";
    private static final String NAME = "landbridge_jvm";

    private Library() {}

    static void load() {
        String named = System.getProperty(PATH_PROPERTY);
        if (named != null) {
            loadFile(Path.of(named).toAbsolutePath());
        } else if (!loadFromLibraryPath()) {
            loadFile(extract());
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

    /** Copies the bundled library to a directory named by its content, once for all processes. */
    private static Path extract() {
        String resource = "/native/" + platform() + "/" + System.mapLibraryName(NAME);
        try (InputStream in = Library.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw unusable("none is bundled for " + platform() + "; name one with -D" + PATH_PROPERTY + "=FILE");
            }
            return keep(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("the native library cannot be extracted", e);
        }
    }

    private static Path keep(byte[] bytes) throws IOException {
        Path file = cacheDir().resolve(digest(bytes)).resolve(System.mapLibraryName(NAME));
        if (Files.isRegularFile(file) && Arrays.equals(Files.readAllBytes(file), bytes)) {
            return file;
        }
        Files.createDirectories(file.getParent());
        Path fresh = Files.createTempFile(file.getParent(), NAME, ".new");
        Files.write(fresh, bytes);
        return Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path cacheDir() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path base = xdg != null && !xdg.isEmpty() ? Path.of(xdg) : Path.of(System.getProperty("user.home"), ".cache");
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
