package dev.landbridge;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds and loads the native library: named by a property, on the library path, or bundled, in this order. Whatever can be
 * the first that uses it calls {@link #load()}: a class that failed to be initialized would not say again why.
 */
final class Library {
    static final String PATH_PROPERTY = "dev.landbridge.library.path";

    /**
     * Begins the names of properties by which class loaders, and the native side, are told things. It is no name of a
     * package, so that build tools that rename packages leave it as it is.
     */
    static final String SHARED = "landbridge.";

    /** Begins the names of modules that hold a library. */
    private static final String LIBRARIES = "dev.landbridge.natives.";

    private static volatile boolean loaded;
    private static boolean loading;
    private static UnsatisfiedLinkError failure;
    private static Path file;

    private Library() {}

    /** Loads it, unless it is loaded. After a failure it fails again, in the same words. */
    static void load() {
        if (!loaded) {
            loadFirst();
        }
    }

    private static synchronized void loadFirst() {
        if (loaded || loading) {
            return;
        }
        if (failure != null) {
            UnsatisfiedLinkError again = new UnsatisfiedLinkError(failure.getMessage());
            again.initCause(failure);
            throw again;
        }
        loading = true;
        try {
            find();
            joinFamily();
            loaded = true;
        } catch (UnsatisfiedLinkError e) {
            failure = e;
            throw e;
        } finally {
            loading = false;
        }
    }

    /** Copies of other class loaders and this one must agree about the process's signal handlers. */
    private static void joinFamily() {
        String property = SHARED + "family";
        synchronized (property.intern()) { // One string for all class loaders.
            try {
                System.setProperty(property, Native.joinFamily(System.getProperty(property)));
            } catch (UnsatisfiedLinkError e) { // The system took it, but our natives are not in it.
                throw unusable(file + ": this is another library: take " + System.mapLibraryName(LibraryCopies.NAME)
                        + " of version " + Native.VERSION, e);
            }
        }
    }

    private static void find() {
        String named = System.getProperty(PATH_PROPERTY);
        if (named != null) {
            loadNamed(named);
        } else if (!loadFromLibraryPath()) {
            loadBundled();
        }
    }

    private static boolean loadFromLibraryPath() {
        String file = System.mapLibraryName(LibraryCopies.NAME);
        for (String dir : System.getProperty("java.library.path", "").split(File.pathSeparator)) {
            // Not a Path: LD_LIBRARY_PATH is in here, and may hold what is none in the locale.
            if (!dir.isEmpty() && new File(dir, file).isFile()) {
                loadNamed(new File(dir, file).getPath());
                return true;
            }
        }
        return false;
    }

    /** The native side finds the classes by the package, which a build tool may have renamed. */
    static void loadFile(Path file) {
        String property = SHARED + "package." + Thread.currentThread().getId();
        System.setProperty(property, Library.class.getPackageName());
        try {
            System.load(file.toString());
            Library.file = file;
        } catch (IllegalCallerException e) { // From Java 24 on, if the JVM is told so.
            java.lang.Module own = Library.class.getModule();
            UnsatisfiedLinkError told = new UnsatisfiedLinkError(Refusal.FORBIDDEN + (own.isNamed() ? own.getName() : "ALL-UNNAMED"));
            told.initCause(e);
            throw told;
        } catch (UnsatisfiedLinkError e) {
            UnsatisfiedLinkError told = new UnsatisfiedLinkError(Refusal.of(file, e));
            told.initCause(e);
            throw told;
        } finally {
            System.clearProperty(property);
        }
    }

    private static void loadNamed(String name) {
        Path file;
        try {
            file = Path.of(name).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw unusable(e.getInput() + ": this cannot be a path in the locale of this process", e);
        }
        if (Files.isDirectory(file)) {
            throw unusable(file + ": this is a folder; name the file of the library", null);
        }
        try {
            loadFile(file);
        } catch (UnsatisfiedLinkError e) {
            if (!Refusal.isTaken(e)) {
                throw unusable(e.getMessage(), e);
            }
            loadCopy(file);
        }
    }

    /** Another class loader has the file. */
    private static void loadCopy(Path file) {
        try {
            LibrarySource source = LibrarySource.file(file);
            LibraryPlaces.noteLoaded(source);
            load(LibraryPlaces.temporary(source));
        } catch (IOException e) {
            throw unusable(Refusal.of(e), e);
        }
    }

    private static void loadBundled() {
        String platform = LibraryPlatform.name();
        LibrarySource source;
        try {
            source = LibrarySource.bundled(resource(platform), LIBRARIES + platform.replace('-', '.'));
        } catch (IOException e) {
            throw unusable("the bundled one cannot be read: " + Refusal.of(e), e);
        }
        if (source == null) {
            throw unusable(LibraryPlatform.missing(platform), null);
        }
        if (!source.isOurs()) {
            throw unusable("the one for " + platform + " is of version " + source.version() + ", and the classes are of version "
                    + Native.VERSION + ": use " + LibraryPlatform.artifact(platform) + " and landbridge of one version", null);
        }
        load(LibraryPlaces.all(source));
    }

    /** From the first place where that can be done; else says what was wrong with each. */
    private static void load(List<LibraryPlaces.Place> places) {
        List<Throwable> refused = new ArrayList<>();
        StringBuilder text = new StringBuilder("it can be copied to no place and run from there:");
        for (LibraryPlaces.Place place : places) {
            if (!place.isThere()) {
                continue;
            }
            try {
                place.load();
                return;
            } catch (UnsatisfiedLinkError e) {
                if (Refusal.isMisfit(e)) {
                    throw unusable(e.getMessage(), e); // It is the same from everywhere.
                }
                refused.add(e);
                text.append("\n  ").append(place.name).append(": ").append(e.getMessage());
            } catch (IOException | InvalidPathException | DirectoryIteratorException | SecurityException e) {
                refused.add(e);
                text.append("\n  ").append(place.name).append(": ").append(Refusal.of(e));
            }
        }
        text.append("\nName a folder that is this user's alone, and that code may run from, with -Djava.io.tmpdir=FOLDER, or");
        text.append(" the library with -D").append(PATH_PROPERTY).append("=FILE");
        UnsatisfiedLinkError error = unusable(text.toString(), null);
        refused.forEach(error::addSuppressed);
        throw error;
    }

    static String resource(String platform) {
        return "native/" + platform + "/" + System.mapLibraryName(LibraryCopies.NAME);
    }

    private static UnsatisfiedLinkError unusable(String why, Throwable cause) {
        UnsatisfiedLinkError error = new UnsatisfiedLinkError("Landbridge's native library cannot be loaded: " + why);
        error.initCause(cause);
        return error;
    }
}
