import dev.landbridge.*;
import dev.landbridge.Module;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;

/**
 * The situations of ../leaks.json in Java. Takes the folder of the guests, the name of one and how many rounds, and prints the
 * bytes that the process has after a fifth of them and after all.
 */
public final class Leaks {
    static final class Thrown extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    static Object host(HostContext context, Object[] args) {
        return args.length == 1 ? args[0] : new Object[] {null, null};
    }

    static Imports imports(HostFunction function) {
        return Imports.builder().func("host", "number", function).func("host", "refs", function).func("host", "throws", function).build();
    }

    static void same(Object one, Object other) {
        if (!one.equals(other)) throw new AssertionError(one + " is not " + other);
    }

    static void fails(Class<? extends Exception> kind, Runnable what) {
        try {
            what.run();
        } catch (RuntimeException thrown) {
            if (kind.isInstance(thrown)) return;
            throw thrown;
        }
        throw new AssertionError("no " + kind);
    }

    static Module guest;
    static Instance instance, program, throwing, component;
    static Module things;
    static Pool pool;
    static Path folder;

    /** What a component takes things from. */
    public static final class Things {
        public record Thing(long n) {
            public long get() {
                return n;
            }
        }

        public Thing thing(long n) {
            return new Thing(n);
        }

        public void eat(Thing thing) {}

        public void keep(Thing thing) {}
    }

    static Imports things() {
        return Imports.builder().implement("things", new Things()).build();
    }

    static Instance component() {
        if (component == null) {
            things = Module.load(folder.resolve("../conformance/modules/things.wat"));
            component = things.instantiate(things());
        }
        return component;
    }

    static void witCalls() {
        WitFunc make = component().witFunc("make");
        WitType number = make.type().result().orElseThrow();
        same(number.format(number.parse("12")), "12");
        fails(TypeError.class, () -> make.call("no number"));
        same(make.call(7), 7L);
    }

    /** Of the guest: closed, given away, forgotten. Of Java: lent, given, refused. */
    static void witResources() {
        for (int i = 0; i < 3; i++) {
            Resource mine = (Resource) component().call("[constructor]mine", 1);
            if (i == 0) mine.close();
            if (i == 1) component().call("eat-mine", mine);
        }
        same(component().call("forward", new Things.Thing(3)), 3L);
        component().call("give", new Things.Thing(4));
        fails(TypeError.class, () -> component().call("make", new Things.Thing(1)));
    }

    static Map<String, LongConsumer> situations() {
        Imports lent = imports(Leaks::host);
        instance = guest.instantiate(lent);
        Func inc = instance.func("inc"), unreachable = instance.func("unreachable");
        Store store = new Store();
        FuncType unary = new FuncType(List.of(Type.I32), List.of(Type.I32));
        Policy policy = Policy.none().withEnv("A", "B");
        return Map.ofEntries(
                Map.entry("calls", i -> inc.call(1)),
                Map.entry("calls_by_name", i -> instance.call("inc", 1)),
                Map.entry("instances", i -> guest.instantiate(lent).close()),
                Map.entry("stores", i -> {
                    Store one = new Store();
                    one.instantiate(guest, lent);
                    one.instantiate(guest, lent);
                }),
                Map.entry("modules", i -> Module.load("(module (memory 1) (func (export \"f" + i + "\") (result i32) (i32.const " + i + ")))")),
                Map.entry("traps", i -> fails(Trap.class, unreachable::call)),
                Map.entry("throwing_callbacks", i -> {
                    if (throwing == null) {
                        throwing = guest.instantiate(Imports.builder().func("host", "number", (HostFunction) Leaks::host)
                                .func("host", "refs", (HostFunction) Leaks::host).func("host", "throws", (HostFunction) (context, args) -> {
                                    throw new Thrown();
                                }).build());
                    }
                    fails(Thrown.class, () -> throwing.call("catch", 1));
                }),
                Map.entry("async_calls", i -> same(inc.callAsync((int) i).join(), (int) i + 1)),
                Map.entry("externrefs", i -> {
                    Object one = new Object();
                    same(instance.call("extern", one), one);
                }),
                Map.entry("gc_refs", i -> same(((GcRef) instance.call("bytes", 100)).get(7), 0)),
                Map.entry("views", i -> instance.memory("memory").buffer().put(0, (byte) i)),
                Map.entry("pools", i -> {
                    if (pool == null) pool = Pool.builder(guest).imports(lent).build();
                    pool.call("inc", 1);
                    pool.get().close();
                }),
                // A function that captures the instance which it is lent to.
                Map.entry("cycles", i -> {
                    Instance[] one = new Instance[1];
                    one[0] = guest.instantiate(imports((context, args) -> one[0] == null ? 0 : host(context, args)));
                }),
                Map.entry("engines", i -> {
                    Engine engine = Engine.builder().noCache().build();
                    Module.load(engine, "(module (func (export \"f\")))").close();
                    new Store(engine).close();
                }),
                Map.entry("policies", i -> {
                    Policy one = Policy.fromJson("{\"env\":{\"A\":\"B\"},\"clock\":\"real\",\"random\":{\"seed\":1}}").restrict(policy);
                    one.toJson();
                    Limits limits = Limits.builder().timeout(Duration.ofSeconds(1)).build();
                    new Store(Sandbox.of(one, limits).withStdio(Stdio.builder().stdout(Output.capture()).build())).close();
                }),
                Map.entry("wasi_files", i -> {
                    if (program == null) {
                        Policy granted = Policy.none().withMemoryDir("/data", Map.of("file", "in it".getBytes()), Access.WRITE);
                        program = Module.load(folder.resolve("program.wat")).instantiate(Imports.none(), Sandbox.of(granted, Limits.none()));
                    }
                    same(program.call("open", 3, 0), 0);
                    same(program.call("close", 4), 0);
                }),
                Map.entry("cancelled_calls", i -> {
                    CompletableFuture<Object> call = guest.instantiate(lent).callAsync("spin", 0xffffff);
                    call.cancel(true);
                    try {
                        call.get();
                    } catch (CancellationException | ExecutionException | InterruptedException e) {
                        // As it should be.
                    }
                }),
                Map.entry("refused_links", i -> fails(LinkError.class, guest::instantiate)),
                Map.entry("funcs_and_tags", i -> {
                    Func.of(store, unary, Leaks::host);
                    Tag.of(store, Type.I32);
                }),
                Map.entry("inspections", i -> Module.inspect(folder.resolve("guest.wat")).features()));
    }

    static Map<String, LongConsumer> situationsOfComponents() {
        return Map.of(
                "components", i -> {
                    component();
                    try (Instance one = things.instantiate(things())) {
                        one.call("make", 7);
                    }
                },
                "wit_calls", i -> witCalls(),
                "wit_resources", i -> witResources());
    }

    static long resident() throws Exception {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(50);
            new Store().close();
        }
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * 4096;
    }

    public static void main(String[] args) throws Exception {
        folder = Path.of(args[0]);
        guest = Module.load(folder.resolve("guest.wat"));
        LongConsumer step = situationsOfComponents().get(args[1]);
        step = step == null ? situations().get(args[1]) : step;
        long rounds = Long.parseLong(args[2]), first = resident();
        for (long i = 0; i < rounds; i++) {
            if (i == rounds / 5) first = resident();
            // The collector knows nothing of the room that instances take which were only let go of.
            if (i % Math.max(1, rounds / 50) == 0) System.gc();
            step.accept(i);
        }
        System.out.println(first + " " + resident());
        System.exit(0);
    }
}
