package dev.landbridge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/** Where the native library can be copied to, so that the system loads it. */
final class LibraryPlaces {
    /** For when the JVM's own folder for temporary files does not do. */
    private static final List<String> OTHERS = List.of("/tmp", "/var/tmp", "/dev/shm");

    private LibraryPlaces() {}

    /** One of them, as it is named in messages. Classes rather than lambdas, which cost milliseconds at the start of a JVM. */
    abstract static class Place {
        final String name;
        final LibrarySource source;

        Place(String name, LibrarySource source) {
            this.name = name;
            this.source = source;
        }

        abstract void load() throws IOException;

        /** Whether it is worth a word. */
        boolean isThere() {
            return true;
        }
    }

    private static final class Kept extends Place {
        Kept(LibrarySource source) {
            super("the user's folder for caches", source);
        }

        @Override
        void load() throws IOException {
            loadKept(source);
        }
    }

    private static final class Temporary extends Place {
        Temporary(String folder, LibrarySource source) {
            super(folder, source);
        }

        @Override
        void load() throws IOException {
            loadTemporary(Path.of(name), source);
        }

        @Override
        boolean isThere() {
            return !OTHERS.contains(name) || Files.isDirectory(Path.of(name));
        }
    }

    /** In the order in which they are tried. */
    static List<Place> all(LibrarySource source) {
        List<Place> places = new ArrayList<>();
        places.add(new Kept(source));
        places.addAll(temporary(source));
        return places;
    }

    /** Those that hold a copy only as long as this process needs it. */
    static List<Place> temporary(LibrarySource source) {
        Set<String> folders = new LinkedHashSet<>();
        folders.add(System.getProperty("java.io.tmpdir", ""));
        folders.addAll(OTHERS);
        List<Place> places = new ArrayList<>();
        for (String folder : folders) {
            if (!folder.isEmpty()) {
                places.add(new Temporary(folder, source));
            }
        }
        return places;
    }

    /** Once for all processes. */
    private static void loadKept(LibrarySource source) throws IOException {
        Path folder = PrivateDir.make(cacheDir().resolve(source.key()));
        new LibraryCopies(folder, source, false).load();
    }

    private static Path cacheDir() throws IOException {
        String xdg = System.getenv("XDG_CACHE_HOME");
        // Who specified the variable wants relative paths ignored.
        if (xdg != null && Path.of(xdg).isAbsolute()) {
            return Path.of(xdg, "landbridge", "jvm");
        }
        String home = System.getProperty("user.home", "");
        if (!Path.of(home).isAbsolute()) {
            throw new IOException("this user has no home folder (user.home is \"" + home + "\")");
        }
        return Path.of(home, ".cache", "landbridge", "jvm");
    }

    /**
     * The first class loader of a process removes its copy as soon as it is loaded, so that nothing is left whatever ends
     * the process. When a second one comes, the copies of all further ones stay until the process ends, so that those of
     * loaders that were collected are used again.
     */
    private static void loadTemporary(Path base, LibrarySource source) throws IOException {
        String property = property(source);
        synchronized (property.intern()) { // One string for all class loaders.
            String copies = System.getProperty(property);
            if (copies == null) {
                loadOnce(make(base), source);
                noteLoaded(source);
            } else if (copies.isEmpty()) {
                Path folder = make(base);
                folder.toFile().deleteOnExit();
                new LibraryCopies(folder, source, true).load();
                System.setProperty(property, folder.toString());
            } else {
                new LibraryCopies(PrivateDir.make(Path.of(copies)), source, true).load();
            }
        }
    }

    /** Notes that a class loader of this process loaded it. */
    static void noteLoaded(LibrarySource source) {
        Properties all = System.getProperties();
        all.putIfAbsent(property(source), "");
    }

    private static String property(LibrarySource source) {
        return Library.SHARED + "copies." + source.key();
    }

    /** A new folder of this user alone. */
    private static Path make(Path base) throws IOException {
        return PrivateDir.makeNew(PrivateDir.find(base), "landbridge-");
    }

    private static void loadOnce(Path folder, LibrarySource source) throws IOException {
        Path file = folder.resolve(System.mapLibraryName(LibraryCopies.NAME));
        try {
            source.write(file);
            Library.loadFile(file);
        } finally {
            // What is loaded needs no name any more.
            remove(file, folder);
        }
    }

    /** Where files that are in use cannot be removed (Windows) it is tried again when the process ends. */
    private static void remove(Path file, Path folder) {
        try {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            folder.toFile().deleteOnExit();
            file.toFile().deleteOnExit();
        }
    }
}
