package dev.landbridge;

import java.util.List;

/** What is wrong with a value, and the way to it from the outside in. The core has the words. */
final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Sorts, as the core numbers them. */
    static final int OTHER = 0, UNFIT = 1, MISSING = 2, UNKNOWN = 3, TWICE = 4, SURROGATE = 5, OTHER_STORE = 7;

    private final int sort;
    private final transient String[] words;
    private final transient List<String> known;
    private final transient StringBuilder path = new StringBuilder();

    private Wrong(int sort, List<String> known, String... words) {
        super(null, null, false, false);
        this.sort = sort;
        this.known = known;
        this.words = words;
    }

    static Wrong other(String expected, Object given) {
        return new Wrong(OTHER, List.of(), expected, name(given));
    }

    /** The same where what was given is told already. */
    static Wrong told(String expected, String given) {
        return new Wrong(OTHER, List.of(), expected, given);
    }

    static Wrong unfit(Object number, String type) {
        return new Wrong(UNFIT, List.of(), number.toString(), type);
    }

    static Wrong missing(String what, String name, String type) {
        return new Wrong(MISSING, List.of(), what, name, type);
    }

    static Wrong unknown(String what, String name, String type, List<String> known) {
        return new Wrong(UNKNOWN, known, what, name, type);
    }

    static Wrong twice(String what, String name) {
        return new Wrong(TWICE, List.of(), what, name);
    }

    static Wrong surrogate() {
        return new Wrong(SURROGATE, List.of());
    }

    static Wrong otherStore() {
        return new Wrong(OTHER_STORE, List.of());
    }

    /** What Java calls a value's type. */
    static String name(Object given) {
        if (given == null) {
            return "null";
        }
        Class<?> of = given.getClass();
        String simple = of.getSimpleName();
        if (simple.isEmpty()) { // An anonymous class.
            simple = of.getName().substring(of.getName().lastIndexOf('.') + 1);
        }
        return of.isHidden() ? simple.substring(0, simple.indexOf('/')) : simple; // A lambda, for one.
    }

    /** It is in a field of a record, or in a case. */
    Wrong in(String name) {
        path.insert(0, "." + name);
        return this;
    }

    Wrong in(int element) {
        path.insert(0, "[" + element + "]");
        return this;
    }

    /** What users see: {@code args[0].tags[1]: 300 does not fit in u8}. */
    WasmException at(String root) {
        Native.failWit(root + path, sort, word(0), word(1), word(2), known.toArray());
        throw new AssertionError("unreachable");
    }

    private String word(int index) {
        return index < words.length ? words[index] : "";
    }
}
