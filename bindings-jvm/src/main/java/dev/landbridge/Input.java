package dev.landbridge;

import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/** What a guest reads from its standard input. It can be serialized; a file travels as its path. */
public final class Input implements Serializable {
    private static final long serialVersionUID = 1;
    private static final Input NONE = new Input(0, null);
    private static final Input INHERIT = new Input(1, null);

    /** Known to the native side, with the object it takes. */
    private final transient int sort;

    private final transient Object object;

    private Input(int sort, Object object) {
        this.sort = sort;
        this.object = object;
    }

    /**
     * Nothing: it is at its end.
     *
     * @return the input
     */
    public static Input none() {
        return NONE;
    }

    /**
     * The process's own.
     *
     * @return the input
     */
    public static Input inherit() {
        return INHERIT;
    }

    /**
     * These bytes.
     *
     * @param bytes copied
     * @return the input
     */
    public static Input bytes(byte[] bytes) {
        return new Input(2, bytes.clone());
    }

    /**
     * This text.
     *
     * @param text which the guest reads in UTF-8
     * @return the input
     * @throws WasmException {@code type} for half of a surrogate pair
     */
    public static Input text(String text) {
        Library.load();
        Native.checkText("the text", Objects.requireNonNull(text, "text"));
        return new Input(2, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * What is in a file. If it is a named pipe, the guest waits for who writes into it.
     *
     * @param path opened when a module asks for WASI
     * @return the input
     */
    public static Input file(Path path) {
        return new Input(3, Texts.path(path));
    }

    void write(FrameWriter frame) {
        frame.number(sort);
        if (object instanceof byte[] bytes) {
            frame.bytes(bytes);
        } else if (object != null) {
            frame.text("the text", (String) object);
        }
    }

    /**
     * What travels in place of an input.
     *
     * @param sort of the source
     * @param bytes for those, else null
     * @param path for a file, else null
     */
    private record Travelling(int sort, byte[] bytes, String path) implements Serializable {
        private Object readResolve() throws InvalidObjectException {
            if (sort == 2 && bytes != null) {
                return Input.bytes(bytes);
            } else if (sort == 3 && path != null) {
                return file(Path.of(path));
            }
            return switch (sort) {
                case 0 -> NONE;
                case 1 -> INHERIT;
                default -> throw new InvalidObjectException("there is no such input, of sort " + sort);
            };
        }
    }

    /**
     * What travels in its place.
     *
     * @return its content, or the path of its file
     */
    private Object writeReplace() {
        byte[] bytes = object instanceof byte[] content ? content : null;
        return new Travelling(sort, bytes, object instanceof String path ? path : null);
    }

    /**
     * Refuses a stream that says it holds an input itself.
     *
     * @param in not read
     * @throws InvalidObjectException always
     */
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("an input is serialized by another class of ours, not as itself");
    }

    /** Where it comes from, for reading; not what a guest will read. */
    @Override
    public String toString() {
        return switch (sort) {
            case 0 -> "none";
            case 1 -> "inherit";
            case 2 -> ((byte[]) object).length + " bytes";
            default -> "file " + object;
        };
    }

    /** Whether both read the same. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Input input
                && sort == input.sort
                && Arrays.deepEquals(new Object[] {object}, new Object[] {input.object});
    }

    @Override
    public int hashCode() {
        return 31 * sort + Arrays.deepHashCode(new Object[] {object});
    }

    /** All that a stream has; an error of kind io if it cannot be read. */
    static byte[] readAll(InputStream in) {
        Objects.requireNonNull(in, "the stream is null: getResourceAsStream gives that for a resource that is not there");
        try {
            return in.readAllBytes();
        } catch (IOException e) {
            String text = "the stream cannot be read: " + e.getMessage();
            throw (WasmException) WasmException.of(ErrorKind.IO, text).initCause(e);
        }
    }
}
