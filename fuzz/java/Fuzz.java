import dev.landbridge.*;
import dev.landbridge.Module;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;

/**
 * Random calls of every public method of dev.landbridge, which are found by reflection, from several threads. See
 * ../README.md.
 */
public final class Fuzz {
    /** Operations of a round, after which everything is let go and counted. */
    static final int ROUND = 25_000;

    /** The most seconds that an operation may take; long, since machines are busy. */
    static final int DEADLINE_S = 60;

    static final int DEPTH = 4;
    static final int OWN = 40, SHARED = 80;
    static final long[] STACKS = {8 << 20, 256 << 10, 1 << 20, 512 << 10};

    static final String[] NAMES = ("memory wide objects funcs anys i32 i64 f32 v128 object any func exn plain pair carries inc numbers"
            + " div trunc unreachable fib deep spin host host_often host_deep host_refs host_again throw throw_carries throw_ref"
            + " catch catch_pair extern must keep take func_of call_at apply grow grow_table load fill point bytes list anything"
            + " keep_any i31 cast outward inward garbage _start args environ clock random write read open unlink close sleep exit"
            + " nothing").split(" ");

    /** What its own objects throw. */
    static final class Odd extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    static final AtomicReferenceArray<Object> shared = new AtomicReferenceArray<>(SHARED);
    static final Map<String, AtomicInteger> kinds = new ConcurrentHashMap<>();
    static final Queue<String> failures = new ConcurrentLinkedQueue<>();
    static final Queue<CompletableFuture<?>> ends = new ConcurrentLinkedQueue<>();
    static final AtomicInteger tracked = new AtomicInteger(), collected = new AtomicInteger();
    static final AtomicLong nested = new AtomicLong();
    static final Cleaner cleaner = Cleaner.create();
    static final List<Executable> members = new ArrayList<>();
    static final List<String> texts = new ArrayList<>();
    static final List<Module> bases = new ArrayList<>();
    static final List<Engine> engines = new ArrayList<>();
    static final Map<Integer, long[]> watched = new ConcurrentHashMap<>();
    static Path folder;

    final Random random;
    final Object[] own = new Object[OWN];
    final boolean isVisitor;
    int depth;

    Fuzz(long seed, boolean isVisitor) {
        random = new Random(seed);
        this.isVisitor = isVisitor;
    }

    /** Threads of the library's call back too: they keep nothing of their own, since they stay. */
    static final ThreadLocal<Fuzz> me = ThreadLocal.withInitial(() -> new Fuzz(Thread.currentThread().getId(), true));

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    @SafeVarargs
    final <T> T choose(T... list) {
        return list[below(list.length)];
    }

    // ---- The world.

    Object some() {
        return !isVisitor && oneIn(2) ? own[below(OWN)] : shared.get(below(SHARED));
    }

    <T> T pick(Class<T> type) {
        int start = below(OWN + SHARED);
        for (int i = 0; i < OWN + SHARED; i++) {
            int at = (start + i) % (OWN + SHARED);
            Object it = at < OWN ? own[at] : shared.get(at - OWN);
            if (type.isInstance(it)) return type.cast(it);
        }
        return null;
    }

    void keep(Object it) {
        if (it == null) return;
        if (it instanceof CompletableFuture<?> future) {
            ends.add(future);
            if (oneIn(4)) future.cancel(true);
            return;
        }
        if (!isVisitor && oneIn(2)) own[below(OWN)] = it;
        else shared.set(below(SHARED), it);
    }

    /** What must be let go in the end. */
    static <T> T track(T object) {
        tracked.incrementAndGet();
        cleaner.register(object, collected::incrementAndGet);
        return object;
    }

    void act() {
        if (depth >= DEPTH) return;
        depth++;
        try {
            for (int left = below(3); left > 0; left--) {
                nested.incrementAndGet();
                operation();
            }
        } finally {
            depth--;
        }
    }

    /** A host function, or any other function that the library calls. */
    static Object host(Object[] args, Class<?> result) {
        Fuzz my = me.get();
        my.act();
        if (my.oneIn(8)) {
            WasmException told = my.pick(WasmException.class);
            throw my.oneIn(2) && told != null ? told : new Odd();
        }
        if (args != null) for (Object arg : args) if (my.oneIn(4)) my.keep(arg);
        if (result == void.class) return null;
        return result == Object.class || result == Object[].class ? my.answer(result, args) : my.value(result);
    }

    Object answer(Class<?> result, Object[] args) {
        Object value = choose(null, 1, below(100), args == null || args.length == 0 ? null : args[0], new Object[] {new Object(), null});
        return result.isInstance(value) ? value : result == Object[].class ? new Object[] {1} : null;
    }

    /** An object of any interface, whose methods are host functions. */
    Object acts(Class<?> type) {
        Object kept = track(new Object());
        return Proxy.newProxyInstance(Fuzz.class.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
            if (method.getDeclaringClass() == Object.class) {
                return switch (method.getName()) {
                    case "equals" -> self == args[0];
                    case "hashCode" -> System.identityHashCode(kept);
                    default -> "acts";
                };
            }
            return host(args, method.getReturnType());
        });
    }

    // ---- Values.

    String text() {
        return switch (below(10)) {
            case 0 -> choose("", "\ud800", "a\0b", "\udc00x", "x".repeat(300));
            case 1 -> choose("10.0.0.0/8", "127.0.0.1", "::1", "*.example.org", "443", "*", "GET", "https");
            case 2 -> "{\"env\":{\"A\":\"B\"},\"dirs\":{\"/data\":{\"files\":{\"file\":\"x\"},\"access\":\"write\"}}}";
            case 3 -> choose(texts.get(0), texts.get(1), "(module (func (export \"f\") (result i32) (i32.const " + below(1 << 30) + ")))");
            default -> choose(NAMES);
        };
    }

    long number() {
        return choose(0L, 1L, -1L, (long) below(9), (long) below(70000), 1L << 31, (1L << 32) - 1, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** Without sizes that a machine has room for, since to fill a table of 2^31 elements takes it minutes. */
    long size() {
        return oneIn(4) ? choose(-1L, (long) below(70000), Long.MIN_VALUE, Long.MAX_VALUE) : below(6);
    }

    byte[] bytes() {
        return choose(new byte[0], new byte[5], new byte[16], "\0asm".getBytes(), texts.get(below(2)).getBytes());
    }

    ByteBuffer buffer() {
        return choose(ByteBuffer.allocate(9), ByteBuffer.allocateDirect(9), ByteBuffer.allocate(9).asReadOnlyBuffer());
    }

    /** Something that a parameter of this class takes, mostly; null at times. */
    Object value(Class<?> type) {
        if (type == int.class || type == Integer.class) return (int) size();
        if (type == long.class || type == Long.class) return size();
        if (type == short.class) return (short) number();
        if (type == byte.class) return (byte) number();
        if (type == char.class) return (char) number();
        if (type == boolean.class) return oneIn(2);
        if (type == float.class || type == Float.class) return choose(0.5f, Float.NaN, 1e30f);
        if (type == double.class || type == Double.class) return choose(0.5, Double.NaN, 1e300);
        if (oneIn(40)) return null;
        if (type == String.class) return text();
        if (type == byte[].class) return bytes();
        if (type == ByteBuffer.class) return buffer();
        if (type == Duration.class) return Duration.ofNanos(below(5_000_000));
        if (type == Path.class) return folder.resolve(choose("a", "b", "file", "no/such"));
        if (type == InputStream.class) return new ByteArrayInputStream(bytes());
        if (type == Class.class) return choose(IntUnaryOperator.class, IntBinaryOperator.class, Runnable.class, Object.class, Guest.class);
        if (type == Engine.class && oneIn(2)) return choose(engines.get(0), engines.get(1), Engine.shared());
        if (type == Module.class && !oneIn(4)) return bases.get(below(bases.size()));
        if (type == Imports.class && !oneIn(4)) return imports();
        if (type.isEnum()) return choose(type.getEnumConstants());
        if (type.isArray()) return array(type.getComponentType());
        if (type == Object.class) return any();
        Object found = pick(type);
        if (found == null && type.isInterface() && !type.isSealed()) return acts(type);
        return found;
    }

    /** The same where lists and maps say what is in them. */
    Object value(java.lang.reflect.Type type) {
        if (type instanceof Class<?> plain) return value(plain);
        if (!(type instanceof ParameterizedType whole)) return any();
        Class<?> raw = (Class<?>) whole.getRawType();
        java.lang.reflect.Type[] parts = whole.getActualTypeArguments();
        if (oneIn(40)) return null;
        if (raw.isAssignableFrom(ArrayList.class)) {
            List<Object> list = new ArrayList<>();
            for (int left = below(4); left > 0; left--) list.add(value(parts[0]));
            return list;
        }
        if (raw == Map.class) {
            Map<Object, Object> map = new HashMap<>();
            for (int left = below(3); left > 0; left--) map.put(value(parts[0]), value(parts[1]));
            return map;
        }
        return value(raw);
    }

    /** A list of interfaces that exports are called by. */
    interface Guest {
        int inc(int value);

        Object extern(Object object);
    }

    Object array(Class<?> element) {
        Object array = Array.newInstance(element, below(4));
        for (int i = 0; i < Array.getLength(array); i++) {
            Object value = value(element);
            if (value != null) Array.set(array, i, value);
        }
        return array;
    }

    // No object of a store: where a guest holds one, it holds its own store, and that is let go when it is closed, as the
    // guide says. It would be here for ever, with all that it knows.
    Object any() {
        return switch (below(8)) {
            case 0 -> null;
            case 1 -> (int) number();
            case 2 -> number();
            case 3 -> choose(0.5, 0.5f, "text");
            case 4 -> track(new Object());
            case 5 -> bytes();
            default -> choose(bases.get(0), engines.get(0), pick(Policy.class), pick(Limits.class), pick(GcRef.class));
        };
    }

    /** An argument for a parameter of a function. */
    Object argument(Type type) {
        if (oneIn(24)) return any();
        return switch (type.toString().toLowerCase(Locale.ROOT)) {
            case "i32" -> (int) number();
            case "i64" -> number();
            case "f32" -> choose(0.5f, Float.NaN);
            case "f64" -> choose(0.5, Double.NaN);
            case "v128" -> choose(new byte[16], new byte[3]);
            case "funcref" -> choose(null, pick(Func.class));
            case "exnref" -> choose(null, pick(TaggedException.class));
            case "structref", "arrayref" -> choose(null, pick(GcRef.class));
            default -> choose(null, track(new Object()), pick(GcRef.class), below(99), bases.get(0));
        };
    }

    Imports imports() {
        // A function that is kept by what it keeps.
        Object kept = track(new Object());
        HostFunction function = (HostFunction) acts(HostFunction.class);
        Imports.Builder list = Imports.builder();
        for (String name : new String[] {"number", "refs", "throws"}) {
            if (!oneIn(40)) list.func("host", name, function);
        }
        return list.value("host", "kept", kept).build();
    }

    // ---- Operations.

    void call() {
        Func func = pick(Func.class);
        Instance instance = pick(Instance.class);
        if (instance != null && (func == null || oneIn(2))) keep(func = instance.func(choose(NAMES)));
        if (func == null) return;
        List<Object> args = new ArrayList<>();
        for (Type type : func.type().params()) args.add(argument(type));
        if (oneIn(24)) args.add(any());
        Object[] given = args.toArray();
        keep(oneIn(4) ? func.callAsync(given) : oneIn(4) && instance != null ? instance.call(func.name(), given) : func.call(given));
    }

    void instantiate() {
        Module module = bases.get(below(bases.size()));
        Sandbox sandbox = pick(Sandbox.class);
        keep(oneIn(2) || sandbox == null ? module.instantiate(imports()) : module.instantiate(imports(), sandbox));
    }

    void reflect() throws ReflectiveOperationException {
        Executable member = null;
        Object self = null;
        // One of which there is an object to call it on, if it needs one.
        for (int tries = 0; tries < 8 && self == null; tries++) {
            member = members.get(below(members.size()));
            if (!(member instanceof Method) || Modifier.isStatic(member.getModifiers())) break;
            self = pick(member.getDeclaringClass());
        }
        if (self == null && member instanceof Method && !Modifier.isStatic(member.getModifiers())) return;
        // Closing and cancelling ends much: not as often as the rest.
        if (List.of("close", "cancel").contains(member.getName()) && !oneIn(4)) return;
        if (member.getDeclaringClass() == Engine.Builder.class && member.getName().equals("build") && !oneIn(20)) return;
        java.lang.reflect.Type[] types = member.getGenericParameterTypes();
        Object[] args = new Object[types.length];
        // Compiled code is not to be changed while it is loaded: it has names of its own.
        boolean isCode = List.of("compile", "loadPrecompiled").contains(member.getName());
        for (int i = 0; i < types.length; i++) args[i] = isCode && types[i] == Path.class ? folder.resolve("code" + below(4)) : value(types[i]);
        try {
            keep(member instanceof Method method ? method.invoke(self, args) : ((Constructor<?>) member).newInstance(args));
        } catch (IllegalArgumentException e) {
            // Null for a primitive: never sent.
        }
    }

    void operation() {
        boolean interrupts = oneIn(100);
        if (interrupts) Thread.currentThread().interrupt();
        try {
            int what = below(16);
            if (what < 5) call();
            else if (what == 5) instantiate();
            else if (what == 6 && oneIn(4)) own[below(OWN)] = null;
            else reflect();
        } catch (InvocationTargetException e) {
            ordinary(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        } catch (RuntimeException | Error e) {
            ordinary(e);
        } finally {
            if (interrupts) Thread.interrupted();
        }
    }

    /** Something that an operation may end with; what is wrong is thrown. */
    static void ordinary(Throwable thrown) {
        if (thrown instanceof WasmException error) {
            kinds.computeIfAbsent(error.kind().toString(), kind -> new AtomicInteger()).incrementAndGet();
            if (error.kind() == ErrorKind.INTERNAL) throw new AssertionError("an error of kind internal", error);
            if (String.valueOf(error.getMessage()).length() > 65536) throw new AssertionError("a long message", error);
            return;
        }
        if (thrown instanceof AssertionError wrong) throw wrong;
        boolean ours = thrown.getStackTrace().length > 0 && thrown.getStackTrace()[0].getClassName().startsWith("dev.landbridge");
        boolean odd = thrown instanceof LinkageError || thrown instanceof ArrayStoreException
                || ours && (thrown instanceof ClassCastException || thrown instanceof ArrayIndexOutOfBoundsException
                        || thrown instanceof NegativeArraySizeException);
        boolean plain = thrown instanceof RuntimeException || thrown instanceof StackOverflowError || thrown instanceof java.io.IOException
                || thrown instanceof UncheckedIOException || thrown instanceof InterruptedException || thrown instanceof CloneNotSupportedException;
        if (odd || !plain) throw new AssertionError("not an ordinary exception", thrown);
        kinds.computeIfAbsent(thrown.getClass().getSimpleName(), kind -> new AtomicInteger()).incrementAndGet();
    }

    // ---- Rounds.

    static void thread(int number, long seed, int first, int last) {
        Fuzz my = new Fuzz(seed * 31 + number * 7919L + first, false);
        me.set(my);
        for (int at = first; at < last && failures.isEmpty(); at++) {
            watched.put(number, new long[] {System.nanoTime(), at});
            try {
                my.operation();
            } catch (Throwable wrong) {
                java.io.StringWriter trace = new java.io.StringWriter();
                wrong.printStackTrace(new java.io.PrintWriter(trace));
                failures.add("thread " + number + ", operation " + at + ": " + trace);
            }
        }
        watched.remove(number);
        me.remove();
    }

    static void round(long seed, int from, int to, int threads) throws InterruptedException {
        int each = (to - from + threads - 1) / threads;
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int number = i + 1, first = Math.min(to, from + i * each), last = Math.min(to, first + each);
            Thread thread = new Thread(null, () -> thread(number, seed, first, last), "fuzz-" + number, STACKS[i % STACKS.length]);
            running.add(thread);
            thread.start();
        }
        for (Thread thread : running) thread.join();
        for (CompletableFuture<?> end; (end = ends.poll()) != null; ) {
            try {
                end.get(DEADLINE_S, java.util.concurrent.TimeUnit.SECONDS);
            } catch (java.util.concurrent.TimeoutException e) {
                failures.add("a call in flight does not end");
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.CancellationException e) {
                if (e.getCause() != null) later(e.getCause());
            }
        }
        for (int again = 0; again < 60; again++) {
            for (int i = 0; i < SHARED; i++) shared.set(i, null);
            if (tracked.get() - collected.get() <= 32) return;
            System.gc();
            // What was released while its store was in use is dropped by the next one.
            new Store().close();
            Thread.sleep(20);
        }
        failures.add((tracked.get() - collected.get()) + " of " + tracked + " objects are never let go");
    }

    static void later(Throwable thrown) {
        try {
            ordinary(thrown);
        } catch (AssertionError wrong) {
            failures.add("asynchronously: " + wrong + ": " + wrong.getCause());
        }
    }

    static void watch() {
        while (true) {
            try {
                Thread.sleep(1000);
            } catch (InterruptedException e) {
                return;
            }
            watched.forEach((number, since) -> {
                if (System.nanoTime() - since[0] < DEADLINE_S * 1_000_000_000L) return;
                System.err.println("FOUND: thread " + number + ", operation " + since[1] + " does not end");
                Thread.getAllStackTraces().forEach((thread, trace) -> System.err.println(thread + " " + String.join("\n    ", Stream.of(trace).map(String::valueOf).toList())));
                Runtime.getRuntime().halt(3);
            });
        }
    }

    static void findMembers() throws Exception {
        Path classes = Path.of(Engine.class.getProtectionDomain().getCodeSource().getLocation().toURI()).resolve("dev/landbridge");
        try (Stream<Path> files = Files.list(classes)) {
            for (Path file : files.filter(it -> it.toString().endsWith(".class")).sorted().toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                Class<?> type = Class.forName("dev.landbridge." + name, false, Fuzz.class.getClassLoader());
                if (!isPublic(type)) continue;
                Stream.of(type.getDeclaredConstructors()).filter(it -> Modifier.isPublic(it.getModifiers()) && !Modifier.isAbstract(type.getModifiers())).forEach(members::add);
                Stream.of(type.getDeclaredMethods()).filter(Fuzz::isCalled).forEach(members::add);
            }
        }
        members.sort(Comparator.comparing(Executable::toString));
    }

    static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers()) && (type.getDeclaringClass() == null || isPublic(type.getDeclaringClass()));
    }

    /** What a guest's streams inherit would be this process's own. */
    static boolean isCalled(Method method) {
        boolean isInherited = method.getName().equals("inherit")
                || method.getDeclaringClass() == Landbridge.class && !List.of(method.getParameterTypes()).contains(Sandbox.class)
                || method.getDeclaringClass() == Sandbox.class && method.getName().equals("program");
        return Modifier.isPublic(method.getModifiers()) && !method.isSynthetic() && !isInherited;
    }

    static long residentKb() throws java.io.IOException {
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * 4;
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, String> given = new HashMap<>(Map.of("--calls", "20000", "--seed", "1", "--from", "0", "--threads", "4", "--seconds", "0", "--guests", "fuzz"));
        for (int i = 0; i + 1 < arguments.length; i += 2) given.put(arguments[i], arguments[i + 1]);
        int calls = Integer.parseInt(given.get("--calls")), first = Integer.parseInt(given.get("--from"));
        int threads = Integer.parseInt(given.get("--threads")), seconds = Integer.parseInt(given.get("--seconds"));
        long seed = Long.parseLong(given.get("--seed")), start = System.nanoTime(), base = 0;
        System.out.println("java: --seed " + seed + " --from " + first + " --calls " + calls + " --threads " + threads);
        folder = Files.createTempDirectory("landbridge-fuzz");
        for (String name : List.of("guest", "program")) texts.add(Files.readString(Path.of(given.get("--guests"), name + ".wat")));
        engines.add(Engine.builder().noCache().build());
        engines.add(Engine.builder().noCache().signalHandlers(false).build());
        for (String text : texts) {
            bases.add(Module.load(text));
            for (Engine engine : engines) bases.add(Module.load(engine, text));
        }
        findMembers();
        Thread watchdog = new Thread(Fuzz::watch);
        watchdog.setDaemon(true);
        watchdog.start();
        int at = first, end = first + calls;
        for (int rounds = 1; at < end && failures.isEmpty(); rounds++) {
            int to = Math.min(end, at - at % ROUND + ROUND);
            round(seed, at, to, threads);
            at = to;
            long used = residentKb();
            if (rounds <= 3) base = Math.max(base, used);
            // The heap has a size of its own choice, up to -Xmx.
            if (used > base + (400 << 10)) failures.add(used + " KB are in use, after the first rounds it were " + base);
            if (seconds > 0 && System.nanoTime() - start > seconds * 1_000_000_000L) {
                System.out.println("java: ended by --seconds, " + (end - at) + " operations before its end");
                break;
            }
        }
        System.out.println("java: " + (at - first) + " operations on " + members.size() + " methods, " + nested + " more inside of them, "
                + (residentKb() >> 10) + " MB, errors: " + new TreeMap<>(kinds));
        failures.stream().limit(3).forEach(failure -> System.err.println("FOUND (seed " + seed + "): " + failure));
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
        System.exit(failures.isEmpty() ? 0 : 1);
    }
}
