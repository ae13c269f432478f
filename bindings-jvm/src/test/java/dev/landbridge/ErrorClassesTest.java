package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of error has a class, and what the operating system refused has the cause that Java itself would throw. */
class ErrorClassesTest {
    /** Those whose name is not that of the kind. */
    private static final Map<ErrorKind, Class<?>> NAMED = Map.of(
            ErrorKind.TRAP, Trap.class, ErrorKind.EXIT, Exit.class, ErrorKind.EXCEPTION, TaggedException.class);

    /** The class that is made for a kind of core's: an exception of a guest's is made with its payload. */
    private static Class<?> classOf(ErrorKind kind) {
        return kind == ErrorKind.EXCEPTION
                ? TaggedException.class
                : kind.maker.make(kind, 1, "text", java.util.List.of()).getClass();
    }

    @Test
    void eachKindOfCoreHasAClassOfItsName() {
        Engine.shared();
        Library.load();
        Object[] names = Native.names(0);
        assertArrayEquals(names, Stream.of(ErrorKind.values()).map(ErrorKind::label).toArray());
        for (ErrorKind kind : ErrorKind.values()) {
            String name = Arrays.stream(kind.label().split("_"))
                    .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                    .collect(Collectors.joining("", "", "Error"));
            Class<?> made = classOf(kind);
            assertEquals(NAMED.containsKey(kind) ? NAMED.get(kind).getSimpleName() : name, made.getSimpleName());
            assertInstanceOf(WasmException.class, kind == ErrorKind.EXCEPTION ? new Exit(0) : WasmException.of(kind, ""));
        }
        long classes = Stream.of(ErrorKind.values()).map(ErrorClassesTest::classOf).distinct().count();
        assertEquals(ErrorKind.values().length, classes);
    }

    @Test
    void theyAreThrown() {
        try (Module module = Module.load("(module (memory (export \"m\") 1) (func (export \"f\") (param i32)))")) {
            Instance instance = module.instantiate();
            assertThrows(NotFoundError.class, () -> instance.call("g"));
            assertThrows(TypeError.class, () -> instance.call("f", "text"));
            assertThrows(RangeError.class, () -> instance.call("f", 1L << 40));
            assertThrows(OutOfBoundsError.class, () -> instance.memory("m").readInt(65536));
            Func func = instance.func("f");
            instance.close();
            assertThrows(ClosedError.class, () -> func.call(1));
        }
        assertThrows(RangeError.class, () -> Limits.builder().fuel(-1).build());
        Sandbox small = Sandbox.of(Policy.none(), Limits.builder().memoryBytes(1).build());
        try (Module module = Module.load("(module (memory 1))")) {
            LimitExceeded beyond =
                    assertThrows(MemoryLimitError.class, () -> module.instantiate(Imports.none(), small));
            assertEquals(ErrorKind.MEMORY_LIMIT, beyond.kind());
        }
    }

    @TempDir
    private Path dir;

    private static <T extends IOException> T cause(Class<T> type, Path path, Runnable what) {
        IoError error = assertThrows(IoError.class, what::run);
        assertEquals(path.toString(), error.path().orElseThrow());
        T cause = assertInstanceOf(type, error.getCause());
        assertEquals(type, cause.getClass());
        assertEquals(path.toString(), ((FileSystemException) cause).getFile());
        return cause;
    }

    @Test
    void aFileThatIsNotThere() {
        Path none = dir.resolve("none.wasm");
        cause(NoSuchFileException.class, none, () -> Module.load(none));
        cause(NoSuchFileException.class, none, () -> Module.inspect(none));
        cause(NoSuchFileException.class, none, () -> Policy.fromFile(none));
        cause(NoSuchFileException.class, none, () -> Module.loadPrecompiled(none));
        Policy policy = Policy.none().withReadOnlyDir("/d", none);
        String wasi = "(module (import \"wasi_snapshot_preview1\" \"fd_close\" (func (param i32) (result i32))))";
        try (Module module = Module.load(wasi)) {
            Sandbox sandbox = Sandbox.of(policy, Limits.none());
            cause(NoSuchFileException.class, none, () -> module.instantiate(Imports.none(), sandbox));
        }
    }

    @Test
    void whatElseTheSystemSays() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "text");
        FileSystemException cause = cause(FileSystemException.class, file.resolve("below"), () -> Module.load(file.resolve("below")));
        assertEquals("Not a directory (os error 20)", cause.getReason());
        assertInstanceOf(AccessDeniedException.class, OsError.of(13, "/f", "/f: Permission denied"));
        assertEquals("said", OsError.of(5, null, "said").getMessage());
    }

    @Test
    void whatTheSystemDidNotRefuseHasNoCause() {
        WasmException error = assertThrows(CompileError.class, () -> Module.load("(modul)"));
        assertNull(error.getCause());
        assertEquals(OptionalInt.empty(), error.osCode());
    }
}
