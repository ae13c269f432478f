import dev.landbridge.Imports;
import dev.landbridge.Instance;
import dev.landbridge.Memory;
import dev.landbridge.Module;
import dev.landbridge.Policy;
import dev.landbridge.Sandbox;
import dev.landbridge.WitError;
import dev.landbridge.WitHostFunction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Calls the guests that lie in the current folder. Prints what hosts/*.py print. */
class Calls {
    /** Go needs a clock. */
    static final Sandbox SANDBOX = Sandbox.standard().withPolicy(Policy.program());

    static void greet(Instance guest) {
        System.out.println(guest.call("add", 2, 3));
        System.out.println(greeting(guest, "Ada"));
        System.out.println(greeting(guest, "Zoë"));
    }

    static String greeting(Instance guest, String name) {
        Memory memory = guest.memory("memory");
        byte[] data = name.getBytes(StandardCharsets.UTF_8);
        int at = (int) guest.call("alloc", data.length);
        memory.write(Integer.toUnsignedLong(at), data);
        long found = (long) guest.call("hello", at, data.length);
        guest.call("dealloc", at, data.length);
        String text = memory.readText(found >>> 32, (int) found);
        guest.call("dealloc", (int) (found >>> 32), (int) found);
        return text;
    }

    static void countdown(Instance guest) {
        System.out.println(guest.call("countdown", 3) + " lines");
    }

    static void greeter(Instance guest) {
        System.out.println(guest.call("greetings#hello", Map.of("name", "Ada", "age", 36, "languages", List.of("en", "fr"))));
        try {
            guest.call("greetings#hello", Map.of("name", "", "age", 0, "languages", List.of()));
        } catch (WitError refused) {
            System.out.println("refused: " + refused.payload());
        }
    }

    interface Call {
        void with(Instance guest);
    }

    static void call(String name, Imports imports, Call calls) {
        Path file = Path.of(name + ".wasm");
        if (!Files.exists(file)) {
            return;
        }
        try (Module module = Module.load(file); Instance guest = module.instantiate(imports, SANDBOX)) {
            calls.with(guest);
        }
    }

    public static void main(String[] args) {
        Imports env = Imports.builder().func("env", "log", (context, line) -> {
            long at = Integer.toUnsignedLong((int) line[0]);
            System.out.println(context.memory("memory").readText(at, (int) line[1]));
            return null;
        }).build();
        WitHostFunction log = line -> {
            System.out.println(line[0]);
            return null;
        };
        Imports logging = Imports.builder().witFunc("logging", "log", log).build();
        call("greet", Imports.none(), Calls::greet);
        call("countdown", env, Calls::countdown);
        call("greeter", Imports.none(), Calls::greeter);
        call("counter", logging, Calls::countdown);
    }
}
