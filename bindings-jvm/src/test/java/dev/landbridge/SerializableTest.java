package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How a store is closed in can travel to other JVMs, as data engines send it. */
class SerializableTest {
    private static final Policy POLICY = Policy.none()
            .withReadOnlyDir("/data", Path.of("data"))
            .withMemoryDir("/tmp", Map.of("a", new byte[] {1, -1}), Access.WRITE)
            .withEnv("LANG", "C")
            .withClock(GuestClock.real())
            .withTcpConnect("10.0.0.0/8", Ports.of(443));
    private static final Limits LIMITS =
            Limits.builder().fuel(7).memoryBytes(1L << 60).timeout(Duration.ofNanos(1_500_001)).build();

    private static byte[] written(Object object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    private static Object read(byte[] bytes) throws Exception {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        }
    }

    private static Object there(Object object) throws Exception {
        return read(written(object));
    }

    @Test
    void limitsAndPolicies() throws Exception {
        for (Object one : List.of(LIMITS, Limits.none(), POLICY, Policy.none())) {
            assertEquals(one, there(one));
        }
    }

    @Test
    void sandboxesWithTheirStreams() throws Exception {
        Stdio stdio = Stdio.builder()
                .stdin(Input.text("in"))
                .stdout(Output.capture())
                .stderr(Output.file(Path.of("errors.txt")))
                .refusals(Output.inherit())
                .build();
        Stdio other = Stdio.builder().stdin(Input.file(Path.of("in"))).build();
        Sandbox sandbox = new Sandbox(POLICY, LIMITS, stdio);
        for (Object one : List.of(sandbox, sandbox.withStdio(other), Sandbox.standard(), stdio, other)) {
            assertTrue(one instanceof Serializable);
            assertEquals(one, there(one));
            assertEquals(one.hashCode(), there(one).hashCode());
        }
        assertNotEquals(stdio, other);
        assertNotEquals(Input.text("a"), Input.text("b"));
        assertNotEquals(Output.file(Path.of("a")), Output.capture());
    }

    @Test
    void theSandboxThatCameWorks() throws Exception {
        Stdio stdio = Stdio.builder().stdout(Output.capture()).build();
        Sandbox there = (Sandbox) there(Sandbox.of(Policy.none(), Limits.builder().fuel(1000).build()).withStdio(stdio));
        String text = "(module (func (export \"f\") (loop (br 0))))";
        try (Module module = Module.load(text); Instance instance = module.instantiate(Imports.none(), there)) {
            assertEquals(ErrorKind.FUEL, assertThrows(FuelError.class, () -> instance.call("f")).kind());
        }
    }

    @Test
    void exceptionsKeepTheFramesOfTheGuest() throws Exception {
        String text = "(module $m (func $in unreachable) (func (export \"f\") (call $in)))";
        try (Module module = Module.load(text); Instance instance = module.instantiate()) {
            Trap trap = assertThrows(Trap.class, () -> instance.call("f"));
            Trap there = (Trap) there(trap);
            assertEquals(2, there.frames().size());
            assertEquals(trap.frames(), there.frames());
            assertEquals(trap.code(), there.code());
        }
    }

    @Test
    void whatGoesToAFunctionCannotTravel() {
        Stdio stdio = Stdio.builder().stdout(Output.to(bytes -> {})).build();
        Sandbox sandbox = Sandbox.standard().withStdio(stdio);
        for (Object one : List.of(sandbox, stdio, stdio.stdout())) {
            NotSerializableException refused = assertThrows(NotSerializableException.class, () -> written(one));
            assertTrue(refused.getMessage().contains("goes to a function cannot be serialized"), refused.getMessage());
        }
    }

    /** The same with another text of the same length somewhere in it. */
    private static byte[] forged(Object object, String text, String other) throws IOException {
        assertEquals(text.length(), other.length());
        String latin = new String(written(object), StandardCharsets.ISO_8859_1);
        assertTrue(latin.contains(text));
        return latin.replace(text, other).getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void whatWasAlteredOnItsWayIsChecked() throws Exception {
        byte[] limits = forged(LIMITS, "\"fuel\"", "\"FUEL\"");
        assertThrows(TypeError.class, () -> read(limits));
        byte[] policy = forged(POLICY, "\"env\"", "\"ENV\"");
        assertThrows(TypeError.class, () -> read(policy));
        // An object that says it is the thing itself, without what would be made of it.
        for (Class<?> one : List.of(Policy.class, Input.class, Output.class)) {
            byte[] bytes = bare(one);
            assertThrows(InvalidObjectException.class, () -> read(bytes));
        }
        byte[] inputs = written(Input.inherit());
        for (int i = 0; i < inputs.length - 4; i++) {
            if (Arrays.equals(Arrays.copyOfRange(inputs, i, i + 4), new byte[] {0, 0, 0, 1})) {
                inputs[i + 3] = 9;
            }
        }
        assertThrows(InvalidObjectException.class, () -> read(inputs));
    }

    private static final class Bare implements Serializable {
        private static final long serialVersionUID = 1;
    }

    private static byte[] bare(Class<?> one) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ObjectOutputStream out = new ObjectOutputStream(bytes) {
            @Override
            protected void writeClassDescriptor(ObjectStreamClass known) throws IOException {
                super.writeClassDescriptor(ObjectStreamClass.lookup(one));
            }
        };
        out.writeObject(new Bare());
        out.close();
        return bytes.toByteArray();
    }
}
