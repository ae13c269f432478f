package dev.landbridge;

import java.util.List;
import java.util.Objects;

/**
 * Something that a module asks of WASI; see {@link Inspection#asks()}.
 *
 * @param what its name, one of {@link #ALL}
 * @param functions the functions it asks by, in the order of its imports; unmodifiable
 */
public record Ask(String what, List<String> functions) {
    /**
     * All names, in the order in which they are told. {@code stdin} and {@code streams} may mean files where {@code
     * files} is told too; stdout and stderr are {@code streams}, since one function writes to both.
     */
    public static final List<String> ALL = List.of(
            "args", "env", "clock", "random", "files", "stdin", "streams", "poll", "exit", "sockets", "signals", "yield",
            "http");

    /**
     * Something that a module asks.
     *
     * @param what its name
     * @param functions the functions it asks by
     */
    public Ask {
        Objects.requireNonNull(what, "what");
        functions = List.copyOf(functions);
    }

    static Ask read(FrameReader frame) {
        return new Ask(frame.text(), frame.list(FrameReader::text));
    }

    /** For reading: of many functions the first, with long names cut. */
    @Override
    public String toString() {
        return "Ask[" + what + ": " + Texts.listed(functions, Texts::name, ", ") + "]";
    }
}
