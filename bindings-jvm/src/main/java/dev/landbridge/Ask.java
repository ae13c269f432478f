package dev.landbridge;

import java.util.ArrayList;
import java.util.Arrays;
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
            "args", "env", "clock", "random", "files", "stdin", "streams", "poll", "exit", "sockets", "signals", "yield");

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

    /** From name and functions of each, one after the other. */
    static List<Ask> list(Object[] flat) {
        List<Ask> list = new ArrayList<>(flat.length / 2);
        for (int i = 0; i < flat.length; i += 2) {
            list.add(new Ask((String) flat[i], texts((Object[]) flat[i + 1])));
        }
        return list;
    }

    private static List<String> texts(Object[] array) {
        return Arrays.stream(array).map(String.class::cast).toList();
    }

    /** For reading: of many functions the first, with long names cut. */
    @Override
    public String toString() {
        return "Ask[" + what + ": " + Texts.listed(functions, Texts::name, ", ") + "]";
    }
}
