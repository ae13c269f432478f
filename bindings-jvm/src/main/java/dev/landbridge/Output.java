package dev.landbridge;

import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Where a guest's output goes: what it writes to a standard stream, or the lines that say what it was refused. It can be
 * serialized, unless it goes to a function; of a file, the path is.
 */
public final class Output implements Serializable {
    private static final long serialVersionUID = 1;
    private static final Output NONE = new Output(0, null);
    private static final Output INHERIT = new Output(1, null);
    private static final Output CAPTURE = new Output(2, null);

    /** Known to the native side, with the object it takes. */
    private final transient int sort;

    private final transient Object object;

    private Output(int sort, Object object) {
        this.sort = sort;
        this.object = object;
    }

    /**
     * Discarded. The last of it is kept for {@link WasmException#output()}.
     *
     * @return the output
     */
    public static Output none() {
        return NONE;
    }

    /**
     * The stream of the process, even if {@code System.out} was set to something else; stderr for refusals.
     *
     * @return the output
     */
    public static Output inherit() {
        return INHERIT;
    }

    /**
     * Kept until you ask for it: {@link Store#stdout()}, {@link Store#stderr()}, {@link Store#refusals()}. Output is
     * at most 16 MiB, unless limits say otherwise.
     *
     * @return the output
     */
    public static Output capture() {
        return CAPTURE;
    }

    /**
     * To a file, which is made, or emptied if it is there. If it is a named pipe without a reader, the guest waits when
     * it first writes.
     *
     * @param path opened when a module asks for WASI
     * @return the output
     */
    public static Output file(Path path) {
        return new Output(3, Texts.path(path));
    }

    /**
     * To a function that you give.
     *
     * @param function called on the guest's thread; kept as long as the store
     * @return the output
     */
    public static Output to(OutputFunction function) {
        return new Output(4, Objects.requireNonNull(function, "function"));
    }

    /**
     * To a function, as whole lines of text, such as {@code Output.lines(System.out::println)}: UTF-8, in which what is
     * invalid is replaced, without the line's end. A line of more than 64 KiB comes in parts of that size, and a last line
     * without an end when the call of the guest ends.
     *
     * @param function called as the one of {@link #to} is
     * @return the output
     */
    public static Output lines(Consumer<String> function) {
        Objects.requireNonNull(function, "function");
        OutputFunction decoded = bytes -> function.accept(new String(bytes, StandardCharsets.UTF_8));
        return new Output(5, decoded);
    }

    void write(FrameWriter frame, HostFunctions lender) {
        frame.number(sort);
        if (object instanceof OutputFunction function) {
            frame.int32(lender.add(function));
        } else if (object != null) {
            frame.text("the text", (String) object);
        }
    }

    /**
     * What travels in place of an output.
     *
     * @param sort of where it goes
     * @param path for a file, else null
     */
    private record Travelling(int sort, String path) implements Serializable {
        private Object readResolve() throws InvalidObjectException {
            if (sort == 3 && path != null) {
                return file(Path.of(path));
            }
            return switch (sort) {
                case 0 -> NONE;
                case 1 -> INHERIT;
                case 2 -> CAPTURE;
                default -> throw new InvalidObjectException("there is no such output, of sort " + sort);
            };
        }
    }

    /**
     * What travels in its place.
     *
     * @return the path of its file, if it is one
     * @throws NotSerializableException if it is a function
     */
    private Object writeReplace() throws NotSerializableException {
        if (object instanceof OutputFunction) {
            throw new NotSerializableException(
                    "an output that goes to a function cannot be serialized; capture it, or name a file");
        }
        return new Travelling(sort, (String) object);
    }

    /**
     * Refuses a stream that says it holds an output itself.
     *
     * @param in not read
     * @throws InvalidObjectException always
     */
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("an output is serialized by another class of ours, not as itself");
    }

    /** Where it goes to, for reading. */
    @Override
    public String toString() {
        return switch (sort) {
            case 0 -> "none";
            case 1 -> "inherit";
            case 2 -> "capture";
            case 3 -> "file " + object;
            default -> "function";
        };
    }

    /** Whether both go to the same: the same file, or the very same function. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Output output && sort == output.sort && Objects.equals(object, output.object);
    }

    @Override
    public int hashCode() {
        return 31 * sort + Objects.hashCode(object);
    }
}
