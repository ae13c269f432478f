package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Class loaders over the same jar, one after the other and side by side, each with the library for itself. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "what is mapped is read in the way of Linux")
class LoadersTest {
    private static final int ROUNDS = 20;

    @TempDir
    private Path dir;

    private Path classes;
    private Path cache;
    private Path tmp;

    @BeforeEach
    void bundle() throws Exception {
        dir = dir.toRealPath();
        classes = Bundle.make(dir.resolve("classes"));
        cache = Files.createDirectories(dir.resolve("cache"));
        tmp = Files.createDirectories(dir.resolve("tmp"));
    }

    /** What a program does that was loaded by a loader of its own, and what it keeps. */
    public static final class Guest implements BiFunction<String, Object, Object> {
        private static final String TEXT = """
                (module
                  (import "host" "add" (func $add (param i32 i32) (result i32)))
                  (import "host" "fail" (func $fail (param externref)))
                  (memory (export "memory") 1)
                  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
                  (func (export "div") (param i32) (result i32) (i32.div_s (i32.const 6) (local.get 0)))
                  (func $down (export "down") (param i32) (call $down (local.get 0)))
                  (func (export "sum") (param i32 i32) (result i32) (call $add (local.get 0) (local.get 1)))
                  (func (export "raise") (param externref) (call $fail (local.get 0))))
                """;

        /** As programs have them: never closed. */
        private static final Engine ENGINE = Engine.builder().build();
        private static final Module MODULE = Module.load(TEXT);
        private static final Module OTHER = Module.load(ENGINE, TEXT);
        private static Instance kept;

        private static Instance instance(Module module) {
            return module.instantiate(Imports.builder()
                    .func("host", "add", (HostFunction) (context, args) -> (int) args[0] + (int) args[1])
                    .func("host", "fail", (HostFunction) (context, args) -> {
                        throw new IllegalStateException(String.valueOf(args[0]));
                    })
                    .build());
        }

        private static void traps(Instance instance) {
            trap(instance, TrapCode.MEMORY_OUT_OF_BOUNDS, "load", -4);
            trap(instance, TrapCode.INTEGER_DIVISION_BY_ZERO, "div", 0);
            trap(instance, TrapCode.STACK_OVERFLOW, "down", 0);
        }

        private static void trap(Instance instance, TrapCode code, String name, int argument) {
            try {
                instance.call(name, argument);
            } catch (Trap e) {
                is(e.code() == code, "the trap is " + e.code());
                return;
            }
            throw new AssertionError("no trap: " + name);
        }

        private static void is(boolean good, String what) {
            if (!good) {
                throw new AssertionError(what);
            }
        }

        private static void work() {
            for (Module module : List.of(MODULE, OTHER)) {
                Instance instance = instance(module);
                is(instance.call("sum", 2, 3).equals(5), "a sum");
                traps(instance);
                try {
                    instance.call("raise", "lent");
                    throw new AssertionError("nothing was thrown");
                } catch (IllegalStateException e) {
                    is("lent".equals(e.getMessage()), e.getMessage());
                }
                // A null of Java's is a fault that is nobody's trap.
                int nulls = 0;
                for (int i = 0; i < 20_000; i++) {
                    nulls += length(i % 2 == 0 ? null : "text") < 0 ? 1 : 0;
                }
                is(nulls == 10_000, "nulls");
                kept = instance;
            }
        }

        private static int length(String text) {
            try {
                return text.length();
            } catch (NullPointerException e) {
                return -1;
            }
        }

        @Override
        public Object apply(String what, Object argument) {
            switch (what) {
                case "work" -> work();
                case "async" -> is(instance(MODULE).callAsync("sum", 4, 5).join().equals(9), "a sum later");
                case "limits" -> is(Limits.fromJson("{}").toJson().equals("{}"), "limits");
                case "buffer" -> {
                    Instance instance = instance(MODULE);
                    instance.memory("memory").write(0, "still here".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                    return instance.memory("memory").buffer();
                }
                default -> throw new AssertionError(what);
            }
            return null;
        }
    }

    /** A class loader with the program in it. */
    private static final class Loaded {
        private URLClassLoader loader;
        private BiFunction<String, Object, Object> guest;
        private final WeakReference<ClassLoader> seen;

        @SuppressWarnings("unchecked")
        Loaded(String classes, String name) throws Exception {
            URL[] urls = {Path.of(classes).toUri().toURL()};
            loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
            seen = new WeakReference<>(loader);
            Class<?> type = loader.loadClass(name);
            guest = (BiFunction<String, Object, Object>) type.getConstructor().newInstance();
        }

        Object does(String what) {
            return guest.apply(what, null);
        }

        void close() throws IOException {
            loader.close();
        }

        /** Lets go of it, and waits until it is collected. */
        void collect() throws Exception {
            loader.close();
            loader = null;
            guest = null;
            long end = System.nanoTime() + 60_000_000_000L;
            while (seen.get() != null) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("the class loader is not collected");
                }
                System.gc();
                Thread.sleep(5); // sleeps: a poll
            }
        }
    }

    /** Runs in a process of its own, whose class path has no Landbridge: what to do, classes, and names of the guest. */
    public static final class Main {
        public static void main(String[] args) throws Exception {
            switch (args[0]) {
                case "rounds" -> rounds(args[1], args[2]);
                case "together" -> together(args);
                case "async" -> {
                    Loaded one = new Loaded(args[1], args[2]);
                    one.does("async");
                    one.collect();
                }
                case "buffer" -> buffer(args[1], args[2]);
                case "atOnce" -> atOnce(args[1], args[2]);
                default -> throw new AssertionError(args[0]);
            }
            System.out.println(mapped() + " mapped");
        }

        private static void rounds(String classes, String name) throws Exception {
            for (int round = 0; round < ROUNDS; round++) {
                Loaded one = new Loaded(classes, name);
                one.does("work");
                one.does("limits");
                one.collect();
            }
        }

        /** Several at once, one of which goes in the middle. */
        private static void together(String[] args) throws Exception {
            List<Loaded> all = new ArrayList<>();
            for (int i = 2; i < args.length; i++) {
                all.add(new Loaded(args[1], args[i]));
                all.forEach(it -> it.does("work"));
            }
            all.remove(1).collect();
            all.add(new Loaded(args[1], args[2]));
            List<Thread> threads = new ArrayList<>();
            List<Throwable> failed = new ArrayList<>();
            for (Loaded one : all) {
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < 20; i++) {
                        one.does("work");
                    }
                });
                thread.setUncaughtExceptionHandler((it, e) -> failed.add(e));
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            if (!failed.isEmpty()) {
                throw new AssertionError(failed.get(0));
            }
            threads.clear();
            while (!all.isEmpty()) {
                all.remove(0).collect();
            }
        }

        /** Some are closed while others still read the same jar. */
        private static void atOnce(String jar, String name) throws Exception {
            List<Thread> threads = new ArrayList<>();
            List<Throwable> failed = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 6; i++) {
                Thread thread = new Thread(() -> {
                    try {
                        Loaded one = new Loaded(jar, name);
                        one.does("limits");
                        one.close();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
                thread.setUncaughtExceptionHandler((it, e) -> failed.add(e));
                threads.add(thread);
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            if (!failed.isEmpty()) {
                throw new AssertionError(failed.get(0));
            }
        }

        /** A buffer is the JDK's, so it may outlive the loader that it came from. */
        private static void buffer(String classes, String name) throws Exception {
            Loaded one = new Loaded(classes, name);
            ByteBuffer buffer = (ByteBuffer) one.does("buffer");
            one.collect();
            Loaded next = new Loaded(classes, name);
            next.does("work");
            byte[] bytes = new byte[10];
            buffer.get(0, bytes);
            System.out.println(new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
            buffer.put(65535, (byte) 1);
            next.collect();
        }

        /** How many copies of the library are in memory. */
        private static long mapped() throws IOException {
            try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
                return maps.filter(line -> line.contains("liblandbridge_jvm"))
                        .map(line -> line.substring(line.indexOf('/')))
                        .distinct()
                        .count();
            }
        }
    }

    private String said(Map<String, String> variables, List<String> options, String... args) throws Exception {
        // The class of Main itself must be there, and nothing else of ours.
        Path main = dir.resolve("main");
        for (Class<?> one : List.of(Main.class, Loaded.class)) {
            String file = one.getName().replace('.', '/') + ".class";
            Files.createDirectories(main.resolve(file).getParent());
            if (!Files.exists(main.resolve(file))) {
                Files.copy(classes.resolve(file), main.resolve(file));
            }
        }
        List<String> all = new ArrayList<>(List.of("-cp", main.toString(), "-Djava.library.path=", "-Xmx256m"));
        all.addAll(options);
        all.add("-Djava.io.tmpdir=" + tmp);
        all.add(Main.class.getName());
        all.addAll(List.of(args));
        return Bundle.run(Bundle.java(List.of(), all.toArray(new String[0])), variables, dir);
    }

    /**
     * So many copies were needed at most: what a loader had is free a moment after it was collected, so the next one may
     * need one more.
     */
    private static void mapped(int most, String said) {
        assertTrue(said.matches("[1-" + most + "] mapped\n"), said);
    }

    private Map<String, String> cached() {
        return Map.of("XDG_CACHE_HOME", cache.toString());
    }

    private void nothingIsLeft() throws IOException {
        try (Stream<Path> files = Files.list(tmp)) {
            assertEquals(List.of(), files.filter(it -> !it.getFileName().toString().startsWith("hsperf")).toList());
        }
    }

    @Test
    void oneAfterTheOther() throws Exception {
        mapped(2, said(cached(), List.of(), "rounds", classes.toString(), Guest.class.getName()));
    }

    @Test
    void oneAfterTheOtherWithoutAFolderForCaches() throws Exception {
        Map<String, String> none = Map.of("XDG_CACHE_HOME", "", "LANDBRIDGE_CACHE", "off");
        String said = said(none, List.of("-Duser.home=?"), "rounds", classes.toString(), Guest.class.getName());
        mapped(3, said);
        nothingIsLeft();
    }

    @Test
    void sideBySide() throws Exception {
        String name = Guest.class.getName();
        String said = said(cached(), List.of(), "together", classes.toString(), name, name, name, name);
        mapped(5, said);
    }

    @Test
    void atOnceOverOneJar() throws Exception {
        Path jar = dir.resolve("landbridge.jar");
        ToolProvider tool = ToolProvider.findFirst("jar").orElseThrow();
        assertEquals(0, tool.run(System.out, System.err, "cf", jar.toString(), "-C", classes.toString(), "."));
        for (int round = 0; round < 5; round++) {
            Path fresh = Files.createDirectories(dir.resolve("cache" + round));
            Map<String, String> cached = Map.of("XDG_CACHE_HOME", fresh.toString());
            mapped(6, said(cached, List.of(), "atOnce", jar.toString(), Guest.class.getName()));
        }
    }

    @Test
    void sideBySideWithALibraryThatIsNamed() throws Exception {
        String name = Guest.class.getName();
        List<String> named = List.of(CheckJniTest.named(CheckJniTest.library()));
        mapped(4, said(cached(), named, "together", classes.toString(), name, name, name));
        nothingIsLeft();
    }

    @Test
    void threadsOfAsynchronousCallsEnd() throws Exception {
        mapped(1, said(cached(), List.of(), "async", classes.toString(), Guest.class.getName()));
    }

    @Test
    void aBufferOutlivesItsLoader() throws Exception {
        String said = said(cached(), List.of("-Xcheck:jni"), "buffer", classes.toString(), Guest.class.getName());
        assertTrue(said.contains("still here\n"), said);
        assertTrue(!said.contains("in native method") && !said.contains("JNI local refs"), said);
    }

    @Test
    void renamedAsBuildToolsDo() throws Exception {
        Path renamed = Renamed.make(classes, dir.resolve("renamed"), "org.shaded.wasm");
        String name = Guest.class.getName().replace("dev.landbridge", "org.shaded.wasm");
        mapped(2, said(cached(), List.of(), "rounds", renamed.toString(), name));
    }
}
