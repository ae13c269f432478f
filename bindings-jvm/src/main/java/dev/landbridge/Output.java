package dev.landbridge;

import java.nio.file.Path;
import java.util.Objects;

/** Where what a guest writes to a standard stream goes, and what it was refused. */
public final class Output {
    private static final Output NONE = new Output(0, null);
    private static final Output INHERIT = new Output(1, null);
    private static final Output CAPTURE = new Output(2, null);

    /** Known to the native side, with the object it takes. */
    final int sort;

    final Object object;

    private Output(int sort, Object object) {
        this.sort = sort;
        this.object = object;
    }

    /**
     * Nowhere.
     *
     * @return the output
     */
    public static Output none() {
        return NONE;
    }

    /**
     * The process's own, which is not {@code System.out} if that was set to something else; stderr for refusals.
     *
     * @return the output
     */
    public static Output inherit() {
        return INHERIT;
    }

    /**
     * To Java, which asks for it: {@link Store#stdout()}, {@link Store#stderr()}, {@link Store#refusals()}. Output is
     * at most 16 MiB, unless limits say otherwise.
     *
     * @return the output
     */
    public static Output capture() {
        return CAPTURE;
    }

    /**
     * To a file, which is made, or emptied if it is there. If it is a named pipe that nobody reads, the guest waits
     * when it first writes.
     *
     * @param path opened when a module asks for WASI
     * @return the output
     */
    public static Output file(Path path) {
        return new Output(3, path.toString());
    }

    /**
     * To a function.
     *
     * @param function called on the guest's thread; kept as long as the store
     * @return the output
     */
    public static Output to(OutputFunction function) {
        return new Output(4, Objects.requireNonNull(function, "function"));
    }
}
