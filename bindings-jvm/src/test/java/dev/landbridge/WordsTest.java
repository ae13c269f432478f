package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What is said of wrong texts and names, what a string is that is loaded, and texts in memory. */
class WordsTest {
    private static final String GREET =
            "(module (memory (export \"memory\") 1) (func (export \"greet\") (param i32 i32)))";

    private static void fails(ErrorKind kind, String part, Executable what) {
        WasmException thrown = assertThrows(WasmException.class, what);
        assertEquals(kind, thrown.kind());
        assertTrue(thrown.getMessage().contains(part), thrown.getMessage());
    }

    private static void refused(String part, Executable what) {
        fails(ErrorKind.TYPE, part, what);
    }

    @Test
    void textsThatNoGuestCanBeGiven() {
        Policy none = Policy.none();
        refused("args[1] has a zero byte", () -> none.withArgs("p", "a\0b"));
        refused("args[2] is not Unicode", () -> none.withArgs("p", "q", "\ud800"));
        refused("no name", () -> none.withEnv("", "1"));
        refused("the variable \"A=B\" has a \"=\"", () -> none.withEnv("A=B", "1"));
        refused("has a zero byte", () -> none.withEnv("A\0", "1"));
        refused("the variable \"A\" has a zero byte", () -> none.withEnv("A", "\0"));
        refused("the name of a variable is not Unicode", () -> none.withEnv("\ud800", "1"));
        refused("the variable \"A\" is not Unicode", () -> none.withEnv("A", "\udc00"));
        refused("has a zero byte", () -> none.withDir("/a\0", Path.of("."), Access.READ));
        refused("has a zero byte", () -> none.withMemoryDir("/a\0", Map.of(), Access.READ));
        refused("the name of a folder is not Unicode", () -> none.withDir("/\ud800", Path.of("."), Access.READ));
        refused("the text is not Unicode", () -> Input.text("\ud800"));
        assertThrows(NullPointerException.class, () -> Input.text(null));
        refused("the text is null", () -> Native.checkText("the text", null));
    }

    @Test
    void aStringIsTextOrAPath(@TempDir Path folder) throws IOException {
        Path plain = Files.writeString(folder.resolve("a.wat"), "(module $file)");
        Path odd = Files.writeString(folder.resolve("(1).wat"), "(module $file)");
        assertEquals("file", Module.load(plain.toString()).name());
        assertEquals("file", Module.load(odd).name());
        assertEquals("file", Module.inspect(plain.toString()).name());
        assertEquals("text", Module.load("\ufeff ;; a\n(module $text)").name());
        assertEquals("text", Module.inspect("(module $text)").name());
        assertEquals("file", Module.loadAsync(plain.toString()).join().name());
        assertEquals("text", Module.loadAsync("(module $text)").join().name());
        fails(ErrorKind.IO, "calc.wasm", () -> Module.load("no/such/calc.wasm"));
        fails(ErrorKind.IO, "as bytes", () -> Module.load("\0asm\1\0\0\0"));
        refused("not Unicode", () -> Module.load("(module $\ud800)"));
    }

    @Test
    void aResourceThatIsNotThereIsTold() {
        InputStream none = WordsTest.class.getResourceAsStream("no/such.wasm");
        for (Executable load : List.<Executable>of(() -> Module.load(none), () -> Module.inspect(none))) {
            assertTrue(assertThrows(NullPointerException.class, load).getMessage().contains("a resource that is not there"));
        }
    }

    /** The path `/` of an archive is not that of the machine. */
    @Test
    void pathsInsideOfArchivesAreNotTakenForThoseOfTheMachine(@TempDir Path folder) throws IOException {
        URI archive = URI.create("jar:" + folder.resolve("a.zip").toUri());
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            Path root = zip.getPath("/");
            Path file = Files.writeString(root.resolve("m.wat"), "(module)");
            String part = "m.wat: this path is inside of another file system";
            refused(part, () -> Module.load(file));
            refused(part, () -> Module.loadPrecompiled(file));
            refused(part, () -> Module.inspect(file));
            refused(part, () -> Module.load("(module)").compile(file));
            refused(part, () -> Input.file(file));
            refused(part, () -> Output.file(file));
            refused(part, () -> Policy.fromFile(file));
            refused("another file system", () -> Policy.none().withReadOnlyDir("/data", root));
            refused("another file system", () -> Engine.builder().cache(root));
            Module.load(Files.readAllBytes(file)).close();
        }
    }

    @Test
    void halfOfASurrogatePairIsNoText() {
        try (Instance guest = Module.load(GREET).instantiate()) {
            Memory memory = guest.memory("memory");
            memory.writeByte(0, (byte) 'a');
            refused("the text is not Unicode", () -> memory.writeText(0, "x\ud800"));
            assertEquals("a", memory.readText(0, 1));
            for (int bad : new int[] {-1, Integer.MIN_VALUE}) {
                fails(ErrorKind.OUT_OF_BOUNDS, "outside", () -> memory.readText(0, bad));
                fails(ErrorKind.OUT_OF_BOUNDS, "outside", () -> memory.readCString(0, bad));
                fails(ErrorKind.OUT_OF_BOUNDS, "", () -> memory.readText(bad, 1));
                fails(ErrorKind.OUT_OF_BOUNDS, "", () -> memory.readCString(bad));
                fails(ErrorKind.OUT_OF_BOUNDS, "", () -> memory.writeText(bad, "a"));
            }
        }
    }

    @Test
    void textWhereNumbersAreExpected() {
        try (Instance guest = Module.load(GREET).instantiate()) {
            refused("writeText", () -> guest.call("greet", "Ada"));
            refused("writeText", () -> guest.call("greet", "Ada", 3));
            refused("component", () -> guest.func("greet").call("Ada"));
            refused("component", () -> guest.callAsync("greet", "Ada"));
            WasmException other = assertThrows(WasmException.class, () -> guest.call("greet", 1));
            assertFalse(other.getMessage().contains("writeText"));
        }
    }

    @Test
    void whatAMissingImportWasMeantToBe() {
        Module module = Module.load("(module (import \"env\" \"log\" (func)))");
        Imports imports = Imports.builder().func("env", "Log", (context, args) -> null).build();
        fails(ErrorKind.LINK, "env.Log was given; did you mean env.log?", () -> module.instantiate(imports));
    }
}
