package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What components ask of Java. */
class WitImportsTest {
    static final Map<String, Object> ORDER = Map.of(
            "id", 1L,
            "to", Map.of("name", "Ada", "street", "Main", "town", "Town"),
            "lines", List.of(Map.of("product", WitBindTest.Product.pen(), "count", 1)),
            "discount", new WitVariant("codes", List.of("WELCOME")));

    @Test
    void aMapOfLambdasImplementsAnInterface() {
        List<Object> log = new ArrayList<>();
        WitHostFunction write = args -> log.add(List.of(args)) ? null : null;
        WitHostFunction worth = args -> {
            if (args[0].equals("WELCOME")) {
                return 3;
            }
            throw new WitError("no code " + args[0]);
        };
        WitHostFunction find = args -> {
            throw new WitError("none");
        };
        Imports imports = Imports.builder()
                .implement("demo:shop/office", Map.of(
                        "log", write, "worth", worth, "reserve", (WitHostFunction) args -> 0,
                        "journal", Shop.Office.Journal.class, "journal.find", find,
                        "close", (WitHostFunction) args -> ((Shop.Office.Journal) args[0]).lines,
                        "title", (WitHostFunction) args -> ((Shop.Office.Journal) args[0]).title))
                .implement("", Map.of("currency", (WitHostFunction) args -> "EUR"))
                .build();
        try (Instance shop = Shop.rust().instantiate(imports)) {
            assertEquals("Hello, Ada!", shop.call("greet", "Ada"));
            assertEquals(List.of(List.of("info", "greet Ada")), log);
            assertEquals(117L, shop.call("orders#total", ORDER));
            assertEquals("none", assertThrows(WitError.class, () -> shop.call("orders#look-up", "x")).payload());
            assertEquals(List.of(1L, "Log"), shop.call("orders#note", new Shop.Office.Journal("Log"), "line"));
        }
    }

    enum Level { DEBUG, INFO, WARNING }

    static final class NoCode extends Exception {
        private static final long serialVersionUID = 1;
        private final String code;

        NoCode(String code) {
            this.code = code;
        }

        public String payload() {
            return "no such code: " + code;
        }
    }

    @Test
    void aDeclaredExceptionWithAPayloadIsErr() {
        Imports imports = Imports.builder()
                .implement("office", new Shop.Office())
                .implement("office", new Object() {
                    @WitName("worth")
                    public long valueOf(String code) throws NoCode {
                        throw new NoCode(code);
                    }

                    public void log(Level level, String text) {
                        assertEquals(Level.WARNING, level);
                    }
                })
                .witFunc("", "currency", args -> "EUR")
                .build();
        try (Instance shop = Shop.rust().instantiate(imports)) {
            WitError e = assertThrows(WitError.class, () -> shop.call("orders#total", ORDER));
            assertEquals(new WitVariant("unknown-code", "WELCOME"), e.payload());
        }
    }

    @Test
    void whatIsMissingIsListedWithItsType() {
        Imports imports = Imports.builder()
                .implement("office", new Object() {
                    public void log(String level, String text) {}
                })
                .build();
        WasmException e = assertThrows(WasmException.class, () -> Shop.rust().instantiate(imports));
        assertEquals(ErrorKind.LINK, e.kind());
        assertTrue(e.message().contains("worth: func(code: string) -> result<u64, string>"), e.message());
        assertTrue(e.message().contains("currency: func() -> string"), e.message());
        assertFalse(e.message().contains("log: func"), e.message());
    }

    /** What instantiating tells of an implementation of an interface. */
    private static String told(String interfaceName, Object implementation) {
        Imports imports = Imports.builder().implement(interfaceName, implementation).build();
        return assertThrows(LinkError.class, () -> Shop.rust().instantiate(imports)).message();
    }

    @Test
    void whatWasProbablyMeantIsTold() {
        String other = told("office", new Object() {
            public long wurth(String code) {
                return 1;
            }
        });
        assertTrue(other.contains("office@1.2.0#wurth was given; did you mean demo:shop/office@1.2.0#worth?"), other);
        String elsewhere = told("ofice", new Shop.Office());
        assertTrue(elsewhere.contains("ofice#worth was given; did you mean demo:shop/office@1.2.0#worth?"), elsewhere);
        String hidden = told("office", new Object() {
            void log(String level, String text) {}
        });
        assertTrue(hidden.contains("#log: log: func(level: level, text: string): log(String, String) of"), hidden);
        assertTrue(hidden.endsWith("is not public"), hidden);
    }

    @Test
    void whatDoesNotFitIsToldAtOnce() {
        Imports imports = Imports.builder()
                .implement("office", new Object() {
                    public void log(int level, String text) {}

                    public String worth(String code) {
                        return code;
                    }
                })
                .build();
        WasmException e = assertThrows(WasmException.class, () -> Shop.rust().instantiate(imports));
        assertEquals(ErrorKind.LINK, e.kind());
        assertTrue(e.message().startsWith("2 imports do not fit:"), e.message());
        assertTrue(e.message().contains("log(int, String): parameter 1 is int: level is an enum in Java"), e.message());
        assertTrue(e.message().contains("worth(String): the result is java.lang.String: u64 is long in Java"), e.message());
    }

    @Test
    void anyOtherExceptionComesOutAsItIs() {
        try (Shop shop = new Shop()) {
            IllegalStateException e =
                    assertThrows(IllegalStateException.class, () -> shop.call("greet", "Mallory"));
            assertEquals("Mallory may not log in", e.getMessage());
            assertEquals(
                    ErrorKind.POISONED, assertThrows(WasmException.class, () -> shop.call("greet", "Ada")).kind());
        }
        Throwable thrown = new AssertionError("mine");
        Imports imports = Imports.builder()
                .implement("office", new Shop.Office())
                .witFunc("office", "log", args -> {
                    throw (Error) thrown;
                })
                .witFunc("", "currency", args -> "EUR")
                .build();
        try (Instance shop = Shop.rust().instantiate(imports)) {
            assertSame(thrown, assertThrows(AssertionError.class, () -> shop.call("greet", "Ada")));
        }
    }

    @Test
    void whatJavaGivesIsChecked() {
        Imports imports = Imports.builder()
                .witFunc("", "currency", args -> 5)
                .implement("office", new Shop.Office())
                .build();
        try (Instance shop = Shop.rust().instantiate(imports)) {
            WasmException e = assertThrows(WasmException.class, () -> shop.call("price", 5));
            assertEquals(ErrorKind.TYPE, e.kind());
            assertEquals("result of currency: expected string, got Integer", e.message());
        }
    }

    @Test
    void aCallWithinACallHasValuesOfItsOwn() {
        Instance[] other = new Instance[1];
        Imports imports = Imports.builder()
                .witFunc("", "currency", args -> other[0].call("greet", "€".repeat(600)))
                .implement("office", new Shop.Office())
                .build();
        try (Shop inner = new Shop();
                Instance shop = Shop.rust().instantiate(imports)) {
            other[0] = inner.instance;
            assertEquals("0.05 Hello, " + "€".repeat(600) + "!", shop.call("price", 5));
        }
    }

    @Test
    void anObjectOfJavaIsAResource() {
        try (Shop shop = new Shop()) {
            Shop.Office.Journal journal = new Shop.Office.Journal("Log");
            assertEquals(List.of(1L, "Log"), shop.call("orders#note", journal, "first"));
            assertEquals(List.of("first", "second"), shop.call("orders#finish", journal, "second"));
            Shop.Office.Journal opened = (Shop.Office.Journal) shop.call("orders#open", "New", List.of("a", "b"));
            assertEquals("New", opened.title);
            assertEquals(List.of("a", "b"), opened.lines);
            shop.office.published.add(journal);
            assertSame(journal, shop.call("orders#look-up", "Log"));
            shop.call("orders#discard", opened);
            assertEquals("no journal none", assertThrows(WitError.class, () -> shop.call("orders#look-up", "none")).payload());
            WasmException e = assertThrows(WasmException.class, () -> shop.call("orders#note", "no journal", "x"));
            assertEquals("args[0]: expected borrow<journal>, got String", e.message());
        }
    }
}
