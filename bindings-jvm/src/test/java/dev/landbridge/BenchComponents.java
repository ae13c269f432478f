package dev.landbridge;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The driver for components, which are called by an interface; see bench/README.md. */
final class BenchComponents {
    private static final int MIB = 1 << 20;
    private static final int FLOATS = 100_000;
    private static final int MANY = 10_000;
    private static final String TEXT = "0123456789abcdef".repeat(4);

    public record Fields(long a, String b, double c, boolean d, long e, int f, String g, int h, float i, long j) {}

    public record Pair(long id, String name) {}

    public record Point(double x, double y, double z) {}

    /** A variant. */
    public sealed interface Figure permits Dot, Circle, Named {}

    public record Dot() implements Figure {}

    public record Circle(double radius) implements Figure {}

    public record Named(String name) implements Figure {}

    /** What the guest has. */
    public interface Calls {
        void noop();

        long add(long a, long b);

        String text(String it);

        long bytesIn(byte[] it);

        byte[] bytesOut(long length);

        long floatsIn(double[] it);

        double[] floatsOut(long length);

        List<String> texts(List<String> it);

        Fields ten(Fields it);

        List<Pair> pairs(List<Pair> it);

        List<Point> points(List<Point> it);

        Figure shape(Figure it);

        String outcome(WitResult<String, String> it);

        void hostNoop(long times);

        long hostAdd(long times);

        void hostText(long times, String it);

        void hostBytesIn(long times, long length);
    }

    /** What the guest calls. */
    public static final class Host {
        public void noop() {}

        public long add(long a, long b) {
            return a + b & 0xffff_ffffL;
        }

        public String text(String it) {
            return it;
        }

        public long bytesIn(byte[] it) {
            return it.length;
        }
    }

    private interface Loop {
        void run(int iterations);
    }

    private static volatile Object sink;

    private static Loop each(Supplier<Object> what) {
        return n -> {
            Object last = null;
            for (int i = 0; i < n; i++) {
                last = what.get();
            }
            sink = last;
        };
    }

    private static void calls(Map<String, Loop> cases, Calls calls) {
        byte[] bytes = new byte[MIB];
        Arrays.fill(bytes, (byte) 7);
        double[] floats = DoubleStream.iterate(0, it -> it + 1).limit(FLOATS).toArray();
        List<String> texts = IntStream.range(0, MANY).mapToObj(it -> "string number " + it).toList();
        List<Pair> pairs = IntStream.range(0, MANY).mapToObj(it -> new Pair(it, "name " + it)).toList();
        List<Point> points = IntStream.range(0, MANY).mapToObj(it -> new Point(it, 2, 3)).toList();
        Fields ten = new Fields(1, "a name", 4, true, 2, -3, "something longer than a name", 8, 5, -6);
        Figure circle = new Circle(1.5);
        WitResult<String, String> ok = WitResult.ok(TEXT);
        cases.put("noop", n -> {
            for (int i = 0; i < n; i++) {
                calls.noop();
            }
        });
        cases.put("add", n -> {
            long sum = 0;
            for (int i = 0; i < n; i++) {
                sum += calls.add(2, 3);
            }
            sink = sum;
        });
        cases.put("text", n -> {
            String last = null;
            for (int i = 0; i < n; i++) {
                last = calls.text(TEXT);
            }
            sink = last;
        });
        cases.put("bytes-in", each(() -> calls.bytesIn(bytes)));
        cases.put("bytes-out", each(() -> calls.bytesOut(MIB)));
        cases.put("floats-in", each(() -> calls.floatsIn(floats)));
        cases.put("floats-out", each(() -> calls.floatsOut(FLOATS)));
        cases.put("texts", each(() -> calls.texts(texts)));
        cases.put("ten", n -> {
            Fields last = null;
            for (int i = 0; i < n; i++) {
                last = calls.ten(ten);
            }
            sink = last;
        });
        cases.put("pairs", each(() -> calls.pairs(pairs)));
        cases.put("points", each(() -> calls.points(points)));
        cases.put("shape", each(() -> calls.shape(circle)));
        cases.put("outcome", each(() -> calls.outcome(ok)));
        cases.put("host-noop", calls::hostNoop);
        cases.put("host-add", n -> sink = calls.hostAdd(n));
        cases.put("host-text", n -> calls.hostText(n, TEXT));
        cases.put("host-bytes-in", n -> calls.hostBytesIn(n, MIB));
        byte[] to = new byte[MIB];
        cases.put("copy-in", each(() -> {
            System.arraycopy(bytes, 0, to, 0, MIB);
            return to;
        }));
        cases.put("copy-out", each(() -> Arrays.copyOf(bytes, MIB)));
    }

    private static Map<String, Loop> cases(String component, String wat) {
        Imports host = Imports.builder().implement("host", new Host()).build();
        Limits limits = Limits.builder().transferBytes(Long.MAX_VALUE).build();
        Instance instance = Module.load(Path.of(component))
                .instantiate(host, Policy.none(), limits);
        Imports imports = Imports.builder().func("env", "inc", (IntUnaryOperator) x -> x + 1).build();
        IntUnaryOperator callbacks =
                Module.load(Path.of(wat)).instantiate(imports).func("callbacks").as(IntUnaryOperator.class);
        Map<String, Loop> cases = new LinkedHashMap<>();
        calls(cases, instance.as("calls", Calls.class));
        cases.put("callback", n -> sink = callbacks.applyAsInt(n));
        return cases;
    }

    /** Long enough for the JIT to compile each loop at its last tier. */
    private static void warmUp(Map<String, Loop> cases) {
        for (int round = 0; round < 30; round++) {
            for (Map.Entry<String, Loop> one : cases.entrySet()) {
                boolean isLong = one.getKey().matches(".*(bytes|copy|floats|texts|pairs|points).*");
                one.getValue().run(isLong ? 10 : 10_000);
            }
        }
    }

    public static void main(String[] args) throws IOException {
        Map<String, Loop> cases = cases(args[0], args[1]);
        warmUp(cases);
        System.out.println("ready " + String.join(" ", cases.keySet()));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] part = line.split(" ");
            Loop loop = cases.get(part[0]);
            int iterations = Integer.parseInt(part[1]);
            long start = System.nanoTime();
            loop.run(iterations);
            System.out.println(System.nanoTime() - start);
        }
    }
}
