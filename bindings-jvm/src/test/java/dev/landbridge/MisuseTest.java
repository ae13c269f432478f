package dev.landbridge;

import static dev.landbridge.CallTest.fails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong goes wrong in order: closing, bounds, stacks, hostile input. */
@Timeout(60)
class MisuseTest {
    private static final String TRAPS = """
            (module $traps
              (memory (export "memory") 1 3)
              (table (export "table") 1 funcref)
              (global (export "g") (mut i64) (i64.const -1))
              (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
              (func $div (export "div") (param i32) (result i32) (i32.div_s (i32.const 1) (local.get 0)))
              (func $deep (export "deep") (param i32) (result i32) (i32.add (call $deep (local.get 0)) (i32.const 1)))
              (func (export "spin") (i32.store8 (i32.const 65535) (i32.const 1)) (loop (br 0))))
            """;

    private static Instance traps() {
        return Module.load(TRAPS).instantiate();
    }

    @Test
    void loading() throws IOException {
        byte[] text = TRAPS.getBytes(StandardCharsets.UTF_8);
        assertEquals("traps", Module.load(text).name());
        assertEquals("traps", Module.load(new ByteArrayInputStream(text)).name());
        assertNull(Module.load("(module)").name());
        assertInstanceOf(CompileError.class, fails(ErrorKind.COMPILE, "", () -> Module.load("(modul)")));
        byte[] truncated = Arrays.copyOf(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 5}, 10);
        fails(ErrorKind.COMPILE, "", () -> Module.load(truncated));
        fails(ErrorKind.IO, "/no/such/file", () -> Module.load(Path.of("/no/such/file")));
        WasmException e = fails(ErrorKind.IO, "torn", () -> Module.load(new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("torn");
            }
        }));
        assertInstanceOf(IOException.class, e.getCause());
        assertThrows(NullPointerException.class, () -> Module.load((byte[]) null));
        assertThrows(NullPointerException.class, () -> Module.load((Path) null));
        assertEquals(CheckJniTest.VERSION, Engine.version());
    }

    @Test
    void closing() {
        Module module = Module.load(TRAPS);
        Instance instance = module.instantiate();
        Func div = instance.func("div");
        IntUnaryOperator bound = div.as(IntUnaryOperator.class);
        Memory memory = instance.memory("memory");
        ByteBuffer view = memory.buffer();
        view.putInt(0, 7);
        module.close();
        module.close();
        fails(ErrorKind.CLOSED, "the module is closed", module::name);
        fails(ErrorKind.CLOSED, "the module is closed", module::instantiate);
        assertEquals(1, instance.call("div", 1));
        instance.close();
        instance.close();
        fails(ErrorKind.CLOSED, "closed", () -> instance.call("div", 1));
        fails(ErrorKind.CLOSED, "closed", () -> instance.func("div"));
        fails(ErrorKind.CLOSED, "closed", instance::exports);
        fails(ErrorKind.CLOSED, "closed", () -> div.call(1));
        fails(ErrorKind.CLOSED, "closed", () -> bound.applyAsInt(1));
        fails(ErrorKind.CLOSED, "closed", memory::buffer);
        fails(ErrorKind.CLOSED, "closed", memory::sizePages);
        assertEquals(7, view.getInt(0));
        Store store = new Store();
        store.close();
        store.close();
        fails(ErrorKind.CLOSED, "closed", () -> Memory.of(store, 1, OptionalLong.empty()));
    }

    @Test
    void anInstanceInAStoreOnlyStopsAnswering() {
        try (Store store = new Store(); Module module = Module.load(TRAPS)) {
            Instance instance = store.instantiate(module);
            Func div = instance.func("div");
            instance.close();
            fails(ErrorKind.CLOSED, "the instance is closed", () -> instance.call("div", 1));
            assertEquals(1, div.call(1));
        }
        Engine other = Engine.builder().interruptible(false).stackBytes(64 << 10).build();
        try (Store store = new Store(other); Module module = Module.load(TRAPS)) {
            fails(ErrorKind.WRONG_STORE, "another engine", () -> store.instantiate(module));
        }
    }

    @Test
    void closingEndsACallThatRuns() throws Exception {
        Instance instance = traps();
        AtomicReference<Throwable> ended = new AtomicReference<>();
        ByteBuffer view = instance.memory("memory").buffer();
        Thread spinner = new Thread(() -> ended.set(assertThrows(WasmException.class, () -> instance.call("spin"))));
        spinner.start();
        Waiting.until(() -> view.get(65535) == 1);
        instance.close();
        spinner.join(10_000);
        assertEquals(ErrorKind.CLOSED, ((WasmException) ended.get()).kind());
    }

    @Test
    void memory() {
        try (Instance instance = traps()) {
            Memory memory = instance.memory("memory");
            ByteBuffer before = memory.buffer();
            memory.write(65530, new byte[] {1, 2, 3, 4, 5, 6});
            assertEquals(0x04030201, before.getInt(65530));
            assertEquals(0x0201, memory.readShort(65530));
            memory.writeDouble(8, Math.PI);
            memory.writeFloat(16, 1.5f);
            memory.writeLong(24, -2);
            memory.writeByte(32, (byte) -3);
            memory.writeShort(34, (short) -4);
            assertEquals(Math.PI, before.getDouble(8));
            assertEquals(1.5f, memory.readFloat(16));
            assertEquals(-2, memory.readLong(24));
            assertEquals(-3, memory.readByte(32));
            assertEquals(Math.PI, memory.readDouble(8));
            memory.write(100, "grüß".getBytes(StandardCharsets.UTF_8));
            assertEquals("grüß", memory.readString(100, 6));
            fails(ErrorKind.OUT_OF_BOUNDS, "bytes 65531", () -> memory.write(65531, new byte[6]));
            fails(ErrorKind.OUT_OF_BOUNDS, "outside", () -> memory.read(65536, 1));
            fails(ErrorKind.OUT_OF_BOUNDS, "outside", () -> memory.read(0, Integer.MAX_VALUE));
            fails(ErrorKind.OUT_OF_BOUNDS, "offset -1 is negative", () -> memory.read(-1, 1));
            fails(ErrorKind.OUT_OF_BOUNDS, "outside", () -> memory.readLong(65529));
            assertThrows(IndexOutOfBoundsException.class, () -> memory.read(0, new byte[4], 2, 3));
            assertEquals(0, memory.read(65536, 0).length);
            assertEquals(1, memory.grow(1));
            assertEquals(65536, before.capacity());
            assertEquals(131072, memory.buffer().capacity());
            assertEquals(6, memory.buffer().get(65535));
            assertEquals(131072, memory.sizeBytes());
            fails(ErrorKind.MEMORY_LIMIT, "cannot grow by 9 pages", () -> memory.grow(9));
            assertEquals("memory 1 3", memory.type().toString());
            Global g = instance.global("g");
            assertEquals(-1L, g.get());
            g.set(5);
            assertEquals(5L, g.get());
            assertEquals("global (mut i64)", g.type().toString());
            assertEquals(List.of("memory", "table", "g", "load", "div", "deep", "spin"),
                    List.copyOf(instance.exports().keySet()));
            assertTrue(instance.store() != null);
        }
    }

    @Test
    void anEmptyMemoryHasAnEmptyView() {
        try (Store store = new Store()) {
            Memory memory = Memory.of(store, 0, OptionalLong.of(1));
            assertEquals(0, memory.buffer().capacity());
            assertEquals(0, memory.grow(1));
            assertEquals(65536, memory.buffer().capacity());
            fails(ErrorKind.LIMIT, "pages", () -> Memory.of(store, -1, OptionalLong.empty()));
            fails(ErrorKind.LIMIT, "", () -> Memory.of(store, 2, OptionalLong.of(1)));
        }
    }

    @Test
    void viewsOutliveEverything() throws Exception {
        ByteBuffer slice = traps().memory("memory").buffer().slice(8, 8);
        for (int i = 0; i < 10; i++) {
            System.gc();
            Thread.sleep(2); // sleeps: nothing tells that all is collected
            slice.putLong(0, i);
            assertEquals(i, slice.getLong(0));
        }
    }

    private static void onSmallStack(Runnable what) throws InterruptedException {
        AtomicReference<Throwable> failed = new AtomicReference<>();
        Thread small = new Thread(null, what, "small", 256 << 10);
        small.setUncaughtExceptionHandler((thread, e) -> failed.set(e));
        small.start();
        small.join();
        assertNull(failed.get(), () -> failed.get().toString());
    }

    private static void overflows(Instance instance) {
        Trap trap = assertThrows(Trap.class, () -> instance.call("deep", 1));
        assertEquals(TrapCode.STACK_OVERFLOW, trap.code());
    }

    private static void underFrames(int frames, Runnable what) {
        if (frames == 0) {
            what.run();
        } else {
            underFrames(frames - 1, what);
        }
    }

    @Test
    void deepRecursionOfTheGuestOnSmallStacks() throws Exception {
        try (Instance instance = traps()) {
            overflows(instance);
            onSmallStack(() -> overflows(instance));
            onSmallStack(() -> assertEquals("traps", Module.load(TRAPS + ";; compiled on a small stack").name()));
            Thread deep = new Thread(() -> underFrames(4000, () -> overflows(instance)));
            deep.start();
            deep.join();
            assertEquals(1, instance.call("div", 1));
        }
    }

    @Test
    void aCleanerMayCall() throws Exception {
        Instance instance = traps();
        CountDownLatch done = new CountDownLatch(1);
        AtomicReference<Object> result = new AtomicReference<>();
        Cleaner cleaner = Cleaner.create();
        cleaner.register(new Object(), () -> {
            result.set(instance.call("div", 1));
            done.countDown();
        });
        for (int i = 0; i < 200 && !done.await(5, TimeUnit.MILLISECONDS); i++) {
            System.gc();
        }
        assertEquals(1, result.get());
        instance.close();
    }

    @Test
    void unclosedObjectsAreReleased() throws Exception {
        try (Module module = Module.load("(module (memory (export \"memory\") 16))")) {
            for (int i = 0; i < 20_000; i++) {
                // Each maps gigabytes of address space: without the net this fails early.
                assertNotNull(module.instantiate().memory("memory"));
                if (i % 500 == 0) {
                    System.gc();
                    Thread.sleep(2); // sleeps: a thread of Java's lets go
                }
            }
        }
    }

    @Test
    void forgedHandlesAreErrors() {
        fails(ErrorKind.TYPE, "is not a handle", () -> Native.call2(0x7777_7777_1234L, 1, 2));
        fails(ErrorKind.TYPE, "is not a handle", () -> Native.call0(0));
        fails(ErrorKind.TYPE, "is not a handle", () -> Native.moduleName(-1));
        try (Instance instance = traps()) {
            fails(ErrorKind.TYPE, "not of a module", () -> Native.moduleName(instance.func("div").handle));
            fails(ErrorKind.TYPE, "not of a func", () -> Native.call1(instance.memory("memory").handle, 1));
        }
    }
}
