package dev.landbridge;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;

/**
 * Copies of a native library in a private folder. A JVM gives a file to one class loader at a time, so each loader takes the
 * first copy that none has; a loader that was collected gives its copy back. Copies are written when they are needed.
 */
final class LibraryCopies {
    static final String NAME = "landbridge_jvm";
    private static final String DRAFT = ".new";

    private final Path folder;
    private final LibrarySource source;
    private final boolean untilExit;

    /** {@code untilExit} has what is written removed when the process ends. */
    LibraryCopies(Path folder, LibrarySource source, boolean untilExit) {
        this.folder = folder;
        this.source = source;
        this.untilExit = untilExit;
    }

    /** Loads the first copy that no other class loader has. */
    void load() throws IOException {
        int number = 0;
        while (!loaded(folder.resolve(name(number)))) {
            number++;
        }
    }

    private static String name(int number) {
        return System.mapLibraryName(number == 0 ? NAME : NAME + "-" + number);
    }

    /** False if another loader has it. Throws {@link UnsatisfiedLinkError} if it cannot be loaded. */
    private boolean loaded(Path file) throws IOException {
        boolean found = isThere(file);
        if (!found) {
            write(file);
        }
        try {
            Library.loadFile(file);
            return true;
        } catch (UnsatisfiedLinkError e) {
            if (Refusal.isTaken(e)) {
                return false;
            }
            // It may have been damaged; where no code may run it is not worth looking.
            if (!found || Refusal.isNoCode(e) || source.isIn(file)) {
                throw e;
            }
        }
        write(file);
        Library.loadFile(file);
        return true;
    }

    /** What only this user can have written is what was written, if all of it is there. */
    private boolean isThere(Path file) throws IOException {
        return PrivateDir.isOurFile(file, source.size());
    }

    private void write(Path file) throws IOException {
        removeForgotten();
        Path fresh = PrivateDir.makeNewFile(folder, NAME, DRAFT);
        try {
            source.write(fresh);
            // A name must not come to stand for less than all, whatever happens to the machine.
            try (FileChannel written = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
        if (untilExit) {
            file.toFile().deleteOnExit();
        }
    }

    /** Removes what processes left that were killed while they wrote. */
    private void removeForgotten() throws IOException {
        Instant before = Instant.now().minus(Duration.ofHours(1));
        try (DirectoryStream<Path> drafts = Files.newDirectoryStream(folder, NAME + "*" + DRAFT)) {
            for (Path draft : drafts) {
                if (Files.getLastModifiedTime(draft, LinkOption.NOFOLLOW_LINKS).toInstant().isBefore(before)) {
                    Files.deleteIfExists(draft);
                }
            }
        }
    }
}
