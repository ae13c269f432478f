package dev.landbridge;

import static dev.landbridge.CallTest.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Networks, folders in memory, limits for files, refusals, exits of functions of Java. */
class GrantsTest {
    private static final Module FILES = guest("files.wat");
    private static final int NOTHING = 0, CREATE = 1, NOSPC = 51, MFILE = 33, NOT_PERMITTED = 63;
    private static final long READ = 2, WRITE = 64;

    private static Module guest(String name) {
        return Module.load(ConformanceTest.CORPUS.resolve("modules").resolve(name));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    // Networks

    private static InetSocketAddress address(String literal, int port) throws Exception {
        return new InetSocketAddress(InetAddress.getByName(literal), port);
    }

    @Test
    void portsAreValues() {
        assertEquals(new Ports(443, 443), Ports.of(443));
        assertEquals(Ports.of(443), Ports.parse("443"));
        assertEquals(new Ports(8000, 8999), Ports.parse("8000-8999"));
        assertEquals(Ports.ANY, Ports.parse("*"));
        assertEquals(Ports.ANY, Ports.parse("0-65535"));
        assertEquals(List.of("443", "8000-8999", "*"),
                List.of(Ports.of(443).toString(), new Ports(8000, 8999).toString(), Ports.ANY.toString()));
        assertTrue(new Ports(1, 3).contains(3));
        assertFalse(new Ports(1, 3).contains(0));
        assertFalse(Ports.ANY.contains(65536));
    }

    @Test
    void whatIsNoPort() {
        fails(ErrorKind.RANGE, "port: -1 is out of range (0 to 65535)", () -> Ports.of(-1));
        fails(ErrorKind.RANGE, "port: 65536 is out of range (0 to 65535)", () -> new Ports(0, 65536));
        fails(ErrorKind.RANGE, "ports: 1 comes before 2", () -> new Ports(2, 1));
        for (String wrong : List.of("", "-1", "65536", "2-1", "1-", "http", "1-2-3", "+1")) {
            fails(ErrorKind.TYPE, "write 443, 8000-8999 or *", () -> Ports.parse(wrong));
        }
        assertThrows(NullPointerException.class, () -> Ports.parse(null));
        fails(ErrorKind.RANGE, "port: 65616", () -> Policy.none().withTcpConnect("10.0.0.0/8", 65616));
        fails(ErrorKind.RANGE, "port: -1", () -> Policy.none().allowsName("a", -1));
        fails(ErrorKind.RANGE, "port: 65616", () -> Policy.none().allowsHttp("http", "a", 65616, "GET"));
    }

    @Test
    void eachGrantIsOfItsSort() throws Exception {
        Policy policy = Policy.none()
                .withTcpConnect("10.0.0.0/8", 1)
                .withTcpBind("127.0.0.1", Ports.parse("2-3"))
                .withUdpConnect("2001:db8::/32", Ports.ANY)
                .withUdpBind("::1", 4);
        assertEquals(
                "{\"tcp_bind\":[{\"network\":\"127.0.0.1/32\",\"ports\":\"2-3\"}],"
                        + "\"tcp_connect\":[{\"network\":\"10.0.0.0/8\",\"ports\":\"1\"}],"
                        + "\"udp_bind\":[{\"network\":\"::1/128\",\"ports\":\"4\"}],"
                        + "\"udp_connect\":[{\"network\":\"2001:db8::/32\",\"ports\":\"*\"}]}",
                JsonParser.parseString(policy.toJson()).getAsJsonObject().get("network").toString());
        assertTrue(policy.allowsTcpConnect(address("10.1.2.3", 1)));
        assertFalse(policy.allowsTcpConnect(address("10.1.2.3", 2)));
        assertFalse(policy.allowsUdpConnect(address("10.1.2.3", 1)));
        assertTrue(policy.allowsTcpBind(address("127.0.0.1", 3)));
        assertTrue(policy.allowsUdpConnect(address("2001:db8::9", 65535)));
        assertTrue(policy.allowsUdpBind(address("::1", 4)));
        assertFalse(policy.allowsTcpBind(address("::1", 4)));
        assertEquals(policy, Policy.fromJson(policy.toJson()));
        assertEquals(Policy.none().withTcpConnect("10.0.0.0/16", 1),
                policy.restrict(Policy.none().withTcpConnect("10.0.0.0/16", Ports.ANY)));
    }

    @Test
    void namesAndRequests() {
        Policy policy = Policy.none()
                .withName("*.Example.org", 443)
                .withHttp("https", "api.example.org", 443, "GET")
                .withHttp("*", "*", new Ports(8000, 8080), "*");
        assertTrue(policy.allowsName("a.example.org."));
        assertFalse(policy.allowsName("example.org"));
        assertTrue(policy.allowsName("a.example.org", 443));
        assertFalse(policy.allowsName("a.example.org", 80));
        assertTrue(policy.allowsHttp("https", "api.example.org", 443, "GET"));
        assertFalse(policy.allowsHttp("https", "api.example.org", 443, "POST"));
        assertTrue(policy.allowsHttp("http", "other", 8080, "POST"));
    }

    @Test
    void whatIsWrongIsSaid() {
        Policy none = Policy.none();
        fails(ErrorKind.TYPE, "\"10.0.0.0/33\" is no address or network; write 10.0.0.0/8",
                () -> none.withTcpConnect("10.0.0.0/33", 1));
        fails(ErrorKind.TYPE, "\"example.org\" is no address or network", () -> none.withUdpBind("example.org", 1));
        fails(ErrorKind.TYPE, "\"a b\" is no name of a host", () -> none.withName("a b", Ports.ANY));
        fails(ErrorKind.TYPE, "scheme", () -> none.withHttp("ftp", "a", 1, "GET"));
        fails(ErrorKind.TYPE, "method", () -> none.withHttp("http", "a", 1, ""));
        fails(ErrorKind.TYPE, "not resolved; resolve it, or ask allowsName",
                () -> none.allowsTcpConnect(InetSocketAddress.createUnresolved("example.org", 80)));
    }

    @Test
    void nothingIsNull() {
        Policy none = Policy.none();
        assertThrows(NullPointerException.class, () -> none.withTcpBind(null, 1));
        assertThrows(NullPointerException.class, () -> none.withTcpBind("::1", null));
        assertThrows(NullPointerException.class, () -> none.withName(null, 1));
        assertThrows(NullPointerException.class, () -> none.withHttp("http", "a", 1, null));
        assertThrows(NullPointerException.class, () -> none.allowsUdpBind(null));
        assertThrows(NullPointerException.class, () -> none.allowsName(null));
        assertThrows(NullPointerException.class, () -> none.allowsHttp(null, "a", 1, "GET"));
    }

    // Folders in memory

    private static Instance withFolder(Limits limits, Stdio stdio) {
        Policy policy = Policy.none().withMemoryDir("/tmp", Map.of("a.txt", bytes("hello")), Access.WRITE);
        return FILES.instantiate(Imports.none(), Sandbox.of(policy, limits).withStdio(stdio));
    }

    /** The error of WASI and the descriptor. */
    private static List<Object> open(Instance guest, String path, int flags, long rights) {
        guest.memory("memory").write(1000, bytes(path));
        return Arrays.asList((Object[]) guest.call("open", 3, path.length(), flags, rights));
    }

    @Test
    void aFolderInMemoryIsAValue() {
        byte[] content = {0, (byte) 255};
        Map<String, byte[]> files = Map.of("d/b.bin", content, "a.txt", bytes("hi"));
        Policy policy = Policy.none().withMemoryDir("/tmp", files, Access.READ);
        content[0] = 9;
        MemoryDir dir = policy.memoryDirs().get("/tmp");
        assertEquals(List.of("a.txt", "d/b.bin"), List.copyOf(dir.files().keySet()));
        assertArrayEquals(new byte[] {0, (byte) 255}, dir.files().get("d/b.bin"));
        dir.files().get("a.txt")[0] = 'x';
        assertEquals(new MemoryDir(Map.of("a.txt", bytes("hi"), "d/b.bin", new byte[] {0, -1}), Access.READ), dir);
        assertEquals(new MemoryDir(dir.files(), Access.READ).hashCode(), dir.hashCode());
        assertNotEquals(new MemoryDir(dir.files(), Access.WRITE), dir);
        assertNotEquals(new MemoryDir(Map.of("a.txt", bytes("ho"), "d/b.bin", new byte[2]), Access.READ), dir);
        assertEquals("MemoryDir([a.txt, d/b.bin], READ)", dir.toString());
        assertThrows(UnsupportedOperationException.class, () -> dir.files().clear());
        assertThrows(UnsupportedOperationException.class, () -> policy.memoryDirs().clear());
        assertTrue(policy.dirs().isEmpty());
        assertEquals(policy, Policy.fromJson(policy.toJson()));
        Policy writable = Policy.none().withMemoryDir("/tmp", Map.of(), Access.WRITE);
        assertEquals(new MemoryDir(Map.of(), Access.WRITE), writable.memoryDirs().get("/tmp"));
    }

    @Test
    void pathsStayInside() {
        for (String path : List.of("/a", "../a", "a/../../b", "", "a//b")) {
            fails(ErrorKind.TYPE, "is no path of a file inside a folder",
                    () -> Policy.none().withMemoryDir("/tmp", Map.of(path, new byte[0]), Access.READ));
        }
        Map<String, byte[]> both = Map.of("a", new byte[0], "a/b", new byte[0]);
        fails(ErrorKind.TYPE, "\"a\" is a file and cannot hold \"a/b\"",
                () -> Policy.none().withMemoryDir("/tmp", both, Access.READ));
        assertThrows(NullPointerException.class, () -> Policy.none().withMemoryDir("/tmp", null, Access.READ));
        assertThrows(NullPointerException.class, () -> Policy.none().withMemoryDir("/tmp", Map.of(), null));
        assertThrows(NullPointerException.class, () -> Policy.none().withMemoryDir(null, Map.of(), Access.READ));
    }

    /** What the compiler was talked out of checking must not reach the native side. */
    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void objectsOfOtherTypesAreFound() {
        Map texts = Map.of("a", "text");
        assertThrows(ClassCastException.class, () -> Policy.none().withMemoryDir("/tmp", texts, Access.READ));
        Map numbers = Map.of(1, new byte[0]);
        assertThrows(ArrayStoreException.class, () -> Policy.none().withMemoryDir("/tmp", numbers, Access.READ));
        List args = List.of(1);
        assertThrows(ArrayStoreException.class, () -> Policy.none().withArgs(args));
    }

    @Test
    void manyFiles() {
        Map<String, byte[]> files = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            files.put("d" + i % 10 + "/f" + i, bytes("content " + i));
        }
        MemoryDir dir = Policy.none().withMemoryDir("/tmp", files, Access.READ).memoryDirs().get("/tmp");
        assertEquals(new MemoryDir(files, Access.READ), dir);
    }

    // Limits and refusals

    @Test
    void filesAreBounded() {
        Limits limits = Limits.builder().writtenBytes(4096 + 10).openFiles(1).build();
        assertEquals(OptionalLong.of(4106), limits.writtenBytes());
        assertEquals(OptionalLong.of(1), limits.openFiles());
        fails(ErrorKind.RANGE, "writtenBytes: -1", () -> Limits.builder().writtenBytes(-1).build());
        fails(ErrorKind.RANGE, "openFiles: -1", () -> Limits.builder().openFiles(-1).build());
        try (Instance guest = withFolder(limits, Stdio.none())) {
            assertEquals(List.of(NOTHING, 4), open(guest, "new", CREATE, WRITE));
            assertEquals(List.of(MFILE, -1), open(guest, "a.txt", NOTHING, READ));
            assertEquals(NOTHING, guest.call("write", 4, 10));
            assertEquals(NOSPC, guest.call("write", 4, 1));
            assertEquals(4106, guest.store().usage().writtenBytes());
            assertEquals(1, guest.store().usage().openFiles());
            guest.call("close", 4);
            assertEquals(0, guest.store().usage().openFiles());
        }
    }

    private static final String REFUSED = "refused: path_open \"../x\" below \"/tmp\": not permitted\n";

    @Test
    void refusalsAreCaptured() {
        Stdio stdio = Stdio.builder().refusals(Output.capture()).build();
        try (Instance guest = withFolder(Limits.none(), stdio)) {
            assertEquals(List.of(NOT_PERMITTED, -1), open(guest, "../x", NOTHING, READ));
            assertEquals(REFUSED, text(guest.store().refusals()));
            assertEquals(0, guest.store().refusals().length);
            assertEquals(0, guest.store().usage().outputBytes());
        }
        try (Instance guest = withFolder(Limits.none(), Stdio.none())) {
            assertEquals(List.of(NOT_PERMITTED, -1), open(guest, "../x", NOTHING, READ));
            assertEquals(0, guest.store().refusals().length);
        }
        assertThrows(NullPointerException.class, () -> new Stdio(Input.none(), Output.none(), Output.none(), null));
    }

    @Test
    void refusalsGoToAFunction() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<Throwable> busy = new ArrayList<>();
        Instance[] guests = new Instance[1];
        OutputFunction function = line -> {
            out.write(line);
            busy.add(assertThrows(WasmException.class, () -> guests[0].call("close", 9)));
        };
        try (Instance guest = withFolder(Limits.none(), Stdio.builder().refusals(Output.to(function)).build())) {
            guests[0] = guest;
            open(guest, "../x", NOTHING, READ);
        }
        assertEquals(REFUSED, out.toString(StandardCharsets.UTF_8));
        assertEquals(ErrorKind.BUSY, ((WasmException) busy.get(0)).kind());
    }

    // Exits

    private static final Module PROGRAM = Module.load("(module (import \"e\" \"f\" (func $f))"
            + " (memory (export \"memory\") 1) (func (export \"_start\") (call $f)))");

    private static Instance program(Runnable function) {
        return PROGRAM.instantiate(Imports.builder().func("e", "f", function).build());
    }

    @Test
    void aFunctionEndsItsGuest() {
        Exit exit = new Exit(300);
        assertEquals(ErrorKind.EXIT, exit.kind());
        assertEquals(300, exit.exitCode());
        Runnable ends = () -> {
            throw exit;
        };
        try (Instance guest = program(ends)) {
            assertEquals(300, guest.run());
        }
        try (Instance guest = program(ends)) {
            assertSame(exit, assertThrows(Exit.class, () -> guest.call("_start")));
            assertEquals(1, exit.frames().size(), exit.frames()::toString);
        }
    }

    @Test
    void anExitKeepsItsCodeThroughGuests() {
        try (Instance inner = guest("wasi.wat").instantiate()) {
            WasmException said = fails(ErrorKind.EXIT, "", () -> inner.call("exit", 7));
            assertEquals(new Exit(7).message(), said.message());
            List<Exit> seen = new ArrayList<>();
            Runnable passes = () -> {
                Exit exit = assertThrows(Exit.class, () -> inner.call("exit", 9));
                seen.add(exit);
                throw exit;
            };
            try (Instance outer = program(passes)) {
                assertEquals(9, outer.run());
            }
            try (Instance outer = program(passes)) {
                Exit exit = assertThrows(Exit.class, () -> outer.call("_start"));
                assertSame(seen.get(1), exit);
                assertEquals(2, exit.frames().size(), exit.frames()::toString);
            }
            try (Instance outer = program(passes)) {
                assertEquals(9, outer.runAsync().join());
            }
        }
    }
}
