package dev.landbridge;

import java.io.FileNotFoundException;
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
import java.util.HexFormat;

/**
 * A native library that can be copied.
 *
 * @param digest SHA-256 of its bytes, in hexadecimal; null if nobody said it
 * @param key a name for these very bytes
 * @param size bytes
 * @param opener opens it
 */
record LibrarySource(String digest, String key, long size, Opener opener) {
    /** Ends the name of the resource beside the bundled library that says digest and size, as {@code bundle.sh} writes it. */
    static final String DIGEST = ".digest";

    private static final int KEY_LENGTH = 32;

    interface Opener {
        InputStream open() throws IOException;
    }

    /**
     * The library in the jar of the classes. Its digest is read, not the library.
     *
     * @return null if there is none
     */
    static LibrarySource bundled(String resource) throws IOException {
        Opener opener = () -> open(resource);
        try (InputStream noted = find(resource + DIGEST)) {
            if (noted != null) {
                String[] parts = new String(noted.readAllBytes(), StandardCharsets.US_ASCII).trim().split(" ");
                return new LibrarySource(parts[0], parts[0].substring(0, KEY_LENGTH), Long.parseLong(parts[1]), opener);
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException(resource + DIGEST + " does not hold a digest and a size", e);
        }
        try (InputStream in = find(resource)) {
            if (in == null) {
                return null;
            }
            byte[] bytes = in.readAllBytes();
            String digest = HexFormat.of().formatHex(sha256().digest(bytes));
            return new LibrarySource(digest, digest.substring(0, KEY_LENGTH), bytes.length, opener);
        }
    }

    private static InputStream open(String resource) throws IOException {
        InputStream in = find(resource);
        if (in == null) {
            throw new FileNotFoundException("there is no " + resource + " beside the classes");
        }
        return in;
    }

    /** Without the cache of the JDK's: what is open there is closed when another class loader over the same jar closes. */
    private static InputStream find(String resource) throws IOException {
        URL found = LibrarySource.class.getResource(resource);
        if (found == null) {
            return LibrarySource.class.getResourceAsStream(resource);
        }
        URLConnection connection = found.openConnection();
        connection.setUseCaches(false);
        return connection.getInputStream();
    }

    /** A file: its name, its size and when it was written tell which one. */
    static LibrarySource file(Path file) throws IOException {
        long size = Files.size(file);
        String about = file.toRealPath() + "\n" + size + "\n" + Files.getLastModifiedTime(file);
        byte[] digest = sha256().digest(about.getBytes(StandardCharsets.UTF_8));
        String key = HexFormat.of().formatHex(digest).substring(0, KEY_LENGTH);
        return new LibrarySource(null, key, size, () -> Files.newInputStream(file));
    }

    /** Writes it out, and sees to it that it is on the disk. */
    void write(Path fresh) throws IOException {
        try (DigestInputStream in = new DigestInputStream(opener.open(), sha256())) {
            try (OutputStream out = Files.newOutputStream(fresh)) {
                in.transferTo(out);
            }
            String found = HexFormat.of().formatHex(in.getMessageDigest().digest());
            if (digest != null && !digest.equals(found)) {
                throw new IOException("the library in the jar is not the one whose digest lies beside it");
            }
        }
    }

    /** Whether a file holds just this. */
    boolean isIn(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) != size) {
            return false;
        }
        try (InputStream in = opener.open()) {
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
