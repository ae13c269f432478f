import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

/** What the drivers of Landbridge and its peers in Java share; see bench/README.md. */
final class Served {
    interface Case {
        void run(int iterations);
    }

    interface Write {
        void at(int address, byte[] bytes);
    }

    interface Read {
        byte[] at(int address, int length);
    }

    static final int MIB = 1 << 20;
    static final int ROWS = 1_000_000;
    private static final String TEXT = "0123456789abcdef".repeat(4);

    private final Path folder;
    private final List<String> kernels;
    final Map<String, Case> cases = new LinkedHashMap<>();
    private volatile Object sink;

    Served(String[] args) {
        folder = Path.of(args[0]);
        kernels = List.of(args).subList(1, args.length);
    }

    byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(folder.resolve(name + ".wasm"));
    }

    void put(String name, Case it) {
        cases.put(name, it);
    }

    /** A case that does something so many times. */
    void each(String name, Runnable what) {
        cases.put(name, n -> {
            for (int i = 0; i < n; i++) {
                what.run();
            }
        });
    }

    /** Cases of a guest whose exports can be called and whose memory can be read and written. */
    void exports(IntBinaryOperator add, IntUnaryOperator callbacks, IntBinaryOperator echo, Write write, Read read) {
        byte[] block = new byte[MIB];
        put("call", n -> {
            int sum = 0;
            for (int i = 0; i < n; i++) {
                sum += add.applyAsInt(2, 3);
            }
            sink = sum;
        });
        put("callback", n -> sink = callbacks.applyAsInt(n));
        each("text", () -> {
            byte[] data = TEXT.getBytes(StandardCharsets.UTF_8);
            write.at(1024, data);
            sink = new String(read.at(echo.applyAsInt(1024, data.length), data.length), StandardCharsets.UTF_8);
        });
        cases.get("text").run(1);
        if (!TEXT.equals(sink)) {
            throw new IllegalStateException("the text came back as another");
        }
        each("bytes_in", () -> write.at(8192, block));
        each("bytes_out", () -> sink = read.at(8192, MIB));
    }

    /** A batch where there is none: a loop over arrays. An iteration is all rows. */
    void loop(IntBinaryOperator add) {
        int[] xs = new int[ROWS];
        int[] ys = new int[ROWS];
        int[] sums = new int[ROWS];
        each("batch", () -> {
            for (int row = 0; row < ROWS; row++) {
                sums[row] = add.applyAsInt(xs[row], ys[row]);
            }
        });
    }

    /** Kernels named on the command line as NAME=SIZE=CHECKSUM. */
    void kernels(Function<String, IntBinaryOperator> find) {
        for (String text : kernels) {
            String[] part = text.split("=");
            int size = Integer.parseInt(part[1]);
            IntBinaryOperator run = find.apply(part[0]);
            if (run.applyAsInt(size, 1) != Integer.parseUnsignedInt(part[2])) {
                throw new IllegalStateException(part[0] + " returned another checksum");
            }
            each("kernel_" + part[0], () -> sink = run.applyAsInt(size, 1));
        }
    }

    /** Runs each case for some time, so that the JIT is done with it, and then what it is asked for. */
    void serve() throws IOException {
        for (Map.Entry<String, Case> one : cases.entrySet()) {
            boolean isQuick = one.getKey().matches("call|callback|text");
            long end = System.nanoTime() + (one.getKey().equals("load") ? 0 : isQuick ? 400_000_000L : 150_000_000L);
            do {
                one.getValue().run(isQuick ? 2_000 : 1);
            } while (System.nanoTime() < end);
        }
        System.out.println("ready " + String.join(" ", cases.keySet()));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] part = line.split(" ");
            long start = System.nanoTime();
            cases.get(part[0]).run(Integer.parseInt(part[1]));
            System.out.println(System.nanoTime() - start);
        }
    }
}
