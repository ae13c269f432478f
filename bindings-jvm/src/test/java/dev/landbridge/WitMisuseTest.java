package dev.landbridge;

import static dev.landbridge.CallTest.fails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Components with values, interfaces and implementations that are not what one expects. */
@Timeout(60)
class WitMisuseTest {
    /** Says that it has so many elements. */
    private static List<Object> saying(int size, Object... has) {
        return new AbstractList<>() {
            @Override
            public Object get(int index) {
                return has[index];
            }

            @Override
            public Iterator<Object> iterator() {
                return Arrays.asList(has).iterator();
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    @Test
    void aListHasWhatItGives() {
        try (Shop shop = new Shop()) {
            assertEquals(List.of("a", "b"), shop.call("echo#echo-strings", saying(5, "a", "b")));
            assertEquals(List.of("a", "b"), shop.call("echo#echo-strings", saying(-1, "a", "b")));
            String wanted = "args[0]: expected a tuple of 3, got a tuple of ";
            fails(ErrorKind.TYPE, wanted + 4, () -> shop.call("echo#echo-tuple", saying(3, 1, "a", 2.0, 4)));
            fails(ErrorKind.TYPE, wanted + 2, () -> shop.call("echo#echo-tuple", saying(3, 1, "a")));
            assertEquals(List.of(1, "a", 2.0), shop.call("echo#echo-tuple", saying(9, 1, "a", 2.0)));
        }
    }

    @Test
    void aMapMayHaveAnyKeys() {
        try (Shop shop = new Shop()) {
            String wanted = "product has no field \"1\"";
            fails(ErrorKind.TYPE, wanted, () -> shop.call("echo#echo-product", new TreeMap<>(Map.of(1, 2))));
            fails(ErrorKind.TYPE, wanted, () -> shop.call("echo#echo-product", new HashMap<>(Map.of(1, 2))));
        }
        Imports imports = Imports.builder().implement("office", new TreeMap<>(Map.of(1, 2))).build();
        fails(ErrorKind.LINK, "imports are missing", () -> Shop.rust().instantiate(imports));
    }

    @Test
    void whatWasGivenHasAName() {
        try (Shop shop = new Shop()) {
            fails(ErrorKind.TYPE, "got WitMisuseTest$2", () -> shop.call("greet", new Object() {}));
            Function<Object, Object> lambda = it -> it;
            fails(ErrorKind.TYPE, "got WitMisuseTest$$Lambda", () -> shop.call("greet", lambda));
        }
    }

    @Test
    void anObjectOfAnotherClassIsNoResourceOfTheHost() {
        try (Shop shop = new Shop()) {
            fails(
                    ErrorKind.TYPE,
                    "the object that stands for borrow<journal> is no Journal: it is of the class Thread",
                    () -> shop.call("orders#note", Thread.currentThread(), "x"));
        }
    }

    @Test
    void aResourceHasNoText() {
        try (Shop shop = new Shop()) {
            WitType basket = shop.witFunc("orders#checkout").type().params().get(0).type();
            fails(ErrorKind.TYPE, "value: expected a value, got Resource", () -> basket.format(shop.call("orders#basket", "A")));
        }
    }

    /** Not public, so that its methods are bridges in what extends it. */
    static class Hidden extends Shop.Office {
        long worth = 7;

        public long worth(Integer code) {
            throw new AssertionError("not this one");
        }

        @Override
        public long worth(String code) {
            return worth;
        }
    }

    public static class Shown extends Hidden {
        public void log(Object level, Object text) {
            throw new AssertionError("not this one");
        }

        public long worth(int code) {
            throw new AssertionError("not this one");
        }
    }

    @Test
    void theOverloadThatFitsIsTaken() {
        Shown office = new Shown();
        try (Instance shop = Shop.rust().instantiate(Shop.imports(office))) {
            assertEquals("Hello, Ada!", shop.call("greet", "Ada"));
            assertEquals(List.of("info: greet Ada"), office.log);
            assertEquals(113L, shop.call("orders#total", WitImportsTest.ORDER));
        }
    }

    /** Gives or throws what does not fit. */
    public static class Unfit extends Shop.Office {
        @Override
        public long worth(String code) throws WitError {
            throw new WitError(5);
        }
    }

    @Test
    void whatDoesNotFitInAResultHasAPlace() {
        try (Instance shop = Shop.rust().instantiate(Shop.imports(new Unfit()))) {
            String place = "result of demo:shop/office@1.2.0#worth";
            fails(
                    ErrorKind.TYPE,
                    place + ".err: expected string, got Integer",
                    () -> shop.call("orders#total", WitImportsTest.ORDER));
        }
        Imports imports = Imports.builder()
                .implement("office", new Shop.Office())
                .witFunc("office", "worth", args -> "5")
                .witFunc("", "currency", args -> "EUR")
                .build();
        try (Instance shop = Shop.rust().instantiate(imports)) {
            fails(
                    ErrorKind.TYPE,
                    "result of demo:shop/office@1.2.0#worth.ok: expected u64, got String",
                    () -> shop.call("orders#total", WitImportsTest.ORDER));
        }
    }

    @Test
    void aWitErrorIsErrWhereAResultIsGiven() {
        Map<String, String> log = new HashMap<>();
        Object office = new Object() {
            @SuppressWarnings("unused")
            public WitResult<Long, String> worth(String code) {
                throw new WitError("none for " + log.put("code", code));
            }
        };
        Imports.Builder imports = Imports.builder().implement("office", office);
        for (String name : List.of("log", "reserve", "close", "title", "journal", "journal.write", "journal.find")) {
            imports.witFunc("office", name, args -> null);
        }
        imports.implement("office", Map.of("journal", Shop.Office.Journal.class)).witFunc("", "currency", args -> "EUR");
        try (Instance shop = Shop.rust().instantiate(imports.build())) {
            WitError told = assertThrows(WitError.class, () -> shop.call("orders#total", WitImportsTest.ORDER));
            assertEquals("unknown-code(WELCOME)", told.payload().toString());
        }
    }

    static class Numbers extends Shop.Office {
        @SuppressWarnings("unused")
        public class Journal {
            public Journal(String title) {}
        }
    }

    @Test
    void whatCannotImplementIsTold() {
        fails(ErrorKind.LINK, "Journal must be static", () -> Shop.rust().instantiate(Shop.imports(new Numbers())));
        Function<Object, Object> log = it -> it;
        Imports map = Imports.builder().implement("office", Map.of("log", log)).build();
        fails(ErrorKind.LINK, "log of the map is a WitMisuseTest$$Lambda", () -> Shop.rust().instantiate(map));
        Imports.Builder imports = Imports.builder();
        fails(ErrorKind.TYPE, "Office is a class: give an object of it", () -> imports.implement("office", Shop.Office.class));
    }

    static class Refused extends Exception {
        private static final long serialVersionUID = 1;

        public Refused(Throwable cause) {
            super(cause);
        }

        public Refused(String message) {
            super(message);
        }

        public Refused(Integer code) {}
    }

    abstract static class Abstract extends Exception {
        private static final long serialVersionUID = 1;

        public Abstract(String message) {
            super(message);
        }
    }

    interface WithRefused {
        long echoResult(WitResult<Long, String> it) throws Refused;
    }

    interface WithStandard {
        long echoResult(WitResult<Long, String> it) throws IOException;
    }

    interface WithAbstract {
        long echoResult(WitResult<Long, String> it) throws Abstract;
    }

    @Test
    void theConstructorThatTakesThePayloadIsFound() {
        try (Shop shop = new Shop()) {
            WithRefused refused = shop.instance.as("echo", WithRefused.class);
            assertEquals("no", assertThrows(Refused.class, () -> refused.echoResult(WitResult.err("no"))).getMessage());
            WithStandard standard = shop.instance.as("echo", WithStandard.class);
            assertEquals("no", assertThrows(IOException.class, () -> standard.echoResult(WitResult.err("no"))).getMessage());
            fails(ErrorKind.TYPE, "Abstract is abstract", () -> shop.instance.as("echo", WithAbstract.class));
        }
    }

    enum Some { FRIDAY }

    interface WithSome {
        Some echoUnit(Some it);
    }

    @Test
    void aProblemIsToldOnce() {
        try (Shop shop = new Shop()) {
            String told = fails(ErrorKind.TYPE, "", () -> shop.instance.as("echo", WithSome.class)).message();
            assertEquals(told.indexOf("no constant PIECE"), told.lastIndexOf("no constant PIECE"), told);
        }
    }

    record Triple(int a, String b, double c) {}

    /** The description of a component that a class of the user's was used with, without giving its types. */
    private static WeakReference<Object> used() {
        try (Module module = Module.load(Path.of("../examples/components/shop-rust.wasm"));
                Instance shop = module.instantiate(Shop.imports(new Shop.Office()))) {
            assertEquals(List.of(1, "a", 2.0), shop.call("echo#echo-tuple", new Triple(1, "a", 2)));
            return new WeakReference<>(shop.world());
        }
    }

    @Test
    void aClassDoesNotKeepAComponent() throws InterruptedException {
        WeakReference<Object> world = used();
        Waiting.untilCollected(() -> world.get() == null);
    }

    /** An interface that is not public, of another class loader. */
    public static class Elsewhere {
        interface Greeter {
            String greet(String name);

            default String twice(String name) {
                return greet(name) + greet(name);
            }
        }

        public static String greeted(Instance instance) {
            return instance.as(Greeter.class).twice("Ada");
        }
    }

    private static ClassLoader elsewhere() {
        return new ClassLoader(WitMisuseTest.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (!name.startsWith(Elsewhere.class.getName())) {
                    return super.loadClass(name, resolve);
                }
                Class<?> known = findLoadedClass(name);
                try (InputStream from = getResourceAsStream(name.replace('.', '/') + ".class")) {
                    byte[] bytes = from.readAllBytes();
                    return known != null ? known : defineClass(name, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        };
    }

    @Test
    void defaultMethodsOfInterfacesElsewhere() throws ReflectiveOperationException {
        try (Shop shop = new Shop()) {
            Class<?> there = elsewhere().loadClass(Elsewhere.class.getName());
            Object told = there.getMethod("greeted", Instance.class).invoke(null, shop.instance);
            assertEquals("Hello, Ada!Hello, Ada!", told);
        }
    }

    @Test
    void interfacesOfTheJdk() throws Exception {
        IOException failed = new IOException("disk");
        class Office extends Shop.Office {
            @Override
            public void log(String level, String text) {
                if (text.contains("Bob")) {
                    throw WitAccess.<RuntimeException>thrown(failed);
                }
            }
        }

        try (Instance shop = Shop.rust().instantiate(Shop.imports(new Office()))) {
            @SuppressWarnings("unchecked")
            Function<Object, Object> greet = shop.witFunc("greet").as(Function.class);
            assertEquals("Hello, Ada!!", greet.andThen(it -> it + "!").apply("Ada"));
            try (AutoCloseable basket = ((Resource) shop.call("orders#basket", "Ada")).as(AutoCloseable.class)) {
                assertEquals(0L, shop.call("orders#sum", List.of(basket)));
            }
            assertSame(failed, assertThrows(IOException.class, () -> greet.apply("Bob")));
        }
    }
}
