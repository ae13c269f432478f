package dev.landbridge;

import static dev.landbridge.CallTest.fails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Pipes that nobody reads or writes: a guest that waits for one ends with its call. */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
class StreamsTest {
    private static final Module WASI = Module.load(ConformanceTest.CORPUS.resolve("modules").resolve("wasi.wat"));
    private static final Executor SOON = CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS);

    @TempDir
    Path dir;

    private Path pipe;

    @BeforeEach
    void makePipe() throws IOException, InterruptedException {
        pipe = dir.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start().waitFor());
    }

    private Instance writer(Limits limits) {
        Stdio stdio = Stdio.builder().stdout(Output.file(pipe)).build();
        return WASI.instantiate(Imports.none(), new Sandbox(Policy.none(), limits, stdio));
    }

    @Test
    void aDeadlineEndsAWrite() throws IOException {
        Limits limits = Limits.builder().timeout(Duration.ofMillis(100)).build();
        try (Instance guest = writer(limits)) {
            fails(ErrorKind.TIMEOUT, "100 ms", () -> guest.call("write", 1, 10));
        }
        try (RandomAccessFile held = new RandomAccessFile(pipe.toFile(), "rw");
                Instance guest = writer(limits)) {
            fails(ErrorKind.TIMEOUT, "100 ms", () -> guest.call("flood"));
            assertTrue(held.getFD().valid());
        }
    }

    @Test
    void aDeadlineEndsARead() {
        Stdio stdio = Stdio.builder().stdin(Input.file(pipe)).build();
        Limits limits = Limits.builder().timeout(Duration.ofMillis(100)).build();
        try (Instance guest = WASI.instantiate(Imports.none(), new Sandbox(Policy.none(), limits, stdio))) {
            fails(ErrorKind.TIMEOUT, "100 ms", () -> guest.call("read", 0, 10));
        }
    }

    @Test
    void anotherThreadEndsAWrite() throws IOException {
        try (RandomAccessFile held = new RandomAccessFile(pipe.toFile(), "rw")) {
            Thread caller = Thread.currentThread();
            try (Instance guest = writer(Limits.none())) {
                SOON.execute(caller::interrupt);
                fails(ErrorKind.CANCELLED, "", () -> guest.call("flood"));
                assertTrue(Thread.interrupted());
            }
            try (Instance guest = writer(Limits.none())) {
                SOON.execute(guest.store()::cancel);
                fails(ErrorKind.CANCELLED, "", () -> guest.call("flood"));
            }
            Instance guest = writer(Limits.none());
            SOON.execute(guest::close);
            fails(ErrorKind.CLOSED, "", () -> guest.call("flood"));
            assertTrue(held.getFD().valid());
        }
    }
}
