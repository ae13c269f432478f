package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Components, with values for which nobody gave types of Java. */
class WitValuesTest {
    private static Object echo(Shop shop, String func, Object... args) {
        return shop.call("echo#echo-" + func, args);
    }

    private static WasmException refused(String kind, Shop shop, String func, Object... args) {
        WasmException e = assertThrows(WasmException.class, () -> echo(shop, func, args));
        assertEquals(kind, e.kind().label(), e.message());
        return e;
    }

    @Test
    void aStringGoesInAndComesOut() {
        try (Shop shop = new Shop()) {
            assertEquals("Hello, Ada!", shop.call("greet", "Ada"));
            assertEquals("12.05 EUR", shop.call("price", 1205));
            assertEquals(List.of("info: greet Ada"), shop.office.log);
            String large = "Zoë 漢字 🙂 ?".repeat(1000);
            assertEquals(large, echo(shop, "string", large));
        }
    }

    @Test
    void everySortOfValueComesBack() {
        try (Shop shop = new Shop()) {
            assertEquals(true, echo(shop, "bool", true));
            assertEquals((byte) -128, echo(shop, "s8", -128));
            assertEquals(255, echo(shop, "u8", 255));
            assertEquals((short) -2, echo(shop, "s16", (short) -2));
            assertEquals(65535, echo(shop, "u16", 65535L));
            assertEquals(-3, echo(shop, "s32", -3));
            assertEquals(4294967295L, echo(shop, "u32", 4294967295L));
            assertEquals(Long.MIN_VALUE, echo(shop, "s64", Long.MIN_VALUE));
            assertEquals(-1L, echo(shop, "u64", BigInteger.TWO.pow(64).subtract(BigInteger.ONE)));
            assertEquals(1.5f, echo(shop, "f32", 1.5f));
            assertEquals(2.0, echo(shop, "f64", 2));
            assertEquals(0x1f642, echo(shop, "char", 0x1f642));
            assertEquals((int) 'a', echo(shop, "char", 'a'));
            assertEquals(List.of(true, false), echo(shop, "bools", List.of(true, false)));
            assertEquals(List.of("a", "b"), echo(shop, "strings", (Object) new String[] {"a", "b"}));
            assertEquals(List.of(1, "x", 2.5), echo(shop, "tuple", List.of(1, "x", 2.5)));
            assertEquals("kilogram", echo(shop, "unit", "kilogram"));
            assertEquals(Set.of("friday", "sunday"), echo(shop, "days", Set.of("sunday", "friday")));
            assertEquals(Set.of("h0", "h19"), echo(shop, "hours", Set.of("h0", "h19")));
            assertEquals(new WitVariant("percent", 2.5), echo(shop, "discount", new WitVariant("percent", 2.5)));
            assertEquals(new WitVariant("full-price"), echo(shop, "discount", "full-price"));
            assertEquals(Optional.of("x"), echo(shop, "option", Optional.of("x")));
            assertEquals(Optional.empty(), echo(shop, "option"));
            Optional<Optional<Integer>> nested = Optional.of(Optional.empty());
            assertEquals(nested, echo(shop, "nested", nested));
            List<WitResult<Long, String>> outcomes = List.of(WitResult.ok(1L), WitResult.err("no"));
            assertEquals(outcomes, echo(shop, "outcomes", outcomes));
            assertNull(shop.call("echo#nothing"));
        }
    }

    @Test
    void numbersCrossAsAWhole() {
        try (Shop shop = new Shop()) {
            byte[] large = new byte[1 << 20];
            large[77] = 5;
            assertArrayEquals(large, (byte[]) echo(shop, "bytes", large));
            ByteBuffer direct = ByteBuffer.allocateDirect(large.length).put(large).flip();
            assertArrayEquals(large, (byte[]) echo(shop, "bytes", direct));
            assertArrayEquals(large, (byte[]) echo(shop, "bytes", ByteBuffer.wrap(large)));
            assertArrayEquals(new byte[] {1, -1}, (byte[]) echo(shop, "bytes", List.of(1, 255)));
            double[] floats = new double[10_000];
            floats[9_999] = -0.5;
            assertArrayEquals(floats, (double[]) echo(shop, "floats", floats));
            List<?> all = (List<?>) echo(shop, "numbers", new byte[] {1}, new short[40_000], new short[] {-1}, new int[20_000],
                    new int[] {7}, new long[] {8}, new long[30_000], new float[40_000]);
            assertEquals(40_000, ((short[]) all.get(1)).length);
            assertEquals(20_000, ((int[]) all.get(3)).length);
            assertArrayEquals(new short[] {-1}, (short[]) all.get(2));
            assertEquals(30_000, ((long[]) all.get(6)).length);
            assertEquals(40_000, ((float[]) all.get(7)).length);
        }
    }

    @Test
    void aRecordIsAMap() {
        try (Shop shop = new Shop()) {
            WitRecord pen = (WitRecord) shop.witFunc("echo#echo-product").type().params().get(0).type().parse(Shop.PEN);
            assertEquals("Pen", pen.get("name"));
            assertEquals(pen, echo(shop, "product", pen));
            Map<String, Object> plain = Map.ofEntries(
                    Map.entry("sku", "P"), Map.entry("name", "Pen"), Map.entry("unit", "piece"),
                    Map.entry("marks", Set.of("sharp")), Map.entry("price", 120), Map.entry("weight", 9),
                    Map.entry("stock", 40), Map.entry("rating", 3.25f), Map.entry("place", List.of(1, 'A')));
            assertEquals(pen, echo(shop, "product", plain));
        }
    }

    @Test
    void aWrongValueIsToldWithItsPlace() {
        try (Shop shop = new Shop()) {
            assertEquals("args[0]: 300 does not fit in u8", refused("range", shop, "u8", 300).message());
            assertEquals("args[0]: expected string, got Integer", refused("type", shop, "string", 1).message());
            assertEquals("args[0][1]: expected string, got null",
                    refused("type", shop, "strings", (Object) new String[] {"a", null}).message());
            assertEquals("args[0].1: expected string, got Integer",
                    refused("type", shop, "tuple", List.of(1, 2, 3.0)).message());
            assertTrue(refused("type", shop, "unit", "kilogramm").message().contains("did you mean \"kilogram\""));
            refused("type", shop, "string", "a\ud800");
            refused("type", shop, "string", "\udc00?".repeat(2000));
            refused("range", shop, "char", 0xd800);
            refused("type", shop, "u8", true);
            refused("type", shop, "u8", 1.0);
            WasmException count = refused("type", shop, "u8", 1, 2);
            assertTrue(count.message().contains("takes 1 argument, got 2"), count.message());
        }
    }

    @Test
    void anErrIsThrown() {
        try (Shop shop = new Shop()) {
            WitError e = assertThrows(WitError.class, () -> echo(shop, "result", WitResult.err("no")));
            assertEquals("no", e.payload());
            assertEquals(ErrorKind.WIT, e.kind());
            assertEquals(7L, echo(shop, "result", WitResult.ok(7)));
            assertNull(echo(shop, "bare", WitResult.ok(null)));
            assertNull(assertThrows(WitError.class, () -> echo(shop, "bare", WitResult.err(null))).payload());
        }
    }

    @Test
    void functionsAreFoundByLongAndByShortNames() {
        try (Shop shop = new Shop()) {
            WitFunc func = shop.witFunc("demo:shop/echo@1.2.0#echo-u8");
            assertSame(func, shop.witFunc("echo#echo-u8"));
            assertSame(func, shop.witFunc("demo:shop/echo@1.2#echo-u8"));
            assertEquals("demo:shop/echo@1.2.0#echo-u8", func.name());
            assertEquals("func(it: u8) -> u8", func.type().toString());
            assertEquals("echo-u8: func(it: u8) -> u8", func.toString());
            WasmException e = assertThrows(WasmException.class, () -> shop.witFunc("echo#echo-u9"));
            assertEquals(ErrorKind.NOT_FOUND, e.kind());
            assertEquals("Hello, Ada!", shop.instance.callAsync("greet", "Ada").join());
        }
    }

    @Test
    void valuesHaveAText() {
        try (Shop shop = new Shop()) {
            WitType product = shop.witFunc("echo#echo-product").type().params().get(0).type();
            assertEquals(Shop.PEN.replace(", replaced-by: none", ""), product.format(product.parse(Shop.PEN)));
            assertEquals("record", product.sort());
            assertEquals(Optional.of("product"), product.name());
            assertEquals(ErrorKind.TYPE, assertThrows(WasmException.class, () -> product.parse("{}")).kind());
            assertEquals(ErrorKind.TYPE, assertThrows(WasmException.class, () -> product.format(1)).kind());
        }
    }
}
