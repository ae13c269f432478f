package dev.landbridge;

import java.lang.ref.Reference;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Texts that are made for reading. Guests choose how long names and lists are, and what is in them. */
final class Texts {
    /** The most types that are told of a signature, and fields of a struct, as in core. */
    private static final int MOST = 64;

    private Texts() {}

    /** A name as it is told: cut, on one line, without what steers a terminal. */
    static String name(String name) {
        if (name == null) {
            return "null";
        }
        Library.load();
        return Native.told(name);
    }

    /** Throws if a text has half of a surrogate pair; {@code what} names it. */
    static void check(String what, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                Library.load();
                Native.checkText(what, text); // Of all of it.
                return;
            }
        }
    }

    /** The name of a file or folder of the machine. What is called so in an archive is another thing than what is there. */
    static String path(Path path) {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            throw WasmException.of(ErrorKind.TYPE, name(path.toUri().toString()) + ": this path is inside of another file"
                    + " system, such as an archive; pass one of the machine, or read the file and pass its bytes");
        }
        return path.toString();
    }

    /** What something of the native side says of itself. */
    static String shown(Object owner, int sort, long handle) {
        String text = Native.shown(sort, handle);
        Reference.reachabilityFence(owner);
        return text;
    }

    /** The first of some things, and how many more there are. */
    static <T> String listed(List<T> things, Function<T, String> text, String separator) {
        String told = things.stream().limit(MOST).map(text).collect(Collectors.joining(separator));
        int more = things.size() - MOST;
        return more > 0 ? told + separator + "and " + more + " more" : told;
    }
}
