package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What asynchronous calls leave behind, seen from outside of the process. */
@Timeout(300)
class AsyncExitTest {
    private static String run(Class<?> main, String... args) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED"); // Else a newer JVM says that it will ask for it.
        command.addAll(List.of("-Xmx48m", "-Xms48m", "-XX:+AlwaysPreTouch"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("-Djava.library.path=" + System.getProperty("java.library.path"));
        command.add(main.getName());
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the process did not end");
        }
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.exitValue(), text);
        return text;
    }

    /** Ends while calls run, wait, and are in a function of Java. */
    static final class Ends {
        public static void main(String[] args) throws Exception {
            CountDownLatch begun = new CountDownLatch(2);
            Module module = Module.load(AsyncCallTest.CALLS);
            Imports counts = AsyncCallTest.lent((ctx, given) -> {
                begun.countDown();
                return 0;
            });
            Imports sleeps = AsyncCallTest.lent((ctx, given) -> {
                begun.countDown();
                if (args[0].equals("inside")) {
                    System.exit(0);
                }
                Waiting.forever();
                return 0;
            });
            Instance spinning = module.instantiate(counts);
            Instance sleeping = module.instantiate(sleeps);
            for (int i = 0; i < 100; i++) {
                spinning.callAsync("ask-then-spin", 0);
                sleeping.callAsync("ask", 0);
            }
            begun.await();
            switch (args[0]) {
                case "exit" -> System.exit(0);
                case "halt" -> Runtime.getRuntime().halt(0);
                case "hook" -> Runtime.getRuntime().addShutdownHook(new Thread(Ends::lastCall));
                case "inside" -> Waiting.forever();
                default -> {}
            }
        }

        private static void lastCall() {
            try (Instance last = Module.load(AsyncCallTest.CALLS).instantiate(AsyncCallTest.lent((ctx, given) -> 0))) {
                System.out.println("last: " + last.callAsync("add", 1, 2).join());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"return", "exit", "halt", "hook", "inside"})
    void callsInFlightDoNotKeepTheProcess(String how) throws Exception {
        String text = run(Ends.class, how);
        assertEquals(how.equals("hook") ? "last: 3" : "", text.strip());
    }

    /** Makes many calls and says what they left. */
    static final class Leaves {
        private static final int CALLS = 10_000;

        public static void main(String[] args) throws Exception {
            Module module = Module.load(AsyncCallTest.CALLS);
            Imports imports = AsyncCallTest.lent((ctx, given) -> given[0]);
            try (Instance guest = module.instantiate(imports);
                    Pool pool = Pool.builder(module).imports(imports).max(2).build()) {
                calls(guest, pool); // Until the JVM has compiled what it will.
                calls(guest, pool);
                int handles = handles();
                long bytes = residentBytes();
                calls(guest, pool);
                System.out.println("bytes " + (residentBytes() - bytes));
                System.out.println("handles " + (handles() - handles));
                System.out.println("taken " + pool.counts().taken());
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (threads() > 0 && System.nanoTime() < end) {
                Thread.sleep(100); // sleeps: a poll
            }
            System.out.println("threads " + threads());
        }

        private static void calls(Instance guest, Pool pool) throws Exception {
            for (int i = 0; i < CALLS; i += 500) {
                List<CompletableFuture<Object>> calls = IntStream.range(0, 500).mapToObj(n -> switch (n % 4) {
                    case 0 -> guest.callAsync("ask", n);
                    case 1 -> pool.callAsync("add", n, 1);
                    case 2 -> guest.callAsync("trap");
                    default -> guest.func("same").callAsync(new Object());
                }).toList();
                calls.forEach(call -> call.handle((given, thrown) -> given).join());
            }
            for (int i = 0; i < 20; i++) {
                System.gc();
                Thread.sleep(20); // sleeps: nothing tells that all is collected
            }
        }

        private static long residentBytes() throws IOException {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
            throw new AssertionError("no VmRSS");
        }

        /** How many there are: entries are used again, so the highest of many new ones counts all. */
        private static int handles() {
            int many = 50_000;
            long[] made = LongStream.generate(() -> Native.policyFromJson("{}")).limit(many).toArray();
            int highest = LongStream.of(made).mapToInt(handle -> (int) handle).max().orElseThrow();
            LongStream.of(made).forEach(handle -> Native.release(Native.POLICY, handle));
            return highest + 1 - many;
        }

        private static long threads() {
            return Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("landbridge-call-"))
                    .count();
        }
    }

    @Test
    void tenThousandCallsLeaveNothing() throws Exception {
        String text = run(Leaves.class);
        assertTrue(number(text, "bytes") < 16 << 20, text);
        assertTrue(number(text, "handles") < 100, text);
        assertEquals(0, number(text, "taken"), text);
        assertEquals(0, number(text, "threads"), text);
    }

    private static long number(String text, String name) {
        return text.lines().filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                .findFirst().orElseThrow(() -> new AssertionError(text));
    }
}
