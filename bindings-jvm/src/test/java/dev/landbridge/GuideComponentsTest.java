package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The programs of the guide's pages on components, which are cut from here. */
@SuppressWarnings("serial")
class GuideComponentsTest {
    private static final Path GUIDE = Path.of("../core/tests/guide");

    private static Module load(String file) {
        return Module.load(GUIDE.resolve(file));
    }

    private static Imports lent() {
        return Imports.builder()
                .implement("prices", new Prices())
                .implement("journals", new Journals())
                .build();
    }

    private static Instance open() {
        try (Module module = load("paint.wat")) {
            return module.instantiate(lent());
        }
    }

    // [types]
    record Order(String colour, byte[] coats, Optional<String> note) {}

    sealed interface Shape {
        record Circle(double radius) implements Shape {}

        record Rectangle(double width, double height) implements Shape {}

        record Nothing() implements Shape {}
    }

    static class NoPaint extends Exception { // what err is thrown as: its constructor takes what err holds
        public NoPaint(String why) {
            super(why);
        }
    }

    interface Shapes {
        double area(Shape of);

        long cost(Order order) throws NoPaint;

        Canvas canvas(long width); // makes a resource

        long canvasCount(); // a static function of it
    }

    interface Canvas extends AutoCloseable { // a resource
        void draw(Shape shape);

        double painted();

        void sign(Journals.Journal to);

        @Override
        void close();
    }
    // [end types]

    // [lend-classes]
    static class Prices {
        public long price(String colour) {
            if (colour.equals("red")) {
                return 1200;
            }
            throw new WitError("there is no " + colour); // the guest gets err("there is no ...")
        }
    }

    static class Journals {
        public static class Journal { // a resource: the guest calls write
            final List<String> lines = new ArrayList<>();

            public void write(String line) {
                lines.add(line);
            }
        }
    }
    // [end lend-classes]

    @Test
    void values() {
        try (Instance paint = open()) {
            // [values]
            double area = (double) paint.call("shapes#area", new WitVariant("circle", 2.0)); // a variant
            Map<String, Object> order = Map.of("colour", "red", "coats", new byte[] {2, 1}); // a record; an option may be left out
            long cents = (long) paint.call("shapes#cost", order);
            // [end values]
            assertEquals(12.57, area, 0.01);
            assertEquals(3600, cents);
        }
    }

    @Test
    void typesOfYourOwn() throws NoPaint {
        try (Instance paint = open()) {
            // [typed]
            Shapes shapes = paint.as("shapes", Shapes.class); // checked now, all of it
            double area = shapes.area(new Shape.Circle(2));
            long cents = shapes.cost(new Order("red", new byte[] {2, 1}, Optional.empty()));
            // [end typed]
            assertEquals(12.57, area, 0.01);
            assertEquals(3600, cents);
        }
    }

    @Test
    void names() {
        try (Instance paint = open()) {
            // [names]
            WitFunc area = paint.witFunc("demo:paint/shapes@1.2.0#area"); // the full name; shapes#area is the same
            System.out.println(area.type()); // func(of: shape) -> f64
            // [end names]
            assertEquals("func(of: shape) -> f64", area.type().toString());
            assertSame(area, paint.witFunc("shapes#area"));
            // [texts]
            WitType type = area.type().params().get(0).type();
            Object shape = type.parse("rectangle((2, 1.5))");
            String text = type.format(new WitVariant("nothing")); // nothing
            // [end texts]
            assertEquals(new WitVariant("rectangle", List.of(2.0, 1.5)), shape);
            assertEquals("nothing", text);
        }
    }

    @Test
    void errors() {
        try (Instance paint = open()) {
            Object told = null;
            // [err]
            try {
                paint.call("shapes#cost", Map.of("colour", "gold", "coats", new byte[] {1}));
            } catch (WitError e) {
                told = e.payload(); // "there is no gold": the value of err, a String here
            }
            // [end err]
            assertEquals("there is no gold", told);

            Shapes shapes = paint.as("shapes", Shapes.class);
            // [err-typed]
            try {
                shapes.cost(new Order("gold", new byte[] {1}, Optional.empty()));
            } catch (NoPaint e) {
                told = e.getMessage();
            }
            // [end err-typed]
            assertEquals("there is no gold", told);

            // [wrong]
            try {
                paint.call("shapes#cost", Map.of("colour", "red", "coats", List.of(2, 300)));
            } catch (WasmException e) {
                told = e.kind().label() + ": " + e.message(); // range: args[0].coats[1]: 300 does not fit in u8
            }
            // [end wrong]
            assertEquals("range: args[0].coats[1]: 300 does not fit in u8", told);
        }
    }

    @Test
    void lending() {
        try (Module module = load("paint.wat")) {
            // [lend]
            Imports imports = Imports.builder()
                    .implement("prices", new Prices())
                    .implement("journals", new Journals())
                    .build();
            Instance paint = module.instantiate(imports);
            // [end lend]
            assertEquals(1200L, paint.call("shapes#cost", Map.of("colour", "red", "coats", new byte[] {1})));
            paint.close();
            // [lend-lambda]
            WitHostFunction price = args -> args[0].equals("red") ? 1200 : 900;
            Imports lambdas = Imports.builder()
                    .witFunc("prices", "price", price)
                    .implement("journals", new Journals())
                    .build();
            // [end lend-lambda]
            try (Instance other = module.instantiate(lambdas)) {
                assertEquals(900L, other.call("shapes#cost", Map.of("colour", "blue", "coats", new byte[] {1})));
            }
        }
    }

    @Test
    void otherErrors() {
        try (Module module = load("paint.wat")) {
            Object order = Map.of("colour", "red", "coats", new byte[] {1});
            // [failures]
            IllegalStateException lost = new IllegalStateException("the price list is lost");
            WitHostFunction price = args -> {
                throw lost;
            };
            Imports imports = Imports.builder()
                    .witFunc("prices", "price", price)
                    .implement("journals", new Journals())
                    .build();
            Instance paint = module.instantiate(imports);
            try {
                paint.call("shapes#cost", order);
            } catch (IllegalStateException e) {
                assertSame(lost, e); // the very object; paint has ended
            }
            // [end failures]
            WasmException e = assertThrows(WasmException.class, () -> paint.call("shapes#cost", order));
            assertEquals(ErrorKind.POISONED, e.kind());
            paint.close();
        }
    }

    @Test
    void resources() {
        try (Instance paint = open()) {
            Shapes shapes = paint.as("shapes", Shapes.class);
            // [resource]
            try (Canvas canvas = shapes.canvas(80)) {
                canvas.draw(new Shape.Circle(1));
                System.out.println(canvas.painted() + " " + shapes.canvasCount()); // 3.14... 1
            } // the guest's destructor runs
            // [end resource]
            assertEquals(0, shapes.canvasCount());
            Canvas canvas = shapes.canvas(80);
            // [host-resource]
            Journals.Journal journal = new Journals.Journal();
            canvas.sign(journal); // the guest calls write
            System.out.println(journal.lines); // [signed]
            // [end host-resource]
            assertEquals(List.of("signed"), journal.lines);
            // [resource-untyped]
            Resource other = (Resource) paint.call("shapes#canvas", 80);
            other.call("draw", new WitVariant("circle", 1.0));
            other.close();
            // [end resource-untyped]
            assertTrue(other.isClosed());
        }
    }

    @Test
    void callsThatNobodyWaitsFor() {
        try (Module module = load("greet.wat")) {
            try (Instance greet = module.instantiate()) {
                // [async]
                CompletableFuture<Object> text = greet.callAsync("hello", "Ada");
                // [end async]
                assertEquals("Hello, Ada!", text.join());
            }
            // [pool]
            try (Pool pool = Pool.builder(module).max(4).build()) {
                Object text = pool.call("hello", "Ada"); // from any thread
                assertEquals("Hello, Ada!", text);
            }
            // [end pool]
        }
    }

    @Test
    void oneComponentForAnother() {
        try (Module dealers = load("dealer.wat");
                Module paints = load("paint.wat")) {
            // [composition]
            try (Store store = new Store()) {
                Instance dealer = store.instantiate(dealers);
                Imports imports = Imports.builder()
                        .instance("demo:paint/prices", dealer) // the interface that it exports
                        .implement("journals", new Journals())
                        .build();
                Instance paint = store.instantiate(paints, imports);
                long cents = (long) paint.call("shapes#cost", Map.of("colour", "blue", "coats", new byte[] {2}));
                assertEquals(1000, cents); // the dealer's price
            }
            // [end composition]
        }
    }

    @Test
    void limits() {
        try (Module module = load("greet.wat")) {
            // [limits]
            Limits limits = Limits.builder()
                    .timeout(Duration.ofMillis(500))
                    .transferBytes(1 << 20)
                    .handles(100)
                    .build();
            Instance greet = module.instantiate(Imports.none(), Policy.none(), limits);
            // [end limits]
            WasmException e = assertThrows(WasmException.class, () -> greet.call("hello", "a".repeat(2 << 20)));
            assertEquals(ErrorKind.LIMIT, e.kind());
            greet.close();
        }
    }
}
