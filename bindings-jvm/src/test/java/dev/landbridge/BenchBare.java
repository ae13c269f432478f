package dev.landbridge;

import java.nio.file.Files;
import java.nio.file.Path;

/** What a call through JNI costs that does nothing else: bench/bare/jni.c, which is there once {@code make bench} has built it. */
final class BenchBare {
    static final boolean IS_BUILT = load();

    private BenchBare() {}

    private static boolean load() {
        Path library = Path.of("target/bench/bare/libbare_jni.so").toAbsolutePath();
        if (!Files.exists(library)) {
            return false;
        }
        System.load(library.toString());
        return true;
    }

    static native long add(long a, long b);
}
