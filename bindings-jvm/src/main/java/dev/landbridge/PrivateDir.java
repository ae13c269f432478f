package dev.landbridge;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/**
 * Folders that are this user's alone, so that code in them may run. Root is trusted everywhere. On systems without users
 * in this sense (Windows) a user's own folders are private by default.
 *
 * <p>A path is gone from the root of the file system, each folder looked at after the one that it is in. So what was looked
 * at cannot be another one later: only this user and root could change it.
 */
final class PrivateDir {
    private static final int ROOT = 0;
    /** Of the mode: the group or others may write. Lists of access (ACLs) show there too. */
    private static final int OTHERS_WRITE = 022;
    /** Of the mode of a folder: only who owns an entry or the folder may rename or remove the entry. */
    private static final int STICKY = 01000;
    /** As many as systems follow. */
    private static final int MAX_LINKS = 40;

    private static final boolean HAS_USERS =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

    /** Negative until it was asked for. */
    private static volatile int me = -1;

    private PrivateDir() {}

    /** What a system with users says of a file, a link, or a folder. */
    private record About(int uid, int mode, long size, boolean isDirectory, boolean isFile, boolean isLink) {
        static About of(Path path) throws IOException {
            Map<String, Object> all = Files.readAttributes(
                    path, "unix:uid,mode,size,isDirectory,isRegularFile,isSymbolicLink", LinkOption.NOFOLLOW_LINKS);
            return new About((int) all.get("uid"), (int) all.get("mode"), (long) all.get("size"),
                    (boolean) all.get("isDirectory"), (boolean) all.get("isRegularFile"), (boolean) all.get("isSymbolicLink"));
        }

        boolean isOf(int me) {
            return uid == me || uid == ROOT;
        }

        /** Whether, in this folder, what this user or root owns stays where it is. */
        boolean keeps(int me) {
            return isDirectory && isOf(me) && ((mode & OTHERS_WRITE) == 0 || (mode & STICKY) != 0);
        }

        boolean isOurs(int me) {
            return uid == me && (mode & OTHERS_WRITE) == 0;
        }
    }

    /**
     * Makes a folder, with those that it is in, or finds it there.
     *
     * @return its path without links
     * @throws IOException also if others could write to it, or put another one in its place
     */
    static Path make(Path path) throws IOException {
        if (!HAS_USERS) {
            return Files.createDirectories(path);
        }
        int me = me();
        Path real = walk(path, me, true);
        if (!About.of(real).isOurs(me)) {
            throw notAlone(real);
        }
        return real;
    }

    /**
     * Finds a folder in which a new one of this user stays where it is.
     *
     * @return its path without links
     */
    static Path find(Path path) throws IOException {
        return HAS_USERS ? walk(path, me(), false) : path;
    }

    /**
     * Makes a folder in another one, of this user alone, with a name that nobody can guess. {@link Files} has the same, but
     * fails for ever where the JVM cannot read the name of its folder for temporary files, which is not asked for here.
     */
    static Path makeNew(Path base, String prefix) throws IOException {
        return Files.createDirectory(base.resolve(unguessable(prefix, "")), mode("rwx------"));
    }

    /** The same for an empty file. */
    static Path makeNewFile(Path base, String prefix, String suffix) throws IOException {
        return Files.createFile(base.resolve(unguessable(prefix, suffix)), mode("rw-------"));
    }

    private static String unguessable(String prefix, String suffix) {
        // Made when it is needed: it takes milliseconds.
        return prefix + Long.toUnsignedString(new SecureRandom().nextLong()) + suffix;
    }

    private static FileAttribute<?>[] mode(String mode) {
        return HAS_USERS
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    /** Whether this is a regular file of this user's with so many bytes, and nobody else may write to it. */
    static boolean isOurFile(Path path, long size) throws IOException {
        if (!HAS_USERS) {
            return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && Files.size(path) == size;
        }
        try {
            About about = About.of(path);
            return about.isFile() && about.size() == size && about.isOurs(me());
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static Path walk(Path path, int me, boolean make) throws IOException {
        Deque<Path> left = new ArrayDeque<>();
        for (Path name : path.toAbsolutePath()) {
            left.add(name);
        }
        Path here = kept(path.toAbsolutePath().getRoot(), me);
        for (int links = 0; !left.isEmpty(); ) {
            Path name = left.pop();
            if (name.toString().equals("..")) {
                here = here.getParent() == null ? here : here.getParent();
                continue;
            }
            Path next = here.resolve(name);
            About about = make ? aboutOrMade(next) : About.of(next);
            if (!about.isLink()) {
                here = kept(next, about, me);
                continue;
            }
            if (!about.isOf(me) || ++links > MAX_LINKS) {
                throw notAlone(next);
            }
            Path target = Files.readSymbolicLink(next);
            here = target.isAbsolute() ? kept(target.getRoot(), me) : here;
            pushFirst(target, left);
        }
        return here;
    }

    private static void pushFirst(Path target, Deque<Path> left) {
        for (int at = target.getNameCount() - 1; at >= 0; at--) {
            left.push(target.getName(at));
        }
    }

    /** Makes it if it is not there. */
    private static About aboutOrMade(Path path) throws IOException {
        try {
            return About.of(path);
        } catch (NoSuchFileException e) {
            try {
                Files.createDirectory(path, mode("rwx------"));
            } catch (FileAlreadyExistsException made) {
                // Another process made it at the same time; it is looked at like any other.
            }
            return About.of(path);
        }
    }

    private static Path kept(Path dir, int me) throws IOException {
        return kept(dir, About.of(dir), me);
    }

    private static Path kept(Path dir, About about, int me) throws IOException {
        if (!about.keeps(me)) {
            throw notAlone(dir);
        }
        return dir;
    }

    private static IOException notAlone(Path path) {
        return new IOException("others may write to " + path + ", or put something else in its place");
    }

    /** The number of this user: that of what this process makes. */
    private static int me() throws IOException {
        int known = me;
        if (known < 0) {
            known = findMe();
            me = known;
        }
        return known;
    }

    private static int findMe() throws IOException {
        Path self = Path.of("/proc/self");
        if (Files.exists(self)) {
            return (int) Files.getAttribute(self, "unix:uid");
        }
        Path made = Files.createTempFile("landbridge", null);
        try {
            return (int) Files.getAttribute(made, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        } finally {
            Files.delete(made);
        }
    }
}
