// The smallest program: loads a component and calls it.

// [hello]
import dev.landbridge.Instance;
import dev.landbridge.Module;
import java.nio.file.Path;

class Hello {
    public static void main(String[] args) {
        try (Module module = Module.load(Path.of("greet.wasm")); Instance greet = module.instantiate()) {
            System.out.println(greet.call("hello", "Ada"));
        }
    }
}
// [end hello]
