package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The program of the guide's page on performance for guests that are trusted; it is cut from here. */
class GuideTrustedTest {
    @Test
    void trusted() {
        Path path = Path.of("../core/tests/guide/calc.wat");
        // [trusted]
        Engine trusted = Engine.builder().interruptible(false).build(); // one for the program: keep it
        try (Module module = Module.load(trusted, path); Instance calc = module.instantiate()) {
            assertEquals(5, calc.call("add", 2, 3));
        }
        // [end trusted]
        Limits limits = Limits.builder().timeout(Duration.ofMillis(500)).build();
        try (Module module = Module.load(trusted, path)) {
            WasmException refused = assertThrows(
                    WasmException.class, () -> module.instantiate(Imports.none(), Policy.none(), limits));
            assertEquals(ErrorKind.UNSUPPORTED, refused.kind());
            assertTrue(refused.getMessage().contains("interruptible"));
        }
    }
}
