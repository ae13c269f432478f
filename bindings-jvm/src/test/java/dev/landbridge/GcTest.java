package dev.landbridge;

import static dev.landbridge.CallTest.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The guest's heap, small integers, and objects of Java in it. */
@Timeout(60)
class GcTest {
    static Instance gc() {
        return Module.load(ConformanceTest.CORPUS.resolve("modules/gc.wat")).instantiate();
    }

    private static GcRef point(Instance gc) {
        return (GcRef) gc.call("point", 3, 2.5);
    }

    @Test
    void structs() {
        try (Instance gc = gc()) {
            GcRef point = point(gc);
            FieldType x = new FieldType("i32", Type.I32, true);
            FieldType y = new FieldType("f64", Type.F64, false);
            assertEquals(new StructType(List.of(x, y)), point.type());
            assertEquals("struct", point.sort());
            assertEquals(2, point.length());
            assertEquals("GcRef(struct (mut i32) f64)", point.toString());
            assertEquals(3, point.get(0));
            point.set(0, -7);
            assertEquals(-7, gc.call("x", point));
            assertEquals(2.5, point.get(1));
            fails(ErrorKind.TYPE, "field 1 of a struct is immutable", () -> point.set(1, 1.0));
            fails(ErrorKind.TYPE, "field 0 of a struct: expected i32, got String", () -> point.set(0, "x"));
            fails(ErrorKind.TYPE, "field 0 of a struct: expected i32, got null", () -> point.set(0, null));
            fails(ErrorKind.OUT_OF_BOUNDS, "field 2 of a struct: there are 2", () -> point.get(2));
            fails(ErrorKind.OUT_OF_BOUNDS, "field 2 of a struct: there are 2", () -> point.set(2, "x"));
            fails(ErrorKind.OUT_OF_BOUNDS, "of a struct", () -> point.set(-1, 1));
        }
    }

    @Test
    void arrays() {
        try (Instance gc = gc()) {
            GcRef bytes = (GcRef) gc.call("bytes", 4);
            assertEquals(new ArrayType(new FieldType("i8", Type.I32, true)), bytes.type());
            assertEquals("array", bytes.sort());
            assertEquals(4, bytes.length());
            bytes.set(3, -1);
            assertEquals(255, bytes.get(3));
            fails(ErrorKind.OUT_OF_BOUNDS, "element 4 of an array: there are 4", () -> bytes.set(4, 0));
            fails(ErrorKind.OUT_OF_BOUNDS, "of an array", () -> bytes.get(-1));
            fails(ErrorKind.TYPE, "element 0 of an array: expected i32", () -> bytes.set(0, 1L));
            GcRef fixed = (GcRef) gc.call("fixed");
            fails(ErrorKind.TYPE, "element 1 of an array is immutable", () -> fixed.set(1, 1L));
            assertThrowsTrap(TrapCode.ALLOCATION_TOO_LARGE, () -> gc.call("bytes", -1));
        }
    }

    private static void assertThrowsTrap(TrapCode code, org.junit.jupiter.api.function.Executable what) {
        assertEquals(code, ((Trap) fails(ErrorKind.TRAP, "", what)).code());
    }

    @Test
    void equalIsOneObject() {
        try (Instance gc = gc()) {
            GcRef point = point(gc);
            GcRef again = (GcRef) gc.call("any", point);
            assertEquals(point, again);
            assertEquals(point.hashCode(), again.hashCode());
            assertTrue(Set.of(point).contains(again));
            assertNotEquals(point, point(gc));
            assertNotEquals(point, gc.call("bytes", 1));
            assertNotEquals(point, null);
        }
    }

    @Test
    void whatAnAnyrefTakes() {
        try (Instance gc = gc()) {
            Object object = new Object();
            Object[] array = {1, 2};
            for (Object given : new Object[] {object, array, "text", 7L, 1.5, List.of(1)}) {
                assertSame(given, gc.call("any", given));
                assertSame(given, gc.call("inward", gc.call("outward", given)));
            }
            assertEquals(-5, gc.call("any", -5));
            assertEquals(-5, gc.call("outward", -5));
            assertNull(gc.call("any", (Object) null));
            fails(ErrorKind.RANGE, "argument 1 of any: 1073741824", () -> gc.call("any", 1 << 30));
            fails(ErrorKind.TYPE, "argument 1 of eq: expected eqref", () -> gc.call("eq", object));
            fails(ErrorKind.TYPE, "argument 1 of i31_get: expected i31ref", () -> gc.call("i31_get", 7L));
            fails(ErrorKind.TYPE, "argument 1 of x: expected (ref null (struct", () -> gc.call("x", gc.call("bytes", 1)));
        }
    }

    @Test
    void aNullResultIsNoArgument() {
        String text = "(module (func (export \"f\") (param externref anyref) (result externref anyref)"
                + " (ref.null extern) (ref.null any)))";
        try (Instance instance = Module.load(text).instantiate()) {
            assertArrayEquals(new Object[2], (Object[]) instance.call("f", "a", "b"));
        }
    }

    @Test
    void objectsOfAnotherStoreAndOfAClosedOne() {
        try (Instance other = gc()) {
            Instance gc = gc();
            GcRef point = point(gc);
            fails(ErrorKind.WRONG_STORE, "another store", () -> other.call("any", point));
            fails(ErrorKind.WRONG_STORE, "another store", () -> other.call("inward", point));
            GcRef packed = (GcRef) other.call("packed", 1, 2);
            fails(ErrorKind.WRONG_STORE, "another store", () -> packed.set(2, point));
            assertNotEquals(point, packed);
            gc.close();
            fails(ErrorKind.CLOSED, "closed", () -> point.get(0));
            fails(ErrorKind.CLOSED, "closed", () -> point.set(0, 1));
            assertEquals("(struct (mut i32) f64)", point.type().toString());
            assertEquals(point, point);
        }
    }

    @Test
    void tablesAndGlobalsOfTheHeap() {
        try (Instance gc = gc(); Store store = gc.store()) {
            GcRef point = point(gc);
            Table things = Table.of(store, new TableType(Type.ANYREF, 1, OptionalLong.empty(), true), point);
            assertEquals("table i64 1 anyref", things.type().toString());
            assertEquals(point, things.get(0));
            things.set(0, 5);
            assertEquals(5, things.get(0));
            fails(ErrorKind.RANGE, "element of a table", () -> things.set(0, -(1 << 30) - 1));
            Global kept = gc.global("kept");
            kept.set(point);
            assertEquals(point, kept.get());
            Global none = Global.of(store, new GlobalType(Type.NULLREF, true), null);
            fails(ErrorKind.TYPE, "expected nullref", () -> none.set("x"));
            fails(ErrorKind.TYPE, "expected a reference", () -> Table.of(
                    store, new TableType(Type.I32, 1, OptionalLong.empty()), 1));
        }
    }

    interface Heap {
        GcRef point(int x, double y);

        int x(GcRef point);

        Object any(Object any);

        @Export("any")
        String text(String any);
    }

    @Test
    void interfaces() {
        try (Instance gc = gc()) {
            Heap heap = gc.as(Heap.class);
            GcRef point = heap.point(4, 1);
            assertEquals(4, heap.x(point));
            assertEquals(point, heap.any(point));
            assertEquals("text", heap.text("text"));
            assertEquals(9, heap.any(9));
        }
    }

    /** Waits until the object that {@code give} handed to a guest is gone. */
    private static void released(Instance gc, Consumer<Object> give, Runnable drop) throws Exception {
        Object object = new Object();
        WeakReference<Object> gone = new WeakReference<>(object);
        give.accept(object);
        object = null;
        System.gc();
        gc.store().gc();
        System.gc();
        assertTrue(gone.get() != null, "the guest holds it");
        drop.run();
        Waiting.untilCollected(() -> {
            gc.store().gc();
            return gone.get() == null;
        });
    }

    @Test
    void objectsOfJavaAreReleased() throws Exception {
        try (Instance gc = gc()) {
            GcRef packed = (GcRef) gc.call("packed", 1, 2);
            Table things = gc.table("things");
            Global kept = gc.global("kept");
            released(gc, kept::set, () -> kept.set(null));
            released(gc, object -> things.set(1, object), () -> things.set(1, 0));
            released(gc, object -> packed.set(2, object), () -> packed.set(2, packed));
            released(gc, object -> gc.call("keep", gc.call("outward", object)), () -> gc.call("keep", 1));
        }
    }

    @Test
    void objectsOfAClosedStoreAreReleased() throws Exception {
        Instance gc = gc();
        Object object = new Object();
        WeakReference<Object> gone = new WeakReference<>(object);
        gc.call("keep", object);
        object = null;
        gc.close();
        Waiting.untilCollected(() -> gone.get() == null);
        fails(ErrorKind.CLOSED, "closed", () -> gc.store().gc());
    }

    /** Makes an array of a MiB in the guest's heap; if there is no room, once Java has let go of those that nobody holds. */
    private static Object made(Instance gc) throws Exception {
        for (int i = 0; ; i++) {
            try {
                return gc.call("bytes", 1 << 20);
            } catch (LimitExceeded full) {
                if (i == 200) {
                    throw full;
                }
                System.gc();
                Thread.sleep(5); // sleeps: a poll; a thread of Java's lets go
            }
        }
    }

    @Test
    void heapReferencesAreReleased() throws Exception {
        Limits limits = Limits.builder().memoryBytes(32 << 20).build();
        try (Instance gc = Module.load(ConformanceTest.CORPUS.resolve("modules/gc.wat"))
                .instantiate(Imports.none(), Policy.none(), limits)) {
            for (int i = 0; i < 200; i++) {
                made(gc);
            }
            List<Object> held = new ArrayList<>();
            fails(ErrorKind.MEMORY_LIMIT, "", () -> {
                while (held.size() < 32) {
                    held.add(gc.call("bytes", 1 << 20));
                }
            });
            Reference.reachabilityFence(held);
        }
    }
}
