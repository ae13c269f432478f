// The smallest program: loads a module and calls it.

// [hello]
import dev.landbridge.Instance;
import dev.landbridge.Module;
import java.nio.file.Path;

class Hello {
    public static void main(String[] args) {
        try (Module module = Module.load(Path.of("calc.wasm")); Instance calc = module.instantiate()) {
            int five = (int) calc.call("add", 2, 3);
            System.out.println(five);
        }
    }
}
// [end hello]
