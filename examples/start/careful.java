// The second program of docs/start/java.md: limits, and an error. docs/start/test.py runs it.

// [careful]
import dev.landbridge.Imports;
import dev.landbridge.Instance;
import dev.landbridge.Limits;
import dev.landbridge.Module;
import dev.landbridge.Policy;
import dev.landbridge.WasmException;
import java.nio.file.Path;
import java.time.Duration;

class Careful {
    interface Greet {
        String hello(String name);
    }

    public static void main(String[] args) {
        Limits limits = Limits.builder().memoryBytes(16 << 20).timeout(Duration.ofMillis(500)).build();
        try (Module module = Module.load(Path.of("greet.wasm"));
                Instance instance = module.instantiate(Imports.none(), Policy.none(), limits)) {
            Greet greet = instance.as(Greet.class); // checked against the module, now
            System.out.println(greet.hello("Ada"));
            instance.call("hello", 42);
        } catch (WasmException error) {
            System.out.println(error.kind().label() + ": " + error.getMessage());
        }
    }
}
// [end careful]
