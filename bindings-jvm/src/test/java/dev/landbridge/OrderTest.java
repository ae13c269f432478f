package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The order of the calls of a store, identity, and loading without waiting. */
class OrderTest {
    private static final String COUNTER = """
            (module (global $n (mut i32) (i32.const 0))
              (func (export "next") (result i32)
                (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))""";

    private static final String ASK = """
            (module (import "env" "f" (func $f)) (func (export "ask") (call $f))
              (func (export "one") (result i32) (i32.const 1)))""";

    @Test
    void aSynchronousCallWaitsForThoseMadeBefore() {
        try (Module module = Module.load(COUNTER);
                Instance guest = module.instantiate()) {
            Func next = guest.func("next");
            for (int n = 1; n < 3000; n += 3) {
                CompletableFuture<Object> first = next.callAsync();
                CompletableFuture<Object> second = next.callAsync();
                assertEquals(n + 2, next.call());
                assertEquals(n, first.join());
                assertEquals(n + 1, second.join());
            }
        }
    }

    @Test
    void aCallThatIsCancelledBeforeItBeginsHoldsNobodyUp() {
        try (Module module = Module.load(COUNTER);
                Instance guest = module.instantiate();
                Instance busy = module.instantiate()) {
            Func next = guest.func("next");
            for (int i = 0; i < 300; i++) {
                List<CompletableFuture<Object>> calls = new ArrayList<>();
                for (int j = 0; j < 3; j++) {
                    calls.add(next.callAsync());
                }
                calls.forEach(it -> it.cancel(true));
                try {
                    next.call();
                } catch (WasmException e) {
                    // One that had begun may have been ended within the guest.
                    assertEquals(ErrorKind.POISONED, e.kind());
                    break;
                }
            }
            assertEquals(1, busy.call("next"));
        }
    }

    @Test
    void waitingForAThreadThatWaitsForThisOneIsTold() throws Exception {
        Engine engine = Engine.builder().callThreads(1).build();
        try (Module module = Module.load(engine, ASK);
                Instance other = module.instantiate(Imports.builder().func("env", "f", (context, args) -> null).build())) {
            AtomicReference<WasmException> told = new AtomicReference<>();
            HostFunction ask = (context, args) -> {
                CompletableFuture<Object> pending = other.callAsync("one");
                told.set(assertThrows(WasmException.class, () -> other.call("one")));
                pending.cancel(true);
                return null;
            };
            try (Instance guest = module.instantiate(Imports.builder().func("env", "f", ask).build())) {
                guest.callAsync("ask").get(60, TimeUnit.SECONDS);
            }
            assertEquals(ErrorKind.DEADLOCK, told.get().kind());
            assertTrue(told.get().getMessage().contains("call_threads"), told.get().getMessage());
            // The same for what follows on a call.
            CompletableFuture<WasmException> followed = other.callAsync("one").thenApply(one -> {
                other.callAsync("one");
                return assertThrows(WasmException.class, () -> other.call("one"));
            });
            assertNotEquals(null, followed.handle((e, failed) -> e == null ? failed : e).get(60, TimeUnit.SECONDS));
            assertEquals(1, other.call("one"));
        }
    }

    @Test
    void thingsOfAStoreAreEqualWhereverTheyAreFound() {
        try (Store store = new Store();
                Module one = Module.load("""
                        (module (func (export "f")) (memory (export "m") 1) (table (export "t") 1 funcref)
                          (global (export "g") i32 (i32.const 1)) (tag (export "e")))""");
                Module two = Module.load("""
                        (module (import "a" "f" (func)) (import "a" "m" (memory 1)) (import "a" "t" (table 1 funcref))
                          (import "a" "g" (global i32)) (import "a" "e" (tag)) (export "f" (func 0))
                          (export "m" (memory 0)) (export "t" (table 0)) (export "g" (global 0)) (export "e" (tag 0)))""")) {
            Instance a = store.instantiate(one, Imports.builder().build());
            Instance b = store.instantiate(two, Imports.builder().instance("a", a).build());
            Instance c = store.instantiate(one, Imports.builder().build());
            assertTrue(a.func("f").isSame(b.func("f")));
            assertAlike(a.func("f"), b.func("f"), c.func("f"));
            assertAlike(a.memory("m"), b.memory("m"), c.memory("m"));
            assertAlike(a.table("t"), b.table("t"), c.table("t"));
            assertAlike(a.global("g"), b.global("g"), c.global("g"));
            assertAlike(a.tag("e"), b.tag("e"), c.tag("e"));
        }
    }

    private static void assertAlike(Object one, Object same, Object other) {
        assertEquals(one, same);
        assertEquals(one.hashCode(), same.hashCode());
        assertNotEquals(one, other);
    }

    @Test
    void aModuleIsLoadedWithoutWaiting() {
        try (Module module = Module.loadAsync(COUNTER.getBytes(StandardCharsets.UTF_8)).join();
                Instance guest = module.instantiate()) {
            assertEquals(1, guest.call("next"));
        }
        CompletableFuture<Module> wrong = Module.loadAsync("(module (func".getBytes(StandardCharsets.UTF_8));
        Throwable invalid = assertThrows(CompletionException.class, wrong::join).getCause();
        assertInstanceOf(CompileError.class, invalid);
        CompletableFuture<Module> none = Module.loadAsync(Path.of("nowhere.wasm"));
        Throwable missing = assertThrows(CompletionException.class, none::join).getCause();
        assertEquals(ErrorKind.IO, ((WasmException) missing).kind());
    }

    @Test
    void whatIsCancelledBeforeItBeginsIsNotLoaded() {
        Engine engine = Engine.builder().noCache().build();
        List<CompletableFuture<Module>> loads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String text = "(module (func (export \"f" + i + "\") " + "(drop (i32.const 1))".repeat(20000) + "))";
            loads.add(Module.loadAsync(engine, text.getBytes(StandardCharsets.UTF_8)));
        }
        loads.subList(2, 8).forEach(it -> it.cancel(true)); // Does nothing to one that was done already.
        List<CompletableFuture<Module>> cancelled = loads.stream().filter(CompletableFuture::isCancelled).toList();
        loads.stream().filter(it -> !cancelled.contains(it)).forEach(it -> it.join().close());
        cancelled.forEach(it -> assertThrows(CancellationException.class, it::join));
    }
}
