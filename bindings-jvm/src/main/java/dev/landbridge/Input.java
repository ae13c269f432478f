package dev.landbridge;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/** What a guest reads from its standard input. */
public final class Input {
    private static final Input NONE = new Input(0, null);
    private static final Input INHERIT = new Input(1, null);

    /** Known to the native side, with the object it takes. */
    final int sort;

    final Object object;

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
        return new Input(3, path.toString());
    }
}
