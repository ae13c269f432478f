package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What objects say of themselves, in the words of every host. */
class ShownTest {
    private static final String CALC = """
            (module $calc
              (memory (export "memory") 1 4)
              (global (export "count") (mut i32) (i32.const 7))
              (table (export "objects") 2 5 externref)
              (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
              (func (export "swap") (param i32 i64) (result i64 i32) (local.get 1) (local.get 0))
              (func (export "a\\1b[31m\\0a")))
            """;

    @Test
    void objectsSayWhatTheyAre() {
        Module module = Module.load(CALC);
        Instance guest = module.instantiate();
        Memory memory = guest.memory("memory");
        Store store = guest.store();
        String exports = " calc { memory: memory 1 4, count: global (mut i32), objects: table 2 5 externref, ";
        assertTrue(module.toString().startsWith("Module" + exports), module.toString());
        assertTrue(guest.toString().startsWith("Instance" + exports), guest.toString());
        assertTrue(!guest.toString().contains("\n") && !guest.toString().contains("\u001b"), guest.toString());
        assertEquals("Module", Module.load("(module)").toString());
        assertEquals("Memory 1 4, 65536 bytes", memory.toString());
        assertEquals("Table 2 5 externref, size 2", guest.table("objects").toString());
        assertEquals("Global (mut i32) = 7", guest.global("count").toString());
        assertEquals("Func add(i32, i32) -> i32", guest.func("add").toString());
        assertEquals("Func swap(i32, i64) -> (i64, i32)", guest.func("swap").toString());
        assertEquals("Store instances: 1, bytes of memory: 65536", store.toString());
        try (Pool pool = Pool.builder(module).max(1).build()) {
            assertEquals("Pool calc", pool.toString());
        }
        guest.close();
        assertEquals("Memory (closed)", memory.toString());
        assertEquals("Store (closed)", store.toString());
        assertEquals("Instance (closed)", guest.toString());
        module.close();
        assertEquals("Module (closed)", module.toString());
    }

    @Test
    void nobodyWaitsToSeeWhatAnObjectIs() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        try (Store store = new Store()) {
            Memory memory = Memory.of(store, 1, OptionalLong.of(4));
            Func wait = Func.of(store, new FuncType(List.of(), List.of()), (context, args) -> {
                assertEquals("Memory 1 4, 65536 bytes", memory.toString()); // From inside.
                begun.countDown();
                gate.await();
                return null;
            });
            Thread thread = new Thread(wait::call);
            thread.start();
            begun.await();
            assertEquals("Memory (busy)", memory.toString());
            assertEquals("Store (busy)", store.toString());
            gate.countDown();
            thread.join();
            assertEquals("Memory 1 4, 65536 bytes", memory.toString());
        }
    }

    @Test
    void whatAStoreIsClosedInSaysItself() {
        Limits limits = Limits.builder().fuel(3).timeout(Duration.ofMillis(500)).build();
        assertEquals("Limits[fuel=3, timeout=PT0.5S]", limits.toString());
        assertEquals("Limits[]", Limits.none().toString());
        assertTrue(Policy.none().toString().startsWith("{\"args\":[]"), Policy.none().toString());
        Stdio stdio = Stdio.builder()
                .stdin(Input.text("secret"))
                .stdout(Output.file(Path.of("out.txt")))
                .stderr(Output.to(bytes -> {}))
                .build();
        assertEquals("Stdio[stdin=6 bytes, stdout=file out.txt, stderr=function, refusals=none]", stdio.toString());
        Sandbox sandbox = new Sandbox(Policy.none(), limits, stdio);
        assertEquals("Sandbox[policy=" + Policy.none() + ", limits=" + limits + ", stdio=" + stdio + "]",
                sandbox.toString());
    }
}
