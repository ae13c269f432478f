package dev.landbridge;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.LongBinaryOperator;

/** Answers {@code CASE ITERATIONS} with the nanoseconds the loop took; see bench/README.md. */
final class BenchDriver {
    private interface Loop {
        void run(int iterations);
    }

    private static volatile Object sink;

    private static Map<String, Loop> cases(Path path, Path largePath) throws IOException {
        Module module = Module.load(path);
        Imports imports = Imports.builder().func("env", "inc", (IntUnaryOperator) x -> x + 1).build();
        Instance instance = module.instantiate(imports);
        IntBinaryOperator addI32 = instance.func("add_i32").as(IntBinaryOperator.class);
        LongBinaryOperator addI64 = instance.func("add_i64").as(LongBinaryOperator.class);
        DoubleBinaryOperator addF64 = instance.func("add_f64").as(DoubleBinaryOperator.class);
        IntUnaryOperator callbacks = instance.func("callbacks").as(IntUnaryOperator.class);

        Map<String, Loop> cases = new HashMap<>();
        cases.put("empty", n -> {
            long sum = 0;
            for (int i = 0; i < n; i++) {
                sum += Native.empty(2, 3);
            }
            sink = sum;
        });
        cases.put("add_i32", n -> {
            int sum = 0;
            for (int i = 0; i < n; i++) {
                sum += addI32.applyAsInt(2, 3);
            }
            sink = sum;
        });
        cases.put("add_i64", n -> {
            long sum = 0;
            for (int i = 0; i < n; i++) {
                sum += addI64.applyAsLong(2, 3);
            }
            sink = sum;
        });
        cases.put("add_f64", n -> {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += addF64.applyAsDouble(2, 3);
            }
            sink = sum;
        });
        cases.put("by_name", n -> {
            int sum = 0;
            for (int i = 0; i < n; i++) {
                sum += (int) instance.call("add_i32", 2, 3);
            }
            sink = sum;
        });
        cases.put("callback", n -> sink = callbacks.applyAsInt(n));
        putBare(cases);
        putModules(cases, module, imports, Files.readAllBytes(largePath), largePath);
        putPool(cases, path.resolveSibling("data.wat"));
        putBatches(cases, instance, "1e5", 100_000);
        putBatches(cases, instance, "1e6", 1_000_000);
        putMemory(cases, instance.memory("memory"));
        return cases;
    }

    private static void putBare(Map<String, Loop> cases) {
        if (BenchBare.IS_BUILT) {
            cases.put("bare", n -> {
                long sum = 0;
                for (int i = 0; i < n; i++) {
                    sum += BenchBare.add(2, 3);
                }
                sink = sum;
            });
        }
    }

    private static void putModules(Map<String, Loop> cases, Module module, Imports imports, byte[] large, Path largePath) {
        cases.put("instantiate", n -> {
            for (int i = 0; i < n; i++) {
                module.instantiate(imports).close();
            }
        });
        cases.put("load", n -> {
            for (int i = 0; i < n; i++) {
                Module.load(large).close();
            }
        });
        cases.put("load_path", n -> {
            for (int i = 0; i < n; i++) {
                Module.load(largePath).close();
            }
        });
    }

    /** An instance with data, taken from a pool with slots and given back. */
    private static void putPool(Map<String, Loop> cases, Path data) {
        Engine engine = Engine.builder().poolSlots(8).build();
        Pool pool = Pool.builder(Module.load(engine, data)).build();
        cases.put("instantiate_pooled", n -> {
            for (int i = 0; i < n; i++) {
                pool.get().close();
            }
        });
    }

    private static void putBatches(Map<String, Loop> cases, Instance instance, String name, int rows) {
        Func addI32 = instance.func("add_i32");
        Func addF64 = instance.func("add_f64");
        int[] ints = new int[rows];
        double[] floats = new double[rows];
        int[] sums = new int[rows];
        double[] floatSums = new double[rows];
        cases.put("map_i32_" + name, n -> {
            for (int i = 0; i < n; i++) {
                addI32.mapInto(sums, ints, ints);
            }
        });
        cases.put("map_f64_" + name, n -> {
            for (int i = 0; i < n; i++) {
                addF64.mapInto(floatSums, floats, floats);
            }
        });
    }

    private static void putMemory(Map<String, Loop> cases, Memory memory) {
        byte[] mib = new byte[1 << 20];
        byte[] small = new byte[64];
        cases.put("copy_64", n -> {
            for (int i = 0; i < n; i++) {
                memory.write(0, small);
                memory.read(0, small, 0, small.length);
            }
        });
        cases.put("write_1mib", n -> {
            for (int i = 0; i < n; i++) {
                memory.write(0, mib);
            }
        });
        cases.put("read_1mib", n -> {
            for (int i = 0; i < n; i++) {
                memory.read(0, mib, 0, mib.length);
            }
        });
    }

    /** Long enough for the JIT to compile each loop at its last tier. */
    private static void warmUp(Map<String, Loop> cases) {
        for (int round = 0; round < 30; round++) {
            for (Map.Entry<String, Loop> one : cases.entrySet()) {
                boolean isQuick = one.getKey().matches("empty|bare|add_.*|by_name|callback|copy_64");
                one.getValue().run(isQuick ? 20_000 : 20);
            }
        }
    }

    public static void main(String[] args) throws IOException {
        Map<String, Loop> cases = cases(Path.of(args[0]), Path.of(args[1]));
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
