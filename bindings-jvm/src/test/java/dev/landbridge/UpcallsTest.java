package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.function.IntUnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions of Java by stubs of java.lang.foreign and by JNI: all the same. On JDK 17 the tests need a newer one beside it. */
@Timeout(300)
class UpcallsTest {
    private static final String CALLER = """
            (module (import "env" "f" (func $f (param i32) (result i32)))
              (func (export "run") (param $n i32) (result i32) (local $x i32)
                (loop $more
                  (local.set $x (call $f (local.get $x)))
                  (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
                (local.get $x)))
            """;

    enum Way {
        STUB("always", Upcalls.class),
        JNI("never", Native.class);

        private final String setting;
        private final Class<?> seen;

        Way(String setting, Class<?> seen) {
            this.setting = setting;
            this.seen = seen;
        }
    }

    /** One that has stubs: this one, or the newest beside it. */
    private static Path newJdk() {
        Path own = Path.of(System.getProperty("java.home"));
        if (Runtime.version().feature() >= 22) {
            return own;
        }
        try (Stream<Path> beside = Files.list(own.toRealPath().getParent())) {
            Optional<Path> newest = beside.filter(home -> feature(home) >= 22).max(Comparator.comparingInt(UpcallsTest::feature));
            assumeTrue(newest.isPresent(), "there is no JDK of 22 or more beside " + own);
            return newest.get();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The version that the file {@code release} of a JDK says; zero without one. */
    private static int feature(Path home) {
        try (Stream<String> lines = Files.lines(home.resolve("release"))) {
            String version = lines.filter(line -> line.startsWith("JAVA_VERSION=")).findFirst().orElse("\"0\"");
            return Integer.parseInt(version.replaceAll(".*?\"([0-9]+).*", "$1"));
        } catch (java.io.IOException e) {
            return 0;
        }
    }

    /** What a program says on a new JDK. */
    private static String output(String what, String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(newJdk().resolve("bin").resolve("java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), CheckJniTest.named(CheckJniTest.library())));
        command.addAll(List.of("-Dlandbridge.version=" + CheckJniTest.VERSION, "-Djava.library.path="
                + System.getProperty("java.library.path")));
        command.addAll(List.of(options));
        command.addAll(List.of(UpcallsTest.class.getName(), what));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), text);
        assertTrue(text.endsWith("done\n"), text);
        return text;
    }

    private static String[] options(Way way, String... more) {
        Stream<String> all = Stream.of("--enable-native-access=ALL-UNNAMED", "-D" + Upcalls.PROPERTY + "=" + way.setting);
        return Stream.concat(all, Stream.of(more)).toArray(String[]::new);
    }

    @ParameterizedTest
    @EnumSource
    void bothWaysPassTheTestsOfHostFunctions(Way way) throws Exception {
        assertEquals("done\n", output("tests " + way, options(way)));
    }

    @ParameterizedTest
    @EnumSource
    void neitherKeepsAClassLoader(Way way) throws Exception {
        assertEquals("done\n", output("loader", options(way)));
    }

    @Test
    void jniHasNothingToSay() throws Exception {
        String text = output("calls", options(Way.STUB, "-Xcheck:jni"));
        assertFalse(text.contains("in native method") || text.contains("JNI local refs"), text);
    }

    /** A JVM that was not told to let us warns of the library at most, as ever. */
    @Test
    void noWarningIsAdded() throws Exception {
        assertFalse(output("calls").contains("java.lang.foreign"));
    }

    /** Without a word said, the stub comes after many calls, and in the middle of one. */
    @Test
    void manyCallsBringTheStub() throws Exception {
        output("many", "--enable-native-access=ALL-UNNAMED");
    }

    public static void main(String[] args) throws Exception {
        String[] what = args[0].split(" ");
        switch (what[0]) {
            case "tests" -> {
                assertEquals(Way.valueOf(what[1]).seen.getName(), wayTaken());
                for (Class<?> tests : List.of(HostTest.class, StacksTest.class, ExceptionTest.class, OrderTest.class,
                        UpcallsCases.class)) {
                    runAll(tests);
                }
            }
            case "loader" -> loader();
            case "many" -> many();
            default -> {
                new HostTest().everyPrimitiveInterface();
                new UpcallsCases().theVeryThrowable();
                new UpcallsCases().numbersAreUsedAgain();
            }
        }
        System.out.println("done");
    }

    /** The class that a function of Java is called by. */
    private static String wayTaken() {
        String[] seen = new String[1];
        IntUnaryOperator f = x -> {
            StackTraceElement[] stack = new Throwable().getStackTrace();
            seen[0] = Stream.of(stack).map(StackTraceElement::getClassName)
                    .filter(name -> name.equals("dev.landbridge.Upcalls") || name.equals("dev.landbridge.Native"))
                    .findFirst().orElseThrow();
            return x + 1;
        };
        try (Instance instance = instance(f)) {
            assertEquals(2, instance.call("run", 2));
        }
        return seen[0];
    }

    private static void many() throws Exception {
        try (Instance instance = instance(x -> x + 1)) {
            for (int i = 0; i < 600; i++) {
                assertEquals(1000, instance.call("run", 1000));
                // sleeps: the compiler of the JVM needs time between
                Thread.sleep(i < 100 ? 0 : 1);
            }
        }
        boolean[] byStub = new boolean[1];
        IntUnaryOperator f = x -> {
            byStub[0] |= new Throwable().getStackTrace()[2].getClassName().equals("dev.landbridge.Upcalls");
            return x + 1;
        };
        try (Instance instance = instance(f)) {
            assertEquals(2000, instance.call("run", 2000));
        }
        assertTrue(byStub[0], "there is no stub");
    }

    static Instance instance(IntUnaryOperator f) {
        return Module.load(CALLER).instantiate(Imports.builder().func("env", "f", f).build());
    }

    /** Whether a loader whose functions were called is collected when it is let go. */
    private static void loader() throws Exception {
        WeakReference<ClassLoader> former = new WeakReference<>(inLoader());
        for (int i = 0; former.get() != null; i++) {
            assertTrue(i < 500, "the class loader is not collected");
            System.gc();
            // sleeps: the collector tells nobody when it is done
            Thread.sleep(20);
        }
        assertTrue(inLoader() != null, "the next one works");
    }

    private static ClassLoader inLoader() throws Exception {
        URL classes = Native.class.getProtectionDomain().getCodeSource().getLocation();
        ClassLoader loader = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader());
        Object builder = loader.loadClass("dev.landbridge.Imports").getMethod("builder").invoke(null);
        IntUnaryOperator inc = x -> x + 1;
        Method func = builder.getClass().getMethod("func", String.class, String.class, Object.class);
        Object built = builder.getClass().getMethod("build").invoke(func.invoke(builder, "env", "f", inc));
        Object module = loader.loadClass("dev.landbridge.Module").getMethod("load", String.class).invoke(null, CALLER);
        Object instance = module.getClass().getMethod("instantiate", built.getClass()).invoke(module, built);
        Method call = instance.getClass().getMethod("call", String.class, Object[].class);
        assertEquals(300, call.invoke(instance, "run", new Object[] {300}));
        return loader;
    }

    private static void runAll(Class<?> tests) throws Exception {
        for (Method method : tests.getDeclaredMethods()) {
            ValueSource values = method.getAnnotation(ValueSource.class);
            if (values != null) {
                for (long value : LongStream.of(values.longs()).toArray()) {
                    run(tests, method, value);
                }
            } else if (method.isAnnotationPresent(Test.class)) {
                run(tests, method);
            }
        }
    }

    private static void run(Class<?> tests, Method method, Object... args) throws Exception {
        var made = tests.getDeclaredConstructor();
        made.setAccessible(true);
        method.setAccessible(true);
        try {
            method.invoke(made.newInstance(), args);
        } catch (InvocationTargetException e) {
            throw new AssertionError(tests.getSimpleName() + "." + method.getName(), e.getCause());
        }
    }

    static void onThread(Thread thread, FutureTask<?> task) throws Exception {
        thread.start();
        task.get();
    }
}
