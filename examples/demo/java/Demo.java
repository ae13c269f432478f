import dev.landbridge.Export;
import dev.landbridge.HostFunction;
import dev.landbridge.Imports;
import dev.landbridge.Instance;
import dev.landbridge.Memory;
import dev.landbridge.Module;
import dev.landbridge.Trap;
import dev.landbridge.WitHostFunction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/**
 * Loads modules that others wrote, lets them work on real bytes, and prints one line for each call: host, module, call,
 * result, digest, milliseconds. Every host has this program.
 */
final class Demo {
    /** One message of each kind, in the order in which llhttp counts them from 1. */
    private static final List<String> MESSAGES = List.of("request.http", "response.http");

    private static final String[] CALLBACKS = {
        "wasm_on_message_begin", "wasm_on_url", "wasm_on_status", "wasm_on_header_field",
        "wasm_on_header_value", "wasm_on_headers_complete", "wasm_on_body", "wasm_on_message_complete",
    };

    // The guests, as Java sees them.

    interface Sha256 {
        int alloc(int length);

        int sha256(int data, int length, int out);
    }

    interface Text {
        int alloc(int length);

        int base64(int data, int length, int out);

        double entropy(int data, int length);
    }

    interface Lz4 {
        int alloc(int length);

        @Export("compress_bound")
        int compressBound(int length);

        int compress(int data, int length, int out);

        int decompress(int data, int length, int out, int room);
    }

    interface Words {
        int alloc(int length);

        long words(int data, int length);
    }

    interface XxHash {
        int xxh32(int data, int length, int seed);

        long xxh64(int data, int length, long seed);
    }

    interface Llhttp {
        @Export("llhttp_alloc")
        int open(int kind);

        int malloc(int length);

        @Export("llhttp_execute")
        int execute(int parser, int data, int length);
    }

    interface Mappings {
        @Export("allocate_mappings")
        int allocate(int length);

        @Export("parse_mappings")
        int parse(int text);

        @Export("by_generated_location")
        void eachByLocation(int mappings);
    }

    interface Orders {
        long checksum(byte[] bytes);

        Statistics describe(double[] numbers);
    }

    interface Echo {
        List<String> echoStrings(List<String> it);
    }

    record Statistics(long count, double least, double most, double mean) {}

    /** What the shop asks for and this program does not need. */
    private static final List<String> NOT_NEEDED = List.of(
            "journal", "journal.write", "journal.length", "journal.find", "worth", "reserve", "close", "title");

    private final Path examples;
    private final byte[] input;

    private Demo(Path examples) throws IOException {
        this.examples = examples;
        this.input = Files.readAllBytes(examples.resolve("modules/built/input.bin"));
    }

    public static void main(String[] args) throws IOException {
        Demo demo = new Demo(Path.of(args.length > 0 ? args[0] : "examples"));
        demo.sha256();
        demo.text();
        demo.lz4();
        demo.words();
        demo.xxhash();
        demo.llhttp();
        demo.mappings();
        demo.shop();
        demo.trap();
    }

    private void sha256() {
        try (Instance guest = load("guests/sha256.wasm", Imports.none())) {
            Sha256 sha = guest.as(Sha256.class);
            int data = put(guest.memory("memory"), sha::alloc, input);
            int out = sha.alloc(32);
            var length = timed(() -> sha.sha256(data, input.length, out));
            line("sha256", "sha256", length, bytes(guest, out, length.result()));
        }
    }

    private void text() {
        try (Instance guest = load("guests/text.wasm", Imports.none())) {
            Text text = guest.as(Text.class);
            int data = put(guest.memory("memory"), text::alloc, input);
            int out = text.alloc((input.length + 2) / 3 * 4);
            var length = timed(() -> text.base64(data, input.length, out));
            line("text", "base64", length, bytes(guest, out, length.result()));

            var bits = timed(() -> text.entropy(data, input.length));
            var shown = new Timed<>(String.format(Locale.ROOT, "%.6f", bits.result()), bits.ms());
            line("text", "entropy", shown, little(8).putDouble(bits.result()).array());
        }
    }

    private void lz4() {
        try (Instance guest = load("guests/lz4.wasm", Imports.none())) {
            Lz4 lz4 = guest.as(Lz4.class);
            int data = put(guest.memory("memory"), lz4::alloc, input);
            int packed = lz4.alloc(lz4.compressBound(input.length));
            var size = timed(() -> lz4.compress(data, input.length, packed));
            line("lz4", "compress", size, bytes(guest, packed, size.result()));

            int back = lz4.alloc(input.length);
            var length = timed(() -> lz4.decompress(packed, size.result(), back, input.length));
            line("lz4", "decompress", length, bytes(guest, back, length.result()));
        }
    }

    private void words() {
        try (Instance guest = load("guests/words.wasm", Imports.none())) {
            Words words = guest.as(Words.class);
            int data = put(guest.memory("memory"), words::alloc, input);
            var report = timed(() -> words.words(data, input.length));
            line("words", "words", report, bytes(guest, (int) (report.result() >> 32), report.result().intValue()));
        }
    }

    private void xxhash() {
        try (Instance guest = load("modules/built/xxhash.wasm", Imports.none())) {
            Memory memory = guest.memory("mem");
            memory.grow((input.length + 65535) / 65536);
            memory.write(0, input);
            XxHash xxhash = guest.as(XxHash.class);
            var hash32 = timed(() -> xxhash.xxh32(0, input.length, 0));
            line("xxhash", "xxh32", hash32, little(4).putInt(hash32.result()).array());
            var hash64 = timed(() -> xxhash.xxh64(0, input.length, 0));
            line("xxhash", "xxh64", hash64, little(8).putLong(hash64.result()).array());
        }
    }

    private void llhttp() throws IOException {
        var events = new ByteArrayOutputStream();
        Imports.Builder imports = Imports.builder();
        for (String name : CALLBACKS) {
            HostFunction callback = (context, args) -> {
                event(events, name, args);
                if (args.length == 3) {
                    events.writeBytes(context.memory("memory").read((int) args[1], (int) args[2]));
                }
                return 0;
            };
            imports.func("env", name, callback);
        }
        try (Instance guest = load("modules/built/llhttp.wasm", imports.build())) {
            Llhttp llhttp = guest.as(Llhttp.class);
            for (String name : MESSAGES) {
                events.reset();
                byte[] message = Files.readAllBytes(examples.resolve("modules/built").resolve(name));
                int parser = llhttp.open(MESSAGES.indexOf(name) + 1);
                int data = put(guest.memory("memory"), llhttp::malloc, message);
                var status = timed(() -> llhttp.execute(parser, data, message.length));
                line("llhttp", "llhttp_execute", status, events.toByteArray());
            }
        }
    }

    private void mappings() throws IOException {
        var events = new ByteArrayOutputStream();
        int[] count = {0};
        HostFunction callback = (context, args) -> {
            count[0]++;
            event(events, "mapping_callback", args);
            return null;
        };
        Imports imports = Imports.builder().func("env", "mapping_callback", callback).build();
        try (Instance guest = load("modules/built/mappings.wasm", imports)) {
            Mappings mappings = guest.as(Mappings.class);
            byte[] text = Files.readAllBytes(examples.resolve("modules/built/mappings.txt"));
            int data = put(guest.memory("memory"), mappings::allocate, text);
            var parsed = timed(() -> mappings.parse(data));
            line("mappings", "parse_mappings", parsed, little(4).putInt(parsed.result()).array());

            var heard = timed(() -> {
                mappings.eachByLocation(parsed.result());
                return count[0];
            });
            line("mappings", "by_generated_location", heard, events.toByteArray());
        }
    }

    /** A component: strings, lists and records cross as what they are in Java. */
    private void shop() {
        var logged = new StringBuilder();
        WitHostFunction log = args -> {
            logged.append(args[0]).append(": ").append(args[1]);
            return null;
        };
        Imports.Builder imports = Imports.builder()
                .witFunc("office", "log", log)
                .witFunc("", "currency", args -> "EUR");
        for (String name : NOT_NEEDED) {
            imports.witFunc("office", name, args -> {
                throw new UnsupportedOperationException(name);
            });
        }
        try (Instance guest = load("components/shop-rust.wasm", imports.build())) {
            Orders orders = guest.as("orders", Orders.class);
            var sum = timed(() -> orders.checksum(input));
            line("shop", "checksum", sum, little(4).putInt(sum.result().intValue()).array());

            List<String> lines = List.of(new String(input, StandardCharsets.UTF_8).split("\n", -1));
            Echo echo = guest.as("echo", Echo.class);
            var same = timed(() -> echo.echoStrings(lines));
            var count = new Timed<>(same.result().size(), same.ms());
            line("shop", "echo-strings", count, String.join("", same.result()).getBytes(StandardCharsets.UTF_8));

            double[] lengths = lines.stream().mapToDouble(it -> it.getBytes(StandardCharsets.UTF_8).length).toArray();
            var found = timed(() -> orders.describe(lengths));
            Statistics all = found.result();
            var mean = new Timed<>(String.format(Locale.ROOT, "%.6f", all.mean()), found.ms());
            ByteBuffer output = little(28).putInt((int) all.count());
            line("shop", "describe", mean, output.putDouble(all.least()).putDouble(all.most()).putDouble(all.mean()).array());

            var greeting = timed(() -> guest.call("greet", "Zoë"));
            line("shop", "greet", greeting, logged.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private void trap() {
        try (Instance guest = load("demo/trap.wat", Imports.none())) {
            String[] frame = {""};
            var trapped = timed(() -> {
                try {
                    return "returned " + guest.call("div", 1, 0);
                } catch (Trap trap) {
                    frame[0] = trap.frames().get(0).funcName().orElse("");
                    return trap.kind().label() + " " + trap.code().label();
                }
            });
            line("trap", "div", trapped, frame[0].getBytes(StandardCharsets.UTF_8));
        }
    }

    private Instance load(String path, Imports imports) {
        try (Module module = Module.load(examples.resolve(path))) {
            return module.instantiate(imports);
        }
    }

    /** Puts bytes into a guest, in room made by its own allocator. */
    private static int put(Memory memory, IntUnaryOperator alloc, byte[] bytes) {
        int address = alloc.applyAsInt(bytes.length);
        memory.write(Integer.toUnsignedLong(address), bytes);
        return address;
    }

    /** Guests count addresses unsigned. */
    private static byte[] bytes(Instance guest, int address, int length) {
        return guest.memory("memory").read(Integer.toUnsignedLong(address), length);
    }

    /** Notes a callback: its name, then its arguments. */
    private static void event(ByteArrayOutputStream events, String name, Object[] args) {
        events.writeBytes(name.getBytes(StandardCharsets.UTF_8));
        ByteBuffer bytes = little(4 * args.length);
        for (Object arg : args) {
            bytes.putInt((int) arg);
        }
        events.writeBytes(bytes.array());
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private record Timed<T>(T result, double ms) {}

    /** Calls, and says how long it took. */
    private static <T> Timed<T> timed(Supplier<T> call) {
        long start = System.nanoTime();
        T result = call.get();
        return new Timed<>(result, (System.nanoTime() - start) / 1e6);
    }

    /** FNV-1a, 64 bits. */
    private static long digest(byte[] bytes) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    private static void line(String module, String call, Timed<?> timed, byte[] output) {
        System.out.printf(Locale.ROOT, "java\t%s\t%s\t%s\t%016x\t%.2f%n",
                module, call, timed.result(), digest(output), timed.ms());
    }
}
