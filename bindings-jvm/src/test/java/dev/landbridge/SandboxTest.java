package dev.landbridge;

import static dev.landbridge.CallTest.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Limits, policies, streams, programs; deadlines, cancelling and interruption. */
@Timeout(60)
class SandboxTest {
    private static final Module LIMITS = guest("limits.wat");
    private static final Module WASI = guest("wasi.wat");
    private static final Module COUNT = guest("count.wasm");

    /** Tells Java that it runs, then runs for ever. */
    private static final Module BUSY = Module.load("(module (import \"e\" \"begun\" (func $begun))"
            + "(func (export \"run\") (call $begun) (loop $l (br $l))) (func (export \"one\") (result i32) i32.const 1))");

    @TempDir
    Path dir;

    private static Module guest(String name) {
        return Module.load(ConformanceTest.CORPUS.resolve("modules").resolve(name));
    }

    private static Instance with(Module module, Limits limits) {
        return module.instantiate(Imports.none(), Policy.none(), limits);
    }

    private static Instance with(Module module, Stdio stdio) {
        return module.instantiate(Imports.none(), Sandbox.standard().withStdio(stdio));
    }

    private static Instance program(String... args) {
        Stdio stdio = Stdio.builder().stdin(Input.text("a b\n")).stdout(Output.capture()).stderr(Output.capture()).build();
        return COUNT.instantiate(
                Imports.none(), Sandbox.of(Policy.none().withArgs(args), Limits.none()).withStdio(stdio));
    }

    private static void write(Instance guest, String text) {
        guest.memory("memory").write(1000, text.getBytes(StandardCharsets.UTF_8));
        guest.call("write", 1, text.length());
    }

    // Limits

    @Test
    void limitsAreValues() {
        Limits limits = Limits.builder().memoryBytes(64 << 20).timeout(Duration.ofMillis(500)).fuel(10_000_000).build();
        assertEquals(OptionalLong.of(64 << 20), limits.memoryBytes());
        assertEquals(Optional.of(Duration.ofMillis(500)), limits.timeout());
        assertEquals(OptionalLong.empty(), limits.instances());
        assertEquals(Limits.builder().build(), Limits.none());
        assertNotEquals(Limits.none(), limits);
        Limits.Builder builder = Limits.builder().fuel(1);
        Limits first = builder.build();
        builder.fuel(2);
        assertEquals(OptionalLong.of(1), first.fuel());
    }

    @Test
    void limitsAreNotNegative() {
        fails(ErrorKind.RANGE, "memoryBytes: -1", () -> Limits.builder().memoryBytes(-1).build());
        fails(ErrorKind.RANGE, "tableElements", () -> Limits.builder().tableElements(-1).build());
        fails(ErrorKind.RANGE, "instances", () -> Limits.builder().instances(-1).build());
        fails(ErrorKind.RANGE, "fuel", () -> Limits.builder().fuel(Long.MIN_VALUE).build());
        fails(ErrorKind.RANGE, "outputBytes", () -> Limits.builder().outputBytes(-1).build());
        fails(ErrorKind.RANGE, "timeout: PT-1S", () -> Limits.builder().timeout(Duration.ofSeconds(-1)).build());
        assertThrows(NullPointerException.class, () -> Limits.builder().timeout(null));
        assertThrows(NullPointerException.class, () -> Sandbox.of(null, Limits.none()));
        assertThrows(NullPointerException.class, () -> Sandbox.standard().withStdio(null));
    }

    @Test
    void theLongestTimes() {
        Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
        for (Duration timeout : List.of(longest, Duration.ofNanos(Long.MAX_VALUE), Duration.ofDays(365 * 290))) {
            try (Instance guest = with(LIMITS, Limits.builder().timeout(timeout).build())) {
                assertEquals(1, guest.call("one"));
            }
        }
    }

    @Test
    void whatRanOutIsTold() {
        try (Instance guest = with(LIMITS, Limits.builder().memoryBytes(1 << 16).build())) {
            assertEquals(-1, guest.call("grow", 1));
            WasmException e = fails(ErrorKind.MEMORY_LIMIT, "65536 bytes", () -> guest.call("must_grow", 1));
            assertEquals(Optional.of(TrapCode.UNREACHABLE), ((LimitExceeded) e).code());
        }
        try (Instance guest = with(LIMITS, Limits.builder().fuel(1000).build())) {
            WasmException e = fails(ErrorKind.FUEL, "", () -> guest.call("loop"));
            assertEquals(Optional.empty(), ((LimitExceeded) e).code());
        }
    }

    @Test
    void usageAndFuel() {
        try (Instance guest = with(LIMITS, Limits.builder().fuel(1000).build())) {
            guest.call("count", 100);
            Usage usage = guest.store().usage();
            assertEquals(new Usage(1 << 16, 1 << 16, 1, 1, 0, 0, 0, usage.fuelUsed(), usage.lastCall(), 0), usage);
            assertTrue(usage.fuelUsed().getAsLong() > 300);
            guest.store().setFuel(Long.MAX_VALUE);
            assertEquals(OptionalLong.of(0), guest.store().usage().fuelUsed());
            fails(ErrorKind.RANGE, "fuel: -1", () -> guest.store().setFuel(-1));
        }
    }

    @Test
    void aStoreIsClosedIn() {
        Sandbox sandbox = Sandbox.standard().withLimits(Limits.builder().instances(1).build());
        try (Store store = new Store(sandbox)) {
            store.instantiate(LIMITS);
            fails(ErrorKind.LIMIT, "1 instances", () -> store.instantiate(LIMITS));
        }
    }

    @Test
    void aClosedStore() {
        Store store = new Store();
        store.close();
        fails(ErrorKind.CLOSED, "store", store::usage);
        fails(ErrorKind.CLOSED, "store", () -> store.setFuel(1));
        fails(ErrorKind.CLOSED, "store", store::stdout);
        fails(ErrorKind.CLOSED, "store", store::cancel);
    }

    @Test
    void outputOfAClosedInstance() {
        Instance guest = program();
        Store store = guest.store();
        assertEquals(0, guest.run());
        guest.close();
        assertEquals("1 2 4 -\n", new String(store.stdout(), StandardCharsets.UTF_8));
        fails(ErrorKind.CLOSED, "store", store::usage);
    }

    // Policies

    @Test
    void aPolicyIsAValue() {
        Policy policy = Policy.none()
                .withReadOnlyDir("/data", Path.of("data"))
                .withDir("/out", Path.of("out"), Access.WRITE)
                .withEnv("LANG", "C")
                .withArgs("prog", "-v")
                .withClock(GuestClock.stepped(Instant.parse("2001-02-03T04:05:06.000000007Z"), Duration.ofMillis(8)))
                .withRandom(GuestRandom.seeded(-1));
        assertEquals(
                Map.of("/data", new Dir(Path.of("data"), Access.READ), "/out", new Dir(Path.of("out"), Access.WRITE)),
                policy.dirs());
        assertEquals(Map.of("LANG", "C"), policy.env());
        assertEquals(List.of("prog", "-v"), policy.args());
        assertEquals(
                new GuestClock.Stepped(Instant.parse("2001-02-03T04:05:06.000000007Z"), Duration.ofMillis(8)),
                policy.clock());
        assertEquals(new GuestRandom.Seeded(-1), policy.random());
        assertTrue(policy.toJson().contains("\"seed\":18446744073709551615"), policy.toJson());
        Policy again = Policy.fromJson(policy.toJson());
        assertEquals(policy, again);
        assertEquals(policy.hashCode(), again.hashCode());
        assertNotEquals(policy, policy.withEnv("LANG", "D"));
        assertEquals(policy.toJson(), policy.toString());
        assertThrows(UnsupportedOperationException.class, () -> policy.env().put("A", "b"));
        assertEquals(Policy.none(), Policy.fromJson("{}"));
        assertTrue(Policy.none().dirs().isEmpty());
        assertEquals(GuestClock.none(), Policy.none().clock());
        assertEquals(GuestRandom.none(), Policy.none().random());
    }

    @Test
    void everyClock() {
        Instant last = Instant.EPOCH.plusSeconds(18446744073L).plusNanos(709551615);
        for (GuestClock clock : List.of(
                GuestClock.none(),
                GuestClock.real(),
                GuestClock.fixed(Instant.EPOCH),
                GuestClock.fixed(last),
                GuestClock.stepped(last, Duration.ZERO))) {
            assertEquals(clock, Policy.none().withClock(clock).clock());
        }
        assertEquals(GuestRandom.secure(), Policy.none().withRandom(GuestRandom.secure()).random());
        fails(ErrorKind.RANGE, "out of range", () -> GuestClock.fixed(last.plusNanos(1)));
        fails(ErrorKind.RANGE, "out of range", () -> GuestClock.fixed(last.plusSeconds(1)));
        fails(ErrorKind.RANGE, "out of range", () -> GuestClock.fixed(Instant.MAX));
        fails(ErrorKind.RANGE, "out of range", () -> GuestClock.fixed(Instant.EPOCH.minusNanos(1)));
        fails(ErrorKind.RANGE, "out of range", () -> GuestClock.stepped(last, Duration.ofNanos(-1)));
    }

    @Test
    void policiesAreOnlyNarrowed() {
        Policy most = Policy.none().withDir("/a", Path.of("a"), Access.WRITE).withEnv("A", "1");
        Policy asked = Policy.none().withReadOnlyDir("/a", Path.of("a")).withEnv("B", "2");
        Policy both = asked.restrict(most);
        assertEquals(Policy.none().withReadOnlyDir("/a", Path.of("a")), both);
        assertTrue(most.allows(both) && asked.allows(both));
        assertFalse(most.allows(asked));
    }

    @Test
    void policiesOfFiles() throws IOException {
        Path file = Files.writeString(dir.resolve("policy.json"), "{\"env\":{\"A\":\"1\"}}");
        assertEquals(Policy.none().withEnv("A", "1"), Policy.fromFile(file));
        fails(ErrorKind.IO, "missing", () -> Policy.fromFile(dir.resolve("missing")));
        fails(ErrorKind.TYPE, "\"envy\"", () -> Policy.fromJson("{\"envy\":{}}"));
        fails(ErrorKind.TYPE, "", () -> Policy.fromJson("nonsense"));
        assertThrows(NullPointerException.class, () -> Policy.fromJson(null));
        assertThrows(NullPointerException.class, () -> Policy.none().withEnv("A", null));
        assertThrows(NullPointerException.class, () -> Policy.none().withArgs("a", null));
        assertThrows(NullPointerException.class, () -> Policy.none().withDir("/a", dir, null));
        assertThrows(NullPointerException.class, () -> Policy.none().withClock(null));
        fails(ErrorKind.TYPE, "surrogate", () -> Policy.none().withEnv("A", "\ud800"));
    }

    // Streams and programs

    @Test
    void exitCodes() {
        assertEquals(0, program().run());
        Instance missing = program("count", "/missing");
        assertEquals(2, missing.run());
        assertTrue(new String(missing.store().stderr(), StandardCharsets.UTF_8).startsWith("/missing: "));
        try (Instance guest = WASI.instantiate()) {
            WasmException e = fails(ErrorKind.EXIT, "exit code 7", () -> guest.call("exit", 7));
            assertEquals(7, ((Exit) e).exitCode());
            assertEquals("exit", e.frames().get(0).funcName().orElseThrow());
        }
        try (Instance guest = WASI.instantiate()) {
            fails(ErrorKind.NOT_FOUND, "_start", guest::run);
        }
    }

    @Test
    void errorsTravel() throws Exception {
        try (Instance guest = WASI.instantiate()) {
            WasmException exit = fails(ErrorKind.EXIT, "", () -> guest.call("exit", 125));
            assertEquals(125, ((Exit) ConformanceFiles.arrived(ConformanceFiles.sent(exit))).exitCode());
        }
        try (Instance guest = with(LIMITS, Limits.builder().fuel(10).build())) {
            WasmException limit = fails(ErrorKind.FUEL, "", () -> guest.call("loop"));
            assertEquals(Optional.empty(), ((LimitExceeded) ConformanceFiles.arrived(ConformanceFiles.sent(limit))).code());
        }
    }

    @Test
    void streamsOfFiles() throws IOException {
        Path in = Files.writeString(dir.resolve("in"), "one two\n");
        Path out = dir.resolve("out");
        Stdio stdio = Stdio.builder().stdin(Input.file(in)).stdout(Output.file(out)).build();
        assertEquals(0, with(COUNT, stdio).run());
        assertEquals("1 2 8 -\n", Files.readString(out));
        Stdio missing = Stdio.builder().stdin(Input.file(dir.resolve("missing"))).build();
        fails(ErrorKind.IO, "missing", () -> with(COUNT, missing));
    }

    @Test
    void inputIsCopied() {
        byte[] bytes = {'a', ' ', 'b'};
        Stdio stdio = Stdio.builder().stdin(Input.bytes(bytes)).stdout(Output.capture()).build();
        bytes[1] = 'x';
        Instance guest = with(COUNT, stdio);
        assertEquals(0, guest.run());
        assertArrayEquals("0 2 3 -\n".getBytes(StandardCharsets.UTF_8), guest.store().stdout());
        assertEquals(0, guest.store().stdout().length);
        assertEquals(0, guest.store().stderr().length);
    }

    @Test
    void oneFunctionForManyGuests() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Thread here = Thread.currentThread();
        Stdio stdio = Stdio.builder()
                .stdout(Output.to(bytes -> {
                    assertSame(here, Thread.currentThread());
                    out.write(bytes);
                }))
                .build();
        for (String text : List.of("one", "two")) {
            try (Instance guest = with(WASI, stdio)) {
                write(guest, text);
            }
        }
        try (Store store = new Store(Sandbox.standard().withStdio(stdio))) {
            write(store.instantiate(WASI), "three");
        }
        assertEquals("onetwothree", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whatAFunctionForOutputThrows() {
        IOException full = new IOException("full");
        Error error = new AssertionError("no");
        for (Throwable thrown : List.of(full, error)) {
            Stdio stdio = Stdio.builder()
                    .stdout(Output.to(bytes -> {
                        throw thrown;
                    }))
                    .build();
            try (Instance guest = with(WASI, stdio)) {
                assertSame(thrown, assertThrows(Throwable.class, () -> write(guest, "x")));
                assertEquals("write", WasmException.framesOf(thrown).get(0).funcName().orElseThrow());
            }
        }
    }

    /** An exception of the guest's own store, too: what writes is WASI, and nobody in the guest can catch it. */
    @Test
    void aTaggedExceptionOfAFunctionForOutput() {
        AtomicReference<TaggedException> thrown = new AtomicReference<>();
        Stdio stdio = Stdio.builder()
                .stdout(Output.to(bytes -> {
                    throw thrown.get();
                }))
                .build();
        try (Instance guest = with(WASI, stdio)) {
            thrown.set(new TaggedException(Tag.of(guest.store(), Type.I32), 5));
            assertSame(thrown.get(), fails(ErrorKind.EXCEPTION, "", () -> write(guest, "x")));
            assertEquals(List.of(5), thrown.get().payload());
        }
    }

    @Test
    void manyWritesInOneCallLeaveNoReferences() {
        long[] length = new long[1];
        Stdio stdio = Stdio.builder().stdout(Output.to(bytes -> length[0] += bytes.length)).build();
        Limits limits = Limits.builder().outputBytes(8 << 20).build();
        Sandbox sandbox = Sandbox.of(Policy.none(), limits).withStdio(stdio);
        try (Instance guest = WASI.instantiate(Imports.none(), sandbox)) {
            fails(ErrorKind.LIMIT, "8388608 bytes", () -> guest.call("flood"));
        }
        assertEquals(8 << 20, length[0]);
    }

    @Test
    void aFunctionThatCapturesItsGuestIsCollected() throws InterruptedException {
        WeakReference<Instance> gone = captured();
        Waiting.untilCollected(() -> gone.get() == null);
    }

    private static WeakReference<Instance> captured() {
        Instance[] own = new Instance[1];
        Stdio stdio = Stdio.builder().stdout(Output.to(bytes -> own[0].hashCode())).build();
        own[0] = with(WASI, stdio);
        write(own[0], "x");
        return new WeakReference<>(own[0]);
    }

    // What ends a call

    @Test
    void aDeadlineEndsItsGuestAlone() throws Exception {
        Instance late = with(LIMITS, Limits.builder().timeout(Duration.ofMillis(30)).build());
        try (Instance sibling = LIMITS.instantiate()) {
            Running running = new Running(() -> late.call("loop"));
            while (running.isAlive()) {
                assertEquals(1, sibling.call("one"));
            }
            assertEquals(ErrorKind.TIMEOUT, running.end().kind());
        }
        fails(ErrorKind.POISONED, "", () -> late.call("one"));
        assertTrue(late.store().usage().lastCall().toMillis() >= 25);
    }

    /** A call on a thread of its own. */
    private static final class Running extends Thread {
        private final Runnable call;
        private Throwable thrown;
        private boolean interrupted;

        Running(Runnable call) {
            this.call = call;
            start();
        }

        @Override
        public void run() {
            try {
                call.run();
            } catch (Throwable e) {
                thrown = e;
            }
            interrupted = isInterrupted();
        }

        WasmException end() throws InterruptedException {
            join(30_000);
            return (WasmException) thrown;
        }
    }

    private static Instance busy(Runnable begun) {
        return BUSY.instantiate(Imports.builder().func("e", "begun", begun).build());
    }

    @Test
    void cancelledByAnotherThread() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        try (Instance guest = busy(begun::countDown)) {
            guest.store().cancel(); // Nothing runs yet.
            assertEquals(1, guest.call("one"));
            Running running = new Running(() -> guest.call("run"));
            begun.await();
            guest.store().cancel();
            assertEquals(ErrorKind.CANCELLED, running.end().kind());
            assertFalse(running.interrupted);
            fails(ErrorKind.POISONED, "", () -> guest.call("one"));
        }
    }

    @Test
    void interruptedWhileItRuns() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        try (Instance guest = busy(begun::countDown)) {
            Running running = new Running(() -> guest.call("run"));
            begun.await();
            running.interrupt();
            WasmException e = running.end();
            assertEquals(ErrorKind.CANCELLED, e.kind());
            assertTrue(e.message().contains("interrupted"), e.message());
            assertEquals(1, e.frames().size());
            assertTrue(running.interrupted, "the state stays set");
        }
    }

    @Test
    void interruptedWhileItSleeps() throws Exception {
        try (Instance guest = WASI.instantiate()) {
            Running running = new Running(() -> guest.call("sleep", 3_600_000_000_000L));
            Thread.sleep(20); // sleeps: the guest sleeps by now, which nothing tells
            running.interrupt();
            assertEquals(ErrorKind.CANCELLED, running.end().kind());
            assertTrue(running.interrupted);
        }
    }

    @Test
    void cancelledWhileItSleeps() throws Exception {
        try (Instance guest = WASI.instantiate()) {
            Store store = guest.store();
            Running running = new Running(() -> guest.call("sleep", 3_600_000_000_000L));
            while (running.isAlive()) {
                store.cancel();
                Thread.sleep(1); // sleeps: a poll
            }
            assertEquals(ErrorKind.CANCELLED, running.end().kind());
        }
    }

    @Test
    void anInterruptedThreadMakesShortCalls() {
        try (Instance guest = LIMITS.instantiate()) {
            Thread.currentThread().interrupt();
            assertEquals(1, guest.call("one"));
            fails(ErrorKind.CANCELLED, "interrupted", () -> guest.call("loop"));
        } finally {
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void anInterruptedHostFunctionThrowsItself() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicReference<Throwable> seen = new AtomicReference<>();
        HostFunction waits = (ctx, args) -> {
            begun.countDown();
            Waiting.forever();
            return null;
        };
        try (Instance guest = BUSY.instantiate(Imports.builder().func("e", "begun", waits).build())) {
            Running running = new Running(() -> {
                try {
                    guest.call("run");
                } catch (Throwable e) {
                    seen.set(e);
                }
            });
            begun.await();
            running.interrupt();
            running.end();
            assertTrue(seen.get() instanceof InterruptedException, () -> seen.get().toString());
            assertEquals(1, guest.call("one"));
        }
    }
}
