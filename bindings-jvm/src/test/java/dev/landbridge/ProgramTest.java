package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs, and what is Java's of what guests write. */
class ProgramTest {
    private static final Path MODULES = ConformanceTest.CORPUS.resolve("modules");
    private static final Path ARGS = MODULES.resolve("args.wat");
    private static final Path SURVEY = MODULES.resolve("survey_rust.wasm");

    /** What a process of its own runs. */
    static final class Child {
        public static void main(String[] args) {
            // [run]
            int code = Landbridge.run(Path.of("app.wasm"), "first", "exit=7");
            // [end run]
            System.exit(code);
        }
    }

    @Test
    void aProgramHasTheStreamsOfTheProcess(@TempDir Path folder) throws Exception {
        Files.copy(SURVEY, folder.resolve("app.wasm"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path")));
        command.add(CheckJniTest.named(CheckJniTest.library()));
        command.add(Child.class.getName());
        Process child = new ProcessBuilder(command).directory(folder.toFile()).start();
        child.getOutputStream().write("one\ntwo\n".getBytes(StandardCharsets.UTF_8));
        child.getOutputStream().close();
        String told = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(7, child.waitFor(), () -> told);
        String expected = "argument first\nargument exit=7\ninput 8 bytes, 2 lines\nno folder\n";
        assertTrue(told.startsWith(expected), told);
    }

    @Test
    void whatTheSandboxSaysIsGranted(@TempDir Path data) throws Exception {
        Files.writeString(data.resolve("a.txt"), "hello");
        Path app = SURVEY;
        // [lines]
        List<String> lines = new ArrayList<>();
        Stdio stdio = Stdio.builder().stdout(Output.lines(lines::add)).build();
        Policy policy = Policy.program().withReadOnlyDir("/data", data).withEnv("LANG", "C");
        int code = Landbridge.run(app, Sandbox.program().withPolicy(policy).withStdio(stdio));
        // [end lines]
        assertEquals(0, code);
        assertEquals("variable LANG=C", lines.get(0));
        assertTrue(lines.contains("file a.txt 5 bytes"), lines::toString);
    }

    @Test
    void whatAGuestWroteIsPrintedWithTheException() throws Exception {
        try (Module module = Module.load(SURVEY);
                Instance instance = module.instantiate()) {
            Trap trap = assertThrows(Trap.class, instance::run);
            assertTrue(trap.output().startsWith("the guest wrote to stderr:\n    | thread 'main'"), trap::output);
            StringWriter printed = new StringWriter();
            trap.printStackTrace(new PrintWriter(printed, true));
            assertTrue(printed.toString().contains("WASI refused the guest:\n    | clock_time_get"), printed::toString);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            new ObjectOutputStream(bytes).writeObject(trap);
            Object back = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
            assertEquals(trap.output(), ((Trap) back).output());
        }
    }

    @Test
    void anInterruptEndsAProgram() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Stdio tells = Stdio.builder().stdout(Output.to(bytes -> begun.countDown())).build();
        Sandbox quiet = Sandbox.program().withStdio(tells);
        WasmException[] ended = new WasmException[1];
        Thread runner = new Thread(() -> ended[0] =
                assertThrows(WasmException.class, () -> Landbridge.run(ARGS, quiet, "loop")));
        runner.start();
        begun.await();
        runner.interrupt();
        runner.join();
        assertEquals(ErrorKind.CANCELLED, ended[0].kind());
    }

    @Test
    void whatTheFunctionForLinesThrowsComesOut() {
        RuntimeException boom = new RuntimeException("boom");
        Output throwing = Output.lines(line -> {
            throw boom;
        });
        Sandbox sandbox = Sandbox.program().withStdio(Stdio.builder().stdout(throwing).build());
        assertSame(boom, assertThrows(RuntimeException.class, () -> Landbridge.run(ARGS, sandbox)));
        assertThrows(NullPointerException.class, () -> Output.lines(null));
    }
}
