package dev.landbridge;

import static dev.landbridge.CallTest.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectStreamConstants;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A module's bytes, travels, precompiled files, inspection; plain values for its globals. */
class ModuleTest {
    private static final String TINY = "(module $tiny (func (export \"one\") (result i32) i32.const 1))";

    @TempDir
    Path dir;

    @Test
    void bytesAreACopy() {
        try (Module module = Module.load(TINY)) {
            byte[] bytes = module.bytes();
            bytes[0] = 9;
            assertEquals(0, module.bytes()[0]);
            assertEquals(64, module.digest().length());
            assertEquals(module.digest(), Module.load(module.bytes()).digest());
        }
    }

    @Test
    void ofAClosedModule() {
        Module module = Module.load(TINY);
        module.close();
        fails(ErrorKind.CLOSED, "the module is closed", module::bytes);
        fails(ErrorKind.CLOSED, "the module is closed", module::digest);
        fails(ErrorKind.CLOSED, "the module is closed", () -> module.compile(dir.resolve("x")));
    }

    private static void altered(byte[] sent, String part, int by) {
        String text = new String(sent, StandardCharsets.ISO_8859_1);
        byte[] bytes = sent.clone();
        bytes[text.indexOf(part)] += (byte) by;
        assertThrows(InvalidObjectException.class, () -> ConformanceFiles.arrived(bytes));
    }

    @Test
    void travelling() throws Exception {
        try (Module module = Module.load(TINY)) {
            byte[] sent = ConformanceFiles.sent(List.of(module, "more"));
            Module arrived = (Module) ((List<?>) ConformanceFiles.arrived(sent)).get(0);
            assertEquals("tiny", arrived.name());
            assertEquals(module.digest(), arrived.digest());
            assertEquals(1, arrived.instantiate().call("one"));
            altered(sent, module.digest(), 1); // Another digest.
            altered(sent, "one", 1); // Other bytes: the export's name.
        }
        Module closed = Module.load(TINY);
        closed.close();
        fails(ErrorKind.CLOSED, "the module is closed", () -> ConformanceFiles.sent(closed));
    }

    @Test
    void bytesThatAreNoModuleAreNotLoaded() throws IOException {
        try (Module module = Module.load(TINY)) {
            byte[] sent = ConformanceFiles.sent(module);
            int magic = new String(sent, StandardCharsets.ISO_8859_1).indexOf("\0asm");
            sent[magic + 4] = 7;
            assertThrows(InvalidObjectException.class, () -> ConformanceFiles.arrived(sent));
        }
    }

    /** A stream that says it holds a module itself. */
    @Test
    void aForgedModuleIsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(ObjectStreamConstants.STREAM_MAGIC);
        out.writeShort(ObjectStreamConstants.STREAM_VERSION);
        out.writeByte(ObjectStreamConstants.TC_OBJECT);
        out.writeByte(ObjectStreamConstants.TC_CLASSDESC);
        out.writeUTF(Module.class.getName());
        out.writeLong(1);
        out.writeByte(ObjectStreamConstants.SC_SERIALIZABLE);
        out.writeShort(0);
        out.writeByte(ObjectStreamConstants.TC_ENDBLOCKDATA);
        out.writeByte(ObjectStreamConstants.TC_NULL);
        assertThrows(InvalidObjectException.class, () -> ConformanceFiles.arrived(bytes.toByteArray()));
    }

    @Test
    void precompiled() throws IOException {
        Path file = dir.resolve("tiny.code");
        Engine engine = Engine.builder().noCache().interruptible(false).build();
        try (Module module = Module.load(engine, TINY)) {
            module.compile(file);
        }
        try (Module module = Module.loadPrecompiled(engine, file)) {
            assertEquals("tiny", module.name());
            assertEquals(1, module.instantiate().call("one"));
        }
        fails(ErrorKind.COMPILE, "another configuration", () -> Module.loadPrecompiled(file));
        fails(ErrorKind.COMPILE, "load_precompiled", () -> Module.load(file));
        fails(ErrorKind.COMPILE, "load_precompiled", () -> Module.load(Files.readAllBytes(file)));
        fails(ErrorKind.IO, "missing", () -> Module.loadPrecompiled(dir.resolve("missing")));
        fails(ErrorKind.IO, "no/such", () -> Module.load(TINY).compile(dir.resolve("no/such/folder")));
        assertThrows(NullPointerException.class, () -> Module.loadPrecompiled(null));
    }

    @Test
    void aFolderForTheCache() throws IOException {
        Path folder = dir.resolve("cache");
        Engine engine = Engine.builder().cache(folder).build();
        String text = "(module (func (export \"two\") (result i32) i32.const 2))";
        assertEquals(2, Module.load(engine, text).instantiate().call("two"));
        try (Stream<Path> files = Files.walk(folder)) {
            assertTrue(files.anyMatch(Files::isRegularFile));
        }
    }

    @Test
    void inspecting() {
        String text = "(module $rich (@custom \"mine\" \"abc\") (import \"e\" \"m\" (memory i64 1 2)) (tag (export \"t\"))"
                + " (@producers (language \"Rust\" \"1.95\")))";
        Inspection found = Module.inspect(text);
        assertEquals("rich", found.name());
        MemoryType memory = new MemoryType(1, OptionalLong.of(2), true, 65536);
        assertEquals(List.of(new ImportType("e", "m", memory)), found.imports());
        assertEquals(List.of(new ExportType("t", new TagType(List.of()))), found.exports());
        assertEquals(List.of(memory), found.memories());
        assertEquals(List.of("memory64", "exceptions"), found.features());
        CustomSection mine = new CustomSection("mine", new byte[] {'a', 'b', 'c'});
        assertTrue(found.customSections().contains(mine));
        mine.bytes()[0] = 9;
        assertArrayEquals(new byte[] {'a', 'b', 'c'}, mine.bytes());
        assertEquals("CustomSection(mine, 3 bytes)", mine.toString());
        assertEquals(List.of(new Producer("language", "Rust", "1.95")), found.producers());
        assertThrows(UnsupportedOperationException.class, () -> found.features().add("more"));
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertEquals(found, Module.inspect(bytes));
        assertEquals(found, Module.inspect(new ByteArrayInputStream(bytes)));
        assertNull(Module.inspect("(module)").name());
        assertEquals(List.of(), found.asks());
        Inspection program = Module.inspect("(module (import \"wasi_snapshot_preview1\" \"fd_write\" (func))"
                + " (import \"wasi_snapshot_preview1\" \"args_get\" (func)))");
        assertEquals(
                List.of(new Ask("args", List.of("args_get")), new Ask("streams", List.of("fd_write"))), program.asks());
        assertTrue(Ask.ALL.containsAll(List.of("args", "files", "streams", "sockets")), Ask.ALL::toString);
        assertThrows(UnsupportedOperationException.class, () -> program.asks().get(0).functions().clear());
        fails(ErrorKind.COMPILE, "", () -> Module.inspect("(modul)"));
        fails(ErrorKind.IO, "/no/such/file", () -> Module.inspect(Path.of("/no/such/file")));
    }

    @Test
    void plainValues() {
        Module module = Module.load("(module (import \"e\" \"n\" (global i64)) (import \"e\" \"o\" (global externref))"
                + " (export \"n\" (global 0)) (export \"o\" (global 1)))");
        Object object = List.of(1);
        Imports imports = Imports.builder().value("e", "n", 41).value("e", "o", object).value("e", "x", "no").build();
        for (int i = 0; i < 2; i++) {
            Instance instance = module.instantiate(imports);
            assertEquals(41L, instance.global("n").get());
            assertEquals(object, instance.global("o").get());
            fails(ErrorKind.TYPE, "immutable", () -> instance.global("n").set(1L));
        }
        Imports.Builder wrong = Imports.builder().value("e", "o", null).value("e", "n", "text");
        fails(ErrorKind.TYPE, "e.n: global i64: expected i64, got String", () -> module.instantiate(wrong.build()));
        wrong.value("e", "n", 7L); // The last counts.
        assertNull(module.instantiate(wrong.build()).global("o").get());
        Module func = Module.load("(module (import \"e\" \"n\" (func)))");
        fails(ErrorKind.LINK, "e.n: func () -> () (a value was given)", () -> func.instantiate(imports));
    }

    @Test
    void memoriesTakeWhatTheyCanNeed() {
        fails(ErrorKind.RANGE, "memoryReservationBytes: 0 is out of range (1 to ", () -> Engine.builder().memoryReservationBytes(0));
        Engine small = Engine.builder().memoryReservationBytes(1 << 17).deterministic(true).noCache().build();
        try (Instance instance = Module.load(small, "(module (memory (export \"m\") 1))").instantiate()) {
            assertEquals(1, instance.memory("m").grow(1));
            fails(ErrorKind.MEMORY_LIMIT, "ends at 131072 bytes", () -> instance.memory("m").grow(1));
        }
    }

    @Test
    void initializeIsSaidOnceForAllInstances() {
        Module module = Module.load("(module (func (export \"_initialize\") unreachable))");
        fails(ErrorKind.TRAP, "unreachable", module::instantiate);
        Imports.Builder imports = Imports.builder().initialize(false).initialize(true);
        fails(ErrorKind.TRAP, "unreachable", () -> module.instantiate(imports.build()));
        imports.initialize(false);
        module.instantiate(imports.build()).close();
        try (Store store = new Store()) {
            store.instantiate(module, imports.build()).close();
        }
    }

    @Test
    void whatCompilingCostsIsBounded() {
        fails(ErrorKind.RANGE, "compileCost: 0 is out of range (1 to 9223372036854775807)", () -> Engine.builder().compileCost(0));
        Engine small = Engine.builder().compileCost(1).noCache().build();
        String text = "(module (type (func (param i32 i32 i32 i32 i32 i32 i32 i32))))";
        assertEquals(76, Module.inspect(text).compileCost());
        fails(ErrorKind.LIMIT, "compile_cost", () -> Module.load(small, text));
        Module.load(Engine.builder().compileCost(Long.MAX_VALUE).noCache().build(), text);
    }

    @Test
    void memoriesOfEveryType() {
        Engine engine = Engine.builder().customPageSizes(true).build();
        try (Store store = new Store(engine)) {
            Memory bytes = Memory.of(store, new MemoryType(3, OptionalLong.of(9), false, 1));
            assertEquals(3, bytes.sizeBytes());
            assertEquals(3, bytes.grow(6));
            assertEquals(9, bytes.buffer().capacity());
            Memory wide = Memory.of(store, new MemoryType(1, OptionalLong.empty(), true, 65536));
            assertEquals("memory i64 1", wide.type().toString());
            fails(ErrorKind.LIMIT, "not 2", () -> Memory.of(store, new MemoryType(1, OptionalLong.empty(), false, 2)));
            fails(ErrorKind.LIMIT, "", () -> Memory.of(store, new MemoryType(-1, OptionalLong.empty(), true, 65536)));
        }
    }
}
