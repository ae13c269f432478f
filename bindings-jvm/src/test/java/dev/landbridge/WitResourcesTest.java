package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Resources, used and misused: whatever is done is an ordinary error. */
class WitResourcesTest {
    private static WasmException refused(String kind, Shop shop, String func, Object... args) {
        WasmException e = assertThrows(WasmException.class, () -> shop.call(func, args));
        assertEquals(kind, e.kind().label(), e.message());
        return e;
    }

    @Test
    void itHasMethodsAndCloses() {
        try (Shop shop = new Shop()) {
            Resource basket = shop.basket("Ada", 2);
            assertEquals(240L, basket.call("total"));
            assertEquals(false, basket.call("cheaperThan", basket));
            assertEquals(false, basket.call("cheaper-than", basket));
            assertEquals("basket", basket.type().name().orElseThrow());
            assertFalse(basket.isClosed());
            assertEquals(1L, shop.call("orders#basket.count"));
            basket.close();
            basket.close();
            assertTrue(basket.isClosed());
            assertEquals(0L, shop.call("orders#basket.count"));
            WasmException e = assertThrows(WasmException.class, () -> basket.call("total"));
            assertEquals(ErrorKind.CLOSED, e.kind());
            assertTrue(e.message().startsWith("args[0]: "), e.message());
            assertEquals(
                    ErrorKind.NOT_FOUND, assertThrows(WasmException.class, () -> basket.call("totals")).kind());
            String near = assertThrows(NotFoundError.class, () -> basket.call("ad")).message();
            assertTrue(near.endsWith("did you mean \"basket.add\"?"), near);
            String isStatic = assertThrows(NotFoundError.class, () -> basket.call("merge", basket)).message();
            assertTrue(isStatic.startsWith("basket.merge is a static function"), isStatic);
        }
    }

    @Test
    void whatWasGivenAwayIsGone() {
        try (Shop shop = new Shop()) {
            Resource basket = shop.basket("Ada", 1);
            shop.call("orders#checkout", basket);
            refused("closed", shop, "orders#checkout", basket);
            basket.close();
            Resource other = shop.basket("Bob", 0);
            refused("closed", shop, "orders#basket.merge", other, other);
            assertFalse(other.isClosed());
        }
    }

    @Test
    void oneOfAnotherStoreOrTypeIsRefused() {
        try (Shop shop = new Shop();
                Shop elsewhere = new Shop()) {
            Resource theirs = elsewhere.basket("Ada", 0);
            WasmException e = refused("wrong_store", shop, "orders#checkout", theirs);
            assertTrue(e.message().startsWith("args[0]: "), e.message());
            refused("type", shop, "orders#discard", theirs.call("lines") == null ? null : shop.basket("Bob", 0));
            refused("type", shop, "orders#checkout", new Shop.Office.Journal("no basket"));
            refused("type", shop, "orders#checkout", (Object) null);
            assertEquals(0L, theirs.call("total"));
        }
    }

    @Test
    void itGoesWithItsStore() {
        Resource basket;
        try (Shop shop = new Shop()) {
            basket = shop.basket("Ada", 0);
        }
        assertTrue(basket.isClosed());
        basket.close();
        assertEquals(ErrorKind.CLOSED, assertThrows(WasmException.class, () -> basket.call("total")).kind());
    }

    @Test
    void twoHandlesAreTwoResources() {
        try (Shop shop = new Shop()) {
            Resource one = shop.basket("Ada", 0);
            Resource other = shop.basket("Ada", 0);
            assertNotEquals(one, other);
            assertEquals(one, one);
            assertEquals(one.hashCode(), one.hashCode());
            assertTrue(one.toString().startsWith("Resource(basket "), one.toString());
        }
    }

    /** One that nobody has any more is let go of by a later call. */
    @Test
    void oneThatWasForgottenIsLetGoOf() throws InterruptedException {
        try (Shop shop = new Shop()) {
            WeakReference<Resource> forgotten = new WeakReference<>(shop.basket("Ada", 1));
            long left = 1;
            for (int i = 0; i < 400 && left > 0; i++) {
                System.gc();
                Thread.sleep(5); // sleeps: the collector and the thread that releases give no sign
                left = (Long) shop.call("orders#basket.count");
            }
            assertEquals(0, left);
            assertTrue(forgotten.refersTo(null));
        }
    }

    /** An object that a component gave up is not kept. */
    @Test
    void anObjectThatNoComponentHasIsNotKept() throws InterruptedException {
        try (Shop shop = new Shop()) {
            WeakReference<Object> given = new WeakReference<>(new Shop.Office.Journal("x"));
            shop.call("orders#note", given.get(), "line");
            shop.call("orders#discard", given.get());
            for (int i = 0; i < 400 && !given.refersTo(null); i++) {
                System.gc();
                Thread.sleep(5); // sleeps: the collector gives no sign
            }
            assertTrue(given.refersTo(null));
        }
    }

    /** A lambda that has its own instance does not keep it. */
    @Test
    void aCircleThroughTheHostIsCollected() throws InterruptedException {
        WeakReference<Instance> circle = circle();
        for (int i = 0; i < 400 && !circle.refersTo(null); i++) {
            System.gc();
            Thread.sleep(5); // sleeps: the collector gives no sign
        }
        assertTrue(circle.refersTo(null));
    }

    private static WeakReference<Instance> circle() {
        Instance[] own = new Instance[1];
        Shop.Office office = new Shop.Office() {
            @Override
            public String title(Journal journal) {
                return own[0].toString();
            }
        };
        own[0] = Shop.rust().instantiate(Shop.imports(office));
        Resource basket = (Resource) own[0].call("orders#basket", "Ada");
        office.published.add(new Shop.Office.Journal("x") {
            @Override
            public long length() {
                return basket.hashCode();
            }
        });
        own[0].call("orders#look-up", "x");
        return new WeakReference<>(own[0]);
    }

    @Test
    void oneThatIsClosedWhileItIsLentStaysUntilThen() {
        Resource[] basket = new Resource[1];
        Throwable[] thrown = new Throwable[1];
        Shop.Office office = new Shop.Office() {
            @Override
            public long worth(String code) {
                thrown[0] = assertThrows(WasmException.class, () -> basket[0].call("total"));
                basket[0].close();
                return 0;
            }
        };
        Instance shop = Shop.rust().instantiate(Shop.imports(office));
        try (shop) {
            basket[0] = (Resource) shop.call("orders#basket", "Ada");
            shop.call("orders#total", WitImportsTest.ORDER);
            assertEquals(ErrorKind.BUSY, ((WasmException) thrown[0]).kind());
            assertTrue(basket[0].isClosed());
            assertEquals(0L, shop.call("orders#basket.count"));
        }
    }
}
