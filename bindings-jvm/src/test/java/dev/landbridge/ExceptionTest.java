package dev.landbridge;

import static dev.landbridge.CallTest.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Exceptions of WebAssembly: thrown by guests, thrown by Java, passed as values. */
@Timeout(60)
class ExceptionTest {
    private static Instance instance(Store store, HostFunction thrower) {
        Module module = Module.load(ConformanceTest.CORPUS.resolve("modules/exceptions.wat"));
        return store.instantiate(module, Imports.builder().func("host", "throw", thrower).build());
    }

    private static TaggedException thrown(org.junit.jupiter.api.function.Executable what) {
        return assertThrows(TaggedException.class, what);
    }

    @Test
    void aGuestThrows() {
        Store store = new Store();
        Instance guest = instance(store, (ctx, args) -> null);
        TaggedException e = thrown(() -> guest.call("throw", 5, -6));
        assertEquals(ErrorKind.EXCEPTION, e.kind());
        assertEquals(guest.tag("number"), e.tag());
        assertEquals(guest.tag("number").hashCode(), e.tag().hashCode());
        assertNotEquals(guest.tag("plain"), e.tag());
        assertEquals("Tag(i32, i64)", e.tag().toString());
        assertEquals("an exception of a tag (i32, i64) was not caught", e.message());
        assertEquals("throw", e.frames().get(0).funcName().orElseThrow());
        assertTrue(e.getStackTrace()[0].toString().contains("throw"));
        store.close();
        assertEquals(List.of(5, -6L), e.payload());
        assertEquals("tag (i32, i64)", e.tag().type().toString());
        assertThrows(UnsupportedOperationException.class, () -> e.payload().set(0, 1));
    }

    @Test
    void theVeryExceptionComesThroughNestedCalls() {
        try (Store store = new Store()) {
            AtomicReference<Instance> guest = new AtomicReference<>();
            List<TaggedException> seen = new ArrayList<>();
            guest.set(instance(store, (ctx, args) -> {
                int depth = (int) args[0];
                if (depth == 0) {
                    throw new TaggedException(guest.get().tag("number"), 1, 2);
                }
                try {
                    return guest.get().call("through", depth - 1);
                } catch (TaggedException e) {
                    seen.add(e);
                    throw e;
                }
            }));
            TaggedException e = thrown(() -> guest.get().call("through", 5));
            assertEquals(5, seen.size());
            seen.forEach(inner -> assertSame(e, inner));
            assertEquals(6, e.frames().size());
            assertArrayEquals(new Object[] {1, 2L}, (Object[]) guest.get().call("catch", 5));
            TaggedException again = thrown(() -> guest.get().call("again", 0));
            assertEquals(List.of(1, 2L), again.payload());
        }
    }

    @Test
    void otherThrowablesPassTheGuestsHandlers() {
        try (Store store = new Store()) {
            IOException boom = new IOException("boom");
            Instance guest = instance(store, (ctx, args) -> {
                throw boom;
            });
            assertSame(boom, assertThrows(IOException.class, () -> guest.call("catch_all", 0)));
        }
    }

    @Test
    void anExceptionOfAnotherStorePassesAsItself() {
        try (Store store = new Store(); Store other = new Store()) {
            TaggedException foreign = new TaggedException(Tag.of(other, Type.I32), 1);
            Instance guest = instance(store, (ctx, args) -> {
                throw foreign;
            });
            assertSame(foreign, thrown(() -> guest.call("catch_all", 0)));
            fails(ErrorKind.WRONG_STORE, "another store", () -> guest.call("pass", foreign));
        }
    }

    @Test
    void anExceptionIsAValue() {
        try (Store store = new Store()) {
            Instance guest = instance(store, (ctx, args) -> {
                throw new TaggedException(ctx.tag("number"), 7, 8);
            });
            TaggedException value = (TaggedException) guest.call("catch_ref", 0);
            TaggedException back = (TaggedException) guest.call("pass", value);
            assertTrue(value.isSame(back));
            assertTrue(value.isSame(value));
            assertEquals(7, guest.call("number_or", value));
            assertTrue(thrown(() -> guest.call("throw_ref", value)).isSame(value));
            TaggedException own = new TaggedException(guest.tag("number"), 7, 8);
            assertEquals(List.of(7, 8L), own.payload());
            assertTrue(!own.isSame(value));
            assertTrue(((TaggedException) thrown(() -> guest.call("throw_nested", own)).payload().get(0)).isSame(own));
            assertNull(guest.call("pass", (Object) null));
            fails(ErrorKind.TYPE, "argument 1 of pass: expected exnref, got RuntimeException",
                    () -> guest.call("pass", new RuntimeException()));
        }
    }

    @Test
    void ofAClosedStore() {
        Store store = new Store();
        Instance guest = instance(store, (ctx, args) -> {
            throw new TaggedException(ctx.tag("number"), 7, 8);
        });
        Tag number = guest.tag("number");
        TaggedException read = (TaggedException) guest.call("catch_ref", 0);
        TaggedException unread = (TaggedException) guest.call("pass", read);
        assertEquals(List.of(7, 8L), read.payload());
        store.close();
        assertEquals(List.of(7, 8L), read.payload());
        fails(ErrorKind.CLOSED, "closed", unread::payload);
        assertEquals(number, unread.tag());
        fails(ErrorKind.CLOSED, "closed", () -> new TaggedException(number, 1, 2));
    }

    interface Bound {
        void throw_(int a, long b);
    }

    interface Numbers {
        @Export("throw")
        void raise(int a, long b);

        @Export("number_or")
        int numberOr(TaggedException e);

        TaggedException pass(TaggedException e);
    }

    @Test
    void throughInterfaces() {
        try (Store store = new Store()) {
            Instance guest = instance(store, (ctx, args) -> null);
            Numbers numbers = guest.as(Numbers.class);
            TaggedException e = thrown(() -> numbers.raise(3, 4));
            assertEquals(List.of(3, 4L), e.payload());
            assertEquals(3, numbers.numberOr(e));
            assertTrue(numbers.pass(e).isSame(e));
            fails(ErrorKind.NOT_FOUND, "throw_", () -> guest.as(Bound.class));
        }
    }

    @Test
    void aStartFunctionThrows() {
        Module module = Module.load("(module (tag $t (param externref)) (import \"e\" \"o\" (global $o externref))"
                + " (func $start (throw $t (global.get $o))) (start $start))");
        TaggedException e = thrown(() -> module.instantiate(Imports.builder().value("e", "o", "why").build()));
        assertEquals(List.of("why"), e.payload());
    }

    private static TaggedException carriesAFunction(AtomicInteger calls) {
        String text = "(module (import \"e\" \"f\" (func $f (param i32) (result i32))) (tag $t (param funcref))"
                + " (elem declare func $f) (func (export \"run\") (throw $t (ref.func $f))))";
        IntUnaryOperator count = x -> calls.addAndGet(x);
        Imports imports = Imports.builder().func("e", "f", count).build();
        return thrown(() -> Module.load(text).instantiate(imports).func("run").as(Runnable.class).run());
    }

    /** What it carries may reach functions of Java, though nothing else of its store is left. */
    @Test
    void anExceptionKeepsFunctionsAlive() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        TaggedException e = carriesAFunction(calls);
        Waiting.collect();
        assertEquals(3, ((Func) e.payload().get(0)).call(3));
        assertEquals(3, calls.get());
    }

    @Test
    void payloadsAreChecked() {
        try (Store store = new Store()) {
            Tag tag = Tag.of(store, Type.I32, Type.ANYREF);
            assertEquals("tag (i32, anyref)", tag.type().toString());
            assertEquals(Collections.singletonList(null),
                    new TaggedException(Tag.of(store, Type.EXTERNREF), (Object) null).payload());
            fails(ErrorKind.TYPE, "payload of an exception: expected 2 (i32, anyref), got 1",
                    () -> new TaggedException(tag, 1));
            fails(ErrorKind.TYPE, "value 1 of an exception: expected i32, got String",
                    () -> new TaggedException(tag, "x", 1));
            fails(ErrorKind.RANGE, "value 2 of an exception", () -> new TaggedException(tag, 1, 1 << 30));
            assertThrows(NullPointerException.class, () -> new TaggedException(null));
            assertThrows(NullPointerException.class, () -> Tag.of(store, (Type) null));
        }
    }

    @Test
    void hugePayloads() {
        try (Store store = new Store()) {
            Type[] types = Collections.nCopies(1000, Type.I64).toArray(Type[]::new);
            Object[] values = Collections.nCopies(1000, Long.MIN_VALUE).toArray();
            assertEquals(List.of(values), new TaggedException(Tag.of(store, types), values).payload());
            Type[] more = Collections.nCopies(1001, Type.I64).toArray(Type[]::new);
            fails(ErrorKind.LIMIT, "1000", () -> Tag.of(store, more));
            TaggedException last = new TaggedException(Tag.of(store));
            Tag nested = Tag.of(store, Type.EXNREF);
            for (int i = 0; i < 20_000; i++) {
                last = new TaggedException(nested, last);
            }
            assertEquals(1, last.payload().size());
        }
    }

    @Test
    void afterSerializationItIsKindAndMessage() throws Exception {
        try (Store store = new Store()) {
            TaggedException e = new TaggedException(Tag.of(store, Type.EXTERNREF), new Object());
            TaggedException read = (TaggedException) ConformanceFiles.arrived(ConformanceFiles.sent(e));
            assertEquals(ErrorKind.EXCEPTION, read.kind());
            assertEquals(e.message(), read.message());
            assertNull(read.tag());
            assertEquals(List.of(), read.payload());
            assertEquals(List.of(), read.frames());
            Instance guest = instance(store, (ctx, args) -> {
                throw read;
            });
            assertSame(read, thrown(() -> guest.call("catch_all", 0)));
            fails(ErrorKind.CLOSED, "was sent out of it", () -> guest.call("pass", read));
            fails(ErrorKind.CLOSED, "was sent out of it", () -> read.isSame(e));
        }
    }

    @Test
    void tagsAreLentAndCompared() {
        try (Store store = new Store(); Store other = new Store()) {
            Tag tag = Tag.of(store, Type.I32);
            Module module = Module.load("(module (import \"e\" \"t\" (tag $t (param i32))) (export \"t\" (tag $t))"
                    + " (func (export \"f\") (throw $t (i32.const 9))))");
            Imports imports = Imports.builder().define("e", "t", tag).build();
            Instance guest = store.instantiate(module, imports);
            assertEquals(tag, guest.tag("t"));
            assertEquals(tag, guest.exports().get("t"));
            assertEquals(tag, thrown(() -> guest.call("f")).tag());
            assertNotEquals(tag, Tag.of(store, Type.I32));
            fails(ErrorKind.WRONG_STORE, "another store", () -> other.instantiate(module, imports));
            fails(ErrorKind.NOT_FOUND, "is a func, not a tag", () -> guest.tag("f"));
            fails(ErrorKind.NOT_FOUND, "is a tag, not a func", () -> guest.call("t"));
        }
    }

    @Test
    void eachThreadCatchesItsOwn() throws Exception {
        Module module = Module.load(ConformanceTest.CORPUS.resolve("modules/exceptions.wat"));
        List<Throwable> failed = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        Store shared = new Store();
        Instance guest = instance(shared, (ctx, args) -> {
            throw new TaggedException(ctx.tag("number"), args[0], 0);
        });
        for (int t = 0; t < 4; t++) {
            int mine = t;
            threads.add(new Thread(() -> {
                for (int i = 0; i < 300; i++) {
                    assertArrayEquals(new Object[] {mine, 0L}, (Object[]) guest.call("catch", mine));
                    assertEquals(List.of(mine, 0L), thrown(() -> guest.call("through", mine)).payload());
                }
            }));
        }
        threads.forEach(thread -> thread.setUncaughtExceptionHandler((it, e) -> failed.add(e)));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), failed);
        module.close();
        shared.close();
    }
}
