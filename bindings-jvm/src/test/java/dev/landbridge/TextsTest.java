package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts for reading are short, whatever a guest is named. What is asked for as data is whole. */
class TextsTest {
    private static final String EVIL = "\\1b]0;owned\\07\\c2\\9b2J\\0a\\e2\\80\\ae";

    private static List<String> names() {
        return List.of("x".repeat(90_000), EVIL);
    }

    private static String guest(String name) {
        String params = "i32 ".repeat(1000);
        return "(module (@name \"%s\") (type (struct %s)) (import \"%s\" \"%s\" (func)) (memory (export \"m%s\") 1)"
                        .formatted(name, "(field i32)".repeat(10_000), name, name, name)
                + "(func (export \"%s\") (param %s)) (func (export \"make\") (result anyref) (struct.new_default 0))"
                        .formatted(name, params)
                + "(tag (export \"t\") (param %s)) (@producers (language \"%s\" \"%s\")) (@custom \"%s\" \"%s\"))"
                        .formatted(params, name, name, name, name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void textsForReadingAreShort(String name) {
        String text = guest(name);
        Inspection found = Module.inspect(text);
        String real = found.name();
        HostFunction nothing = (context, args) -> null;
        try (Module module = Module.load(text);
                Instance instance = module.instantiate(Imports.builder().func(real, real, nothing).build())) {
            List<Object> things = new ArrayList<>(List.of(found, module, instance, instance.func(real)));
            things.addAll(found.imports());
            things.addAll(found.exports());
            things.addAll(found.producers());
            things.addAll(found.customSections());
            things.add(instance.func(real).type());
            things.add(instance.call("make"));
            things.add(((GcRef) instance.call("make")).type());
            things.add(instance.tag("t"));
            for (Object thing : things) {
                String told = thing.toString();
                assertTrue(told.length() < 10_000, () -> told.substring(0, 100));
                assertTrue(told.chars().noneMatch(c -> Character.isISOControl(c) || c == 0x202e), told);
            }
            assertEquals(real, found.imports().get(0).name());
            assertEquals(real, instance.func(real).name());
        }
        try (Module module = Module.load(text)) {
            WasmException missing = assertThrows(LinkError.class, () -> module.instantiate());
            assertTrue(missing.getMessage().length() < 1000);
        }
    }
}
