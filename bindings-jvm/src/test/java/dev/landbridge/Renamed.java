package dev.landbridge;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Renames the package in classes as maven-shade does, in names, types and texts. */
final class Renamed {
    private final String path;
    private final String name;

    private Renamed(String name) {
        this.name = name;
        this.path = name.replace('.', '/');
    }

    /** Copies a folder of classes, with this package called otherwise. */
    static Path make(Path from, Path to, String name) throws IOException {
        Renamed renamed = new Renamed(name);
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(renamed.text(from.relativize(file).toString()));
                Files.createDirectories(copy.getParent());
                byte[] bytes = Files.readAllBytes(file);
                Files.write(copy, copy.toString().endsWith(".class") ? renamed.constants(bytes) : bytes);
            }
        }
        return to;
    }

    private String text(String text) {
        return text.replace("dev/landbridge", path).replace("dev.landbridge", name);
    }

    /** The file of a class with other texts in its table of constants, which begins at byte 8. */
    private byte[] constants(byte[] bytes) throws IOException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        DataOutputStream out = new DataOutputStream(written);
        out.write(in.readNBytes(8));
        int count = in.readUnsignedShort();
        out.writeShort(count);
        for (int i = 1; i < count; i++) {
            int sort = in.readUnsignedByte();
            out.writeByte(sort);
            switch (sort) {
                case 1 -> out.writeUTF(text(in.readUTF()));
                case 5, 6 -> { // A long or a double counts as two.
                    out.write(in.readNBytes(8));
                    i++;
                }
                case 7, 8, 16, 19, 20 -> out.write(in.readNBytes(2));
                case 15 -> out.write(in.readNBytes(3));
                default -> out.write(in.readNBytes(4));
            }
        }
        out.write(in.readAllBytes());
        return written.toByteArray();
    }
}
