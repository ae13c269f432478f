package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code landbridge types --java} writes is compiled, and a component is bound by it. */
class WitTypesTest {
    private static final String COMMAND = "../target/release/landbridge";

    /** A program that uses what was written. */
    private static final String PROGRAM = """
            import dev.landbridge.*;
            import java.util.*;

            public class Program {
                static final Shop.Goods.Product PEN = new Shop.Goods.Product(
                        "P", "Pen", Shop.Goods.Unit.PIECE, Set.of(Shop.Goods.Marks.SHARP), 120, 9, 40, 3.25f,
                        new Shop.Tuple2<>(1, (int) 'A'), Optional.empty());

                static class Journal implements Shop.Office.Journal {
                    final String title;
                    final List<String> lines = new ArrayList<>();

                    Journal(String title) {
                        this.title = title;
                    }

                    public long write(String text) {
                        lines.add(text);
                        return lines.size();
                    }

                    public long length() {
                        return lines.size();
                    }
                }

                public static class Office implements Shop.Office {
                    public Shop.Office.Journal journal(String title) {
                        return new Program.Journal(title);
                    }

                    public Shop.Office.Journal journalFind(String title) throws WitError {
                        throw new WitError("no journal " + title);
                    }

                    public void log(Level level, String text) {
                        if (level == Level.INFO) {
                            System.setProperty("types.test", level + " " + text);
                        }
                    }

                    public long worth(String code) throws WitError {
                        return 7;
                    }

                    public long reserve(List<Shop.Goods.Line> lines) {
                        return lines.stream().mapToLong(it -> it.count()).sum();
                    }

                    public List<String> close(Shop.Office.Journal journal) {
                        return ((Program.Journal) journal).lines;
                    }

                    public String title(Shop.Office.Journal journal) {
                        return ((Program.Journal) journal).title;
                    }
                }

                public static List<Object> run(dev.landbridge.Module module) {
                    Shop.Imports world = () -> "EUR";
                    Imports imports =
                            Imports.builder().implement("office", new Office()).implement("", world).build();
                    List<Object> seen = new ArrayList<>();
                    try (Instance instance = module.instantiate(imports)) {
                        Shop shop = instance.as(Shop.class);
                        seen.add(shop.greet("Ada"));
                        seen.add(shop.price(5));
                        Shop.Orders orders = shop.orders();
                        Shop.Goods.Order order = new Shop.Goods.Order(1, new Shop.Goods.Address("a", "b", "c"),
                                List.of(new Shop.Goods.Line(PEN, 3)), new Shop.Goods.Discount.Codes(List.of("X")),
                                Optional.of(Optional.empty()));
                        seen.add(orders.total(order));
                        seen.add(orders.reserve(order));
                        seen.add(shop.echo().echoOrder(order).equals(order));
                        try (Shop.Orders.Basket basket = orders.basket("Ada")) {
                            seen.add(basket.add(PEN, 2));
                            seen.add(orders.basketCount());
                        }
                        Program.Journal journal = new Program.Journal("Log");
                        seen.add(orders.note(journal, "line"));
                        seen.add(orders.open("New", List.of("x")) instanceof Program.Journal);
                        Shop.Echo.Anything any = new Shop.Echo.Anything.Outcome(WitResult.ok(3L));
                        seen.add(shop.echo().echoAnything(any).equals(any));
                        Shop.Echo.Anything product = new Shop.Echo.Anything.Product(PEN);
                        seen.add(shop.echo().echoAnything(product).equals(product));
                    }
                    return seen;
                }
            }
            """;

    @Test
    void whatIsWrittenIsBound(@TempDir Path dir) throws Exception {
        Path shop = dir.resolve("Shop.java");
        int code = new ProcessBuilder(
                        COMMAND, "types", "../examples/components/shop-rust.wasm", "--java", "-o", shop.toString())
                .inheritIO()
                .start()
                .waitFor();
        assertEquals(0, code);
        Files.writeString(dir.resolve("Program.java"), PROGRAM);
        compile(dir, shop, dir.resolve("Program.java"));
        try (URLClassLoader loader = new URLClassLoader(new URL[] {dir.toUri().toURL()})) {
            Object seen = loader.loadClass("Program").getMethod("run", Module.class).invoke(null, Shop.rust());
            List<?> all = (List<?>) seen;
            assertEquals("Tuple2[f0=1, f1=Log]", all.get(7).toString());
            assertEquals(
                    List.of("Hello, Ada!", "0.05 EUR", 353L, 3L, true, 2L, 1L),
                    all.subList(0, 7));
            assertEquals(List.of(true, true, true), all.subList(8, 11));
        }
        assertEquals("INFO greet Ada", System.getProperty("types.test"));
        String text = Files.readString(shop);
        assertTrue(text.contains("sealed interface Discount {"), text);
    }

    /** Each component of the tree has types that compile. */
    @Test
    void whatIsWrittenOfEveryComponentCompiles(@TempDir Path dir) throws Exception {
        int count = 0;
        try (Stream<Path> guests = Files.list(Path.of("../conformance/modules"))) {
            for (Path guest : guests.sorted().toList()) {
                if (!guest.toString().endsWith(".wat") || !Files.readString(guest).contains("(component")) {
                    continue;
                }
                Path file = dir.resolve("Guest" + count++ + ".java");
                int code = new ProcessBuilder(COMMAND, "types", guest.toString(), "--java", "-o", file.toString())
                        .inheritIO()
                        .start()
                        .waitFor();
                assertEquals(0, code, guest.toString());
                compile(dir, file);
            }
        }
        assertTrue(count > 5, count + " components");
    }

    /** Names that clash in Java, with each other and with classes that the file uses. */
    @Test
    void namesThatClashAreToldApart(@TempDir Path dir) throws Exception {
        String text = """
                (component
                  (core module $m
                    (func (export "one") (result i32) (i32.const 1))
                    (func (export "two") (result i32) (i32.const 2)))
                  (core instance $i (instantiate $m))
                  (func $one (result u32) (canon lift (core func $i "one")))
                  (func $two (result u32) (canon lift (core func $i "two")))
                  (instance $shapes (export "shapes" (func $two)))
                  (type $map (resource (rep i32)))
                  (type $override (resource (rep i32)))
                  (type $closeable (resource (rep i32)))
                  (instance $list
                    (export "map" (type $map)) (export "override" (type $override))
                    (export "auto-closeable" (type $closeable)))
                  (export "shapes" (func $one))
                  (export "demo:a/shapes" (instance $shapes))
                  (export "demo:a/list" (instance $list)))
                """;
        try (URLClassLoader loader = new URLClassLoader(new URL[] {compiled(dir, "MyShop", text).toUri().toURL()});
                Module module = Module.load(text);
                Instance instance = module.instantiate()) {
            Class<?> face = loader.loadClass("MyShop");
            Object bound = instance.as(face);
            assertEquals(1L, face.getMethod("shapes").invoke(bound));
            Object shapes = face.getMethod("shapes2").invoke(bound);
            assertEquals(2L, loader.loadClass("MyShop$Shapes").getMethod("shapes").invoke(shapes));
        }
        compiled(dir, "Lists", """
                (component
                  (import "demo:a/tuple2" (instance
                    (export "list" (type $r (sub resource)))
                    (export "[static]list.total" (func (result u32)))
                    (export "list-total" (func (result u32)))
                    (export "f" (func (param "a" (tuple u8 string)) (result (list string)))))))
                """);
    }

    /** A core module in a file that is called as one of our classes. */
    @Test
    void aCoreModuleMayBeCalledAsAClassOfOurs(@TempDir Path dir) throws Exception {
        String text = "(module (func (export \"my-func\") (param funcref externref v128) (result externref) unreachable))";
        for (String name : List.of("Func", "Export", "Object", "V128")) {
            try (URLClassLoader loader = new URLClassLoader(new URL[] {compiled(dir, name, text).toUri().toURL()});
                    Module module = Module.load(text);
                    Instance instance = module.instantiate()) {
                Class<?> face = loader.loadClass(name);
                assertTrue(face.isInstance(instance.as(face)));
            }
        }
    }

    /** The folder with the classes of what is written for a text. */
    private static Path compiled(Path dir, String name, String text) throws Exception {
        Path file = dir.resolve(name + ".java");
        Path guest = Files.writeString(dir.resolve(name + ".wat"), text);
        int code = new ProcessBuilder(COMMAND, "types", guest.toString(), "--java", "-o", file.toString())
                .inheritIO()
                .start()
                .waitFor();
        assertEquals(0, code);
        compile(dir, file);
        return dir;
    }

    private static void compile(Path dir, Path... files) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "javac").toString(),
                "-d", dir.toString(), "-Xlint:all", "-Werror", "-classpath", System.getProperty("java.class.path")));
        Stream.of(files).forEach(it -> command.add(it.toString()));
        Process javac = new ProcessBuilder(command).redirectErrorStream(true).start();
        String told = new String(javac.getInputStream().readAllBytes());
        assertEquals(0, javac.waitFor(), told);
    }
}
