package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Components, with the user's own types. */
class WitBindTest {
    enum Unit { PIECE, KILOGRAM, LITRE, HOUR }

    enum Marks { FRAGILE, FROZEN, ORGANIC, VEGAN, HEAVY, LIQUID, SHARP, SEASONAL, IMPORTED, ADULTS_ONLY }

    enum Days { FRIDAY, SATURDAY, SUNDAY }

    record Place(int aisle, int shelf) {}

    record Product(
            String sku,
            String name,
            Unit unit,
            Set<Marks> marks,
            long price,
            long weight,
            int stock,
            float rating,
            Place place,
            Optional<String> replacedBy) {
        static Product pen() {
            return new Product("P", "Pen", Unit.PIECE, EnumSet.of(Marks.SHARP), 120, 9, 40, 3.25f, new Place(1, 'A'),
                    Optional.empty());
        }
    }

    record Line(Product product, int count) {}

    record Address(String name, String street, @WitName("town") String city) {}

    sealed interface Discount {
        record FullPrice() implements Discount {}

        record Percent(double value) implements Discount {}

        record Cents(long value) implements Discount {}

        record Codes(List<String> codes) implements Discount {}
    }

    record Order(long id, Address to, List<Line> lines, Discount discount, Optional<Optional<String>> card) {}

    sealed interface Refusal {
        record Empty() implements Refusal {}

        record UnknownCode(String code) implements Refusal {}

        record OutOfStock(String sku, long missing) implements Refusal {}
    }

    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;
        final transient Refusal refusal;

        public RefusedException(Refusal refusal) {
            this.refusal = refusal;
        }
    }

    interface Basket extends AutoCloseable {
        long add(Product product, int count);

        List<Line> lines();

        long total();

        boolean cheaperThan(Basket other);

        @Override
        void close();
    }

    record Statistics(long count, double least, double most, double mean) {}

    interface Orders {
        Basket basket(String owner);

        Basket basketMerge(Basket a, Basket b);

        long basketCount();

        long total(Order order) throws RefusedException;

        Optional<Product> cheapest(List<Product> products);

        List<Product> sort(Product[] products);

        Statistics describe(double[] numbers);

        long checksum(byte[] bytes);

        byte[] sample(long length);

        long sum(List<Basket> baskets);

        Optional<Basket> keepDearest(List<Basket> baskets);

        List<Object> checkout(Basket basket);
    }

    interface Echo {
        Set<Days> echoDays(EnumSet<Days> days);

        WitResult<Long, String> echoResult(WitResult<Long, String> it);

        Refusal echoRefusal(Refusal it);

        Order echoOrder(Order it);

        Map<String, Object> echoProduct(Product it);

        int echoChar(int it);

        List<List<String>> echoLists(List<List<String>> it);

        boolean[] echoBools(boolean[] it);

        void nothing();
    }

    interface Greeter {
        String greet(String name);

        CompletableFuture<String> price(long cents);

        Orders orders();

        @WitName("echo")
        Echo parrot();

        default String twice(String name) {
            return greet(greet(name));
        }
    }

    private static Order order(Discount discount, Line... lines) {
        return new Order(7, new Address("Ada", "Main", "Town"), List.of(lines), discount, Optional.of(Optional.of("card")));
    }

    @Test
    void anInterfaceIsBound() {
        try (Shop shop = new Shop()) {
            Greeter greeter = shop.instance.as(Greeter.class);
            assertEquals("Hello, Ada!", greeter.greet("Ada"));
            assertEquals("Hello, Hello, Ada!!", greeter.twice("Ada"));
            assertEquals("0.07 EUR", greeter.price(7).join());
            assertEquals("exports", greeter.toString());
            assertEquals("demo:shop/orders@1.2.0", greeter.orders().toString());
            greeter.parrot().nothing();
        }
    }

    @Test
    void recordsVariantsEnumsAndFlagsAreTheUsersOwn() throws RefusedException {
        try (Shop shop = new Shop()) {
            Orders orders = shop.instance.as("orders", Orders.class);
            Product pen = Product.pen();
            Product ink = new Product("I", "Ink", Unit.LITRE, Set.of(), 90, 1, 2, 1f, new Place(2, 'b'), Optional.of("P"));
            assertEquals(Optional.of(ink), orders.cheapest(List.of(pen, ink)));
            assertEquals(Optional.empty(), orders.cheapest(List.of()));
            assertEquals(List.of(ink, pen), orders.sort(new Product[] {pen, ink}));
            assertEquals(240, orders.total(order(new Discount.FullPrice(), new Line(pen, 2))));
            assertEquals(120, orders.total(order(new Discount.Percent(50), new Line(pen, 2))));
            assertEquals(new Statistics(2, 1, 3, 2), orders.describe(new double[] {1, 3}));
            assertEquals(3, orders.sample(3).length);

            Echo echo = shop.instance.as("demo:shop/echo@1.2", Echo.class);
            Set<Days> days = echo.echoDays(EnumSet.of(Days.SUNDAY, Days.FRIDAY));
            assertEquals(EnumSet.of(Days.SUNDAY, Days.FRIDAY), days);
            WitResult<Long, String> err = WitResult.err("no");
            assertEquals(err, echo.echoResult(err));
            Refusal refusal = new Refusal.OutOfStock("P", 3);
            assertEquals(refusal, echo.echoRefusal(refusal));
            Order order = order(new Discount.Codes(List.of("A")), new Line(pen, 1));
            assertEquals(order, echo.echoOrder(order));
            assertEquals("Pen", echo.echoProduct(pen).get("name"));
            assertEquals('x', echo.echoChar('x'));
            assertEquals(List.of(List.of("a"), List.of()), echo.echoLists(List.of(List.of("a"), List.of())));
            assertArrayEquals(new boolean[] {true}, echo.echoBools(new boolean[] {true}));
        }
    }

    @Test
    void aDeclaredExceptionIsThrownForErr() {
        try (Shop shop = new Shop()) {
            Orders orders = shop.instance.as("orders", Orders.class);
            RefusedException e = assertThrows(
                    RefusedException.class, () -> orders.total(order(new Discount.Codes(List.of("GONE")), new Line(Product.pen(), 1))));
            assertEquals(new Refusal.UnknownCode("GONE"), e.refusal);
        }
    }

    @Test
    void aResourceIsAnInterfaceThatCloses() {
        try (Shop shop = new Shop()) {
            Orders orders = shop.instance.as("orders", Orders.class);
            try (Basket one = orders.basket("Ada");
                    Basket other = orders.basket("Bob")) {
                assertEquals(2, one.add(Product.pen(), 2));
                assertTrue(other.cheaperThan(one));
                assertEquals(List.of(new Line(Product.pen(), 2)), one.lines());
                assertEquals(240, orders.sum(List.of(one, other)));
                assertEquals(2, orders.basketCount());
                assertTrue(one.toString().startsWith("Resource(basket "), one.toString());
            }
            assertEquals(0, orders.basketCount());
            Basket merged = orders.basketMerge(orders.basket("Ada"), orders.basket("Bob"));
            assertEquals(1, orders.basketCount());
            Basket dearest = orders.keepDearest(List.of(merged)).orElseThrow();
            assertEquals(0, dearest.total());
            assertEquals(List.of("Ada", List.of()), orders.checkout(dearest));
            assertEquals(ErrorKind.CLOSED, assertThrows(WasmException.class, dearest::total).kind());
            dearest.close();
        }
    }

    @Test
    void theUsersValuesAreTakenWithoutABinding() {
        try (Shop shop = new Shop()) {
            Order order = order(new Discount.Codes(List.of("WELCOME", "LOYAL")), new Line(Product.pen(), 20));
            assertEquals(650L, shop.call("orders#total", order));
            assertEquals("kilogram", shop.call("echo#echo-unit", Unit.KILOGRAM));
            assertEquals(Set.of("friday"), shop.call("echo#echo-days", EnumSet.of(Days.FRIDAY)));
            WasmException e =
                    assertThrows(WasmException.class, () -> shop.call("echo#echo-product", new Line(Product.pen(), 1)));
            assertTrue(e.message().startsWith("args[0]: expected product, got Line (Line has no component sku"), e.message());
        }
    }

    record Wrong(String sku, int price) {}

    interface Misfits {
        String greet(int name);

        long price(long cents);

        void giveUpp(String reason);

        Wrongs echo();
    }

    interface Wrongs {
        Wrong echoProduct(Wrong it);

        Unit echoDiscount(Unit it);
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        try (Shop shop = new Shop()) {
            WasmException e = assertThrows(WasmException.class, () -> shop.instance.as(Misfits.class));
            assertEquals(ErrorKind.TYPE, e.kind());
            for (String told : List.of(
                    "greet(int): parameter 1 is int: string is String in Java (it is greet: func(name: string) -> string)",
                    "price(long): the result is long: string is String in Java",
                    "giveUpp(String): no function is named \"give-upp\"",
                    "did you mean \"give-up\"?",
                    "Wrong has no component stock for stock: s32 of product",
                    "price of Wrong is int: u64 is long in Java",
                    "the result is dev.landbridge.WitBindTest$Unit: discount is a sealed interface")) {
                assertTrue(e.message().contains(told), told + " in " + e.message());
            }
            assertFalse(e.message().contains("sku of Wrong"), e.message());
        }
    }
}
