package dev.landbridge;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HexFormat;

/**
 * A native library that can be copied.
 *
 * @param digest SHA-256 of its bytes, in hexadecimal; null if nobody said it
 * @param key a name for these very bytes
 * @param size bytes
 * @param version that of Landbridge; null if nobody said it
 * @param place where it is
 */
record LibrarySource(String digest, String key, long size, String version, URL place) {
    /** Ends the name of the resource beside a bundled library that says its digest, its size and its version. */
    static final String DIGEST = ".digest";

    private static final int KEY_LENGTH = 32;

    /**
     * The library in the jar of the classes, or in another jar or module. Its digest is read, not the library. If there are
     * several, as where two applications are in one class path with a Landbridge each, it is that of this version.
     *
     * @param resource its name, which is that of no package: resources of packages are closed to other modules
     * @param module the module that has it, if a module of its own has it
     * @return null if there is none
     */
    static LibrarySource bundled(String resource, String module) throws IOException {
        URL noted = find(resource + DIGEST, module);
        if (noted == null) {
            return undigested(find(resource, module));
        }
        LibrarySource first = noted(noted);
        if (first.isOurs()) {
            return first;
        }
        for (URL other : Collections.list(all(resource + DIGEST))) {
            LibrarySource one = noted(other);
            if (one.isOurs()) {
                return one;
            }
        }
        return first;
    }

    /** Whether it is of the version of the classes, as far as that was said. */
    boolean isOurs() {
        return version == null || version.equals(Native.VERSION);
    }

    private static URL find(String resource, String module) {
        ClassLoader own = LibrarySource.class.getClassLoader();
        URL found = own == null ? ClassLoader.getSystemResource(resource) : own.getResource(resource);
        return found == null ? findInLayer(resource, module) : found;
    }

    /** In a layer of modules that have a class loader each. */
    private static URL findInLayer(String resource, String module) {
        ModuleLayer layer = LibrarySource.class.getModule().getLayer();
        ClassLoader other = layer == null ? null : layer.findModule(module).map(it -> it.getClassLoader()).orElse(null);
        return other == null ? null : other.getResource(resource);
    }

    private static Enumeration<URL> all(String resource) throws IOException {
        ClassLoader own = LibrarySource.class.getClassLoader();
        return own == null ? ClassLoader.getSystemResources(resource) : own.getResources(resource);
    }

    private static LibrarySource noted(URL digest) throws IOException {
        String name = digest.toString();
        URL place = new URL(digest, name.substring(0, name.length() - DIGEST.length()));
        try (InputStream in = open(digest)) {
            String[] parts = new String(in.readAllBytes(), StandardCharsets.US_ASCII).trim().split(" ");
            String key = parts[0].substring(0, KEY_LENGTH);
            return new LibrarySource(parts[0], key, Long.parseLong(parts[1]), parts.length > 2 ? parts[2] : null, place);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException(digest + " does not hold a digest and a size", e);
        }
    }

    private static LibrarySource undigested(URL place) throws IOException {
        if (place == null) {
            return null;
        }
        try (InputStream in = open(place)) {
            byte[] bytes = in.readAllBytes();
            String digest = HexFormat.of().formatHex(sha256().digest(bytes));
            return new LibrarySource(digest, digest.substring(0, KEY_LENGTH), bytes.length, null, place);
        }
    }

    /** Without the cache of the JDK's: what is open there is closed when another class loader over the same jar closes. */
    private static InputStream open(URL place) throws IOException {
        URLConnection connection = place.openConnection();
        connection.setUseCaches(false);
        return connection.getInputStream();
    }

    /** A file: its name, its size and when it was written tell which one. */
    static LibrarySource file(Path file) throws IOException {
        long size = Files.size(file);
        String about = file.toRealPath() + "\n" + size + "\n" + Files.getLastModifiedTime(file);
        byte[] digest = sha256().digest(about.getBytes(StandardCharsets.UTF_8));
        String key = HexFormat.of().formatHex(digest).substring(0, KEY_LENGTH);
        return new LibrarySource(null, key, size, null, file.toUri().toURL());
    }

    /** Writes it out. Throws {@link UnsatisfiedLinkError} if it is not what it should be. */
    void write(Path fresh) throws IOException {
        try (DigestInputStream in = new DigestInputStream(open(place), sha256())) {
            try (OutputStream out = Files.newOutputStream(fresh)) {
                in.transferTo(out);
            }
            String found = HexFormat.of().formatHex(in.getMessageDigest().digest());
            if (digest != null && !digest.equals(found)) {
                throw new UnsatisfiedLinkError(place + " is not the library " + Refusal.DAMAGED + ": get its jar again");
            }
        }
    }

    /** Whether a file holds just this. */
    boolean isIn(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) != size) {
            return false;
        }
        try (InputStream in = open(place)) {
            return Arrays.equals(in.readAllBytes(), Files.readAllBytes(file));
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
