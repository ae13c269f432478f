package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every operation, kind, trap code and type that all hosts offer is here. */
class SurfaceTest {
    /** A public method, or a constructor (named as its class). */
    private record Op(Class<?> owner, String name, Class<?>... params) {}

    private static final Set<String> OF_JAVA = new HashSet<>();
    private static final Map<String, Op> OPS = Map.ofEntries(
            op("version", Engine.class, "version"),
            op("engine.new", Engine.Builder.class, "build"),
            op("module.load_file", Module.class, "load", Path.class),
            op("module.load", Module.class, "load", Engine.class, String.class),
            op("module.load_text", Module.class, "load", String.class),
            op("module.load_bytes", Module.class, "load", byte[].class),
            op("module.load_async", Module.class, "loadAsync", Path.class),
            op("func.same", Func.class, "equals", Object.class),
            op("memory.same", Memory.class, "equals", Object.class),
            op("table.same", Table.class, "equals", Object.class),
            op("global.same", Global.class, "equals", Object.class),
            op("tag.same", Tag.class, "equals", Object.class),
            op("module.name", Module.class, "name"),
            op("module.imports", Module.class, "imports"),
            op("module.exports", Module.class, "exports"),
            op("module.bytes", Module.class, "bytes"),
            op("module.digest", Module.class, "digest"),
            op("module.compile", Module.class, "compile", Path.class),
            op("module.load_precompiled", Module.class, "loadPrecompiled", Path.class),
            op("inspect", Module.class, "inspect", Path.class),
            op("inspection.to_json", Inspection.class, "toJson"),
            op("module.instantiate", Module.class, "instantiate", Imports.class),
            op("store.new", Store.class, "Store", Engine.class),
            op("store.with_sandbox", Store.class, "Store", Engine.class, Sandbox.class),
            op("store.usage", Store.class, "usage"),
            op("store.set_fuel", Store.class, "setFuel", long.class),
            op("store.cancel", Store.class, "cancel"),
            op("store.stdout", Store.class, "stdout"),
            op("store.stderr", Store.class, "stderr"),
            op("store.stdout_text", Store.class, "stdoutText"),
            op("store.stderr_text", Store.class, "stderrText"),
            op("store.refusals", Store.class, "refusals"),
            op("store.instantiate", Store.class, "instantiate", Module.class, Imports.class),
            op("store.output", Store.class, "output"),
            op("store.gc", Store.class, "gc"),
            op("store.close", Store.class, "close"),
            op("imports.func", Imports.Builder.class, "func", String.class, String.class, HostFunction.class),
            op("imports.define", Imports.Builder.class, "define", String.class, String.class, Extern.class),
            op("imports.value", Imports.Builder.class, "value", String.class, String.class, Object.class),
            op("imports.instance", Imports.Builder.class, "instance", String.class, Instance.class),
            op("imports.initialize", Imports.Builder.class, "initialize", boolean.class),
            op("instance.func", Instance.class, "func", String.class),
            op("instance.memory", Instance.class, "memory", String.class),
            op("instance.table", Instance.class, "table", String.class),
            op("instance.global", Instance.class, "global", String.class),
            op("instance.tag", Instance.class, "tag", String.class),
            op("instance.exports", Instance.class, "exports"),
            op("instance.call", Instance.class, "call", String.class, Object[].class),
            op("instance.run", Instance.class, "run"),
            op("instance.call_async", Instance.class, "callAsync", String.class, Object[].class),
            op("instance.run_async", Instance.class, "runAsync"),
            op("instance.close", Instance.class, "close"),
            op("func.new", Func.class, "of", Store.class, FuncType.class, HostFunction.class),
            op("func.call", Func.class, "call", Object[].class),
            op("func.call_async", Func.class, "callAsync", Object[].class),
            op("func.map", Func.class, "map", Object[].class),
            ofJava("call.cancel", CompletableFuture.class, "cancel", boolean.class),
            op("func.type", Func.class, "type"),
            op("func.name", Func.class, "name"),
            op("memory.new", Memory.class, "of", Store.class, long.class, java.util.OptionalLong.class),
            op("memory.read", Memory.class, "read", long.class, int.class),
            op("memory.write", Memory.class, "write", long.class, byte[].class),
            op("memory.read_text", Memory.class, "readText", long.class, int.class),
            op("memory.read_c_string", Memory.class, "readCString", long.class),
            op("memory.write_text", Memory.class, "writeText", long.class, String.class),
            op("memory.grow", Memory.class, "grow", long.class),
            op("memory.size_bytes", Memory.class, "sizeBytes"),
            op("memory.size_pages", Memory.class, "sizePages"),
            op("memory.type", Memory.class, "type"),
            op("memory.view", Memory.class, "buffer"),
            op("table.new", Table.class, "of", Store.class, TableType.class, Object.class),
            op("table.get", Table.class, "get", long.class),
            op("table.set", Table.class, "set", long.class, Object.class),
            op("table.grow", Table.class, "grow", long.class, Object.class),
            op("table.size", Table.class, "size"),
            op("table.type", Table.class, "type"),
            op("global.new", Global.class, "of", Store.class, GlobalType.class, Object.class),
            op("global.get", Global.class, "get"),
            op("global.set", Global.class, "set", Object.class),
            op("global.type", Global.class, "type"),
            op("tag.new", Tag.class, "of", Store.class, Type[].class),
            op("tag.type", Tag.class, "type"),
            op("exception.new", TaggedException.class, "TaggedException", Tag.class, Object[].class),
            op("exception.tag", TaggedException.class, "tag"),
            op("exception.payload", TaggedException.class, "payload"),
            op("gcref.type", GcRef.class, "type"),
            op("gcref.len", GcRef.class, "length"),
            op("gcref.get", GcRef.class, "get", int.class),
            op("gcref.set", GcRef.class, "set", int.class, Object.class),
            op("policy.new", Policy.class, "none"),
            op("policy.program", Policy.class, "program"),
            op("policy.memory_dir", Policy.class, "withMemoryDir", String.class, Map.class, Access.class),
            op("policy.network", Policy.class, "withTcpConnect", String.class, Ports.class),
            op("limits.from_json", Limits.class, "fromJson", String.class),
            op("limits.to_json", Limits.class, "toJson"),
            op("policy.from_json", Policy.class, "fromJson", String.class),
            op("policy.from_file", Policy.class, "fromFile", Path.class),
            op("policy.to_json", Policy.class, "toJson"),
            op("policy.restrict", Policy.class, "restrict", Policy.class),
            op("policy.allows", Policy.class, "allows", Policy.class),
            op("policy.allows_tcp_connect", Policy.class, "allowsTcpConnect", InetSocketAddress.class),
            op("policy.allows_tcp_bind", Policy.class, "allowsTcpBind", InetSocketAddress.class),
            op("policy.allows_udp_connect", Policy.class, "allowsUdpConnect", InetSocketAddress.class),
            op("policy.allows_udp_bind", Policy.class, "allowsUdpBind", InetSocketAddress.class),
            op("policy.allows_name", Policy.class, "allowsName", String.class),
            op("policy.allows_name_port", Policy.class, "allowsName", String.class, int.class),
            op("policy.allows_http", Policy.class, "allowsHttp", String.class, String.class, int.class, String.class),
            op("pool.new", Pool.Builder.class, "build"),
            op("pool.get", Pool.class, "get"),
            op("pool.call", Pool.class, "call", String.class, Object[].class),
            op("pool.call_async", Pool.class, "callAsync", String.class, Object[].class),
            op("pool.counts", Pool.class, "counts"),
            op("pool.close", Pool.class, "close"),
            op("context.export", HostContext.class, "memory", String.class),
            op("error.kind", WasmException.class, "kind"),
            op("error.trap_code", Trap.class, "code"),
            op("error.message", WasmException.class, "message"),
            op("error.exit_code", Exit.class, "exitCode"),
            op("error.output", WasmException.class, "output"),
            op("output.lines", Output.class, "lines", Consumer.class),
            op("run", Landbridge.class, "run", Path.class, String[].class),
            op("error.os_code", WasmException.class, "osCode"),
            op("error.path", WasmException.class, "path"),
            op("error.row", WasmException.class, "row"),
            op("instance.wit_func", Instance.class, "witFunc", String.class),
            op("wit_func.call", WitFunc.class, "call", Object[].class),
            op("wit_func.call_async", WitFunc.class, "callAsync", Object[].class),
            op("wit_func.type", WitFunc.class, "type"),
            op("wit_func.name", WitFunc.class, "name"),
            op("wit_type.sort", WitType.class, "sort"),
            op("wit_type.name", WitType.class, "name"),
            op("wit_type.text", WitType.class, "toString"),
            op("wit_type.parse", WitType.class, "parse", String.class),
            op("wit_type.format", WitType.class, "format", Object.class),
            op("imports.wit_func", Imports.Builder.class, "witFunc", String.class, String.class, WitHostFunction.class),
            op("imports.wit_resource", Imports.Builder.class, "implement", String.class, Object.class), // A class of yours.
            op("wit_resource.close", Resource.class, "close"),
            op("wit_resource.is_closed", Resource.class, "isClosed"),
            op("wit_error.new", WitError.class, "WitError", Object.class),
            op("error.payload", WitError.class, "payload"),
            op("pool.wit_call", Pool.class, "call", String.class, Object[].class),
            op("pool.wit_call_async", Pool.class, "callAsync", String.class, Object[].class),
            op("error.frames", WasmException.class, "framesOf", Throwable.class),
            op("error.exception", TaggedException.class, "isSame", TaggedException.class), // It is the error itself.
            // The Throwable itself comes out; see HostTest.
            op("error.host_exception", HostFunction.class, "call", HostContext.class, Object[].class));

    private static Map.Entry<String, Op> op(String name, Class<?> owner, String method, Class<?>... params) {
        return Map.entry(name, new Op(owner, method, params));
    }

    /** What Java itself has for an operation. */
    private static Map.Entry<String, Op> ofJava(String name, Class<?> owner, String method, Class<?>... params) {
        OF_JAVA.add(name);
        return op(name, owner, method, params);
    }

    private static Executable find(Op op) throws NoSuchMethodException {
        return op.name().equals(op.owner().getSimpleName())
                ? op.owner().getConstructor(op.params())
                : op.owner().getMethod(op.name(), op.params());
    }

    @Test
    void everyLine() throws Exception {
        Map<String, Integer> kinds = new TreeMap<>();
        Map<String, Integer> traps = new TreeMap<>();
        Map<String, Integer> types = new TreeMap<>();
        int ops = 0;
        for (String line : lines()) {
            String[] part = line.split(" ");
            switch (part[0]) {
                case "op" -> {
                    Op op = OPS.get(part[1]);
                    assertNotNull(op, "no method is mapped to " + part[1]);
                    Executable found = find(op);
                    assertTrue(Modifier.isPublic(found.getModifiers()), part[1]);
                    assertEquals(OF_JAVA.contains(part[1]), found.getDeclaringClass().getPackage() != Module.class.getPackage(),
                            part[1] + ": what is of Java itself, and nothing else, is written with ofJava");
                    ops++;
                }
                case "kind" -> kinds.put(part[1], Integer.valueOf(part[2]));
                case "trap" -> traps.put(part[1], Integer.valueOf(part[2]));
                case "type" -> types.put(part[1], Integer.valueOf(part[2]));
                default -> throw new AssertionError("unknown line: " + line);
            }
        }
        assertEquals(OPS.size(), ops, "a mapped operation has no line");
        Map<String, Integer> ourKinds = new TreeMap<>();
        Arrays.stream(ErrorKind.values()).forEach(kind -> ourKinds.put(kind.label(), kind.number()));
        assertEquals(kinds, ourKinds);
        Map<String, Integer> ourTraps = new TreeMap<>();
        Arrays.stream(TrapCode.values()).forEach(code -> ourTraps.put(code.label(), code.number()));
        assertEquals(traps, ourTraps);
        Map<String, Integer> ourTypes = new TreeMap<>();
        Arrays.stream(Type.values()).forEach(type -> ourTypes.put(type.label(), type.number()));
        assertEquals(types, ourTypes);
    }

    private static Iterable<String> lines() throws IOException {
        return Files.readAllLines(ConformanceTest.CORPUS.resolve("surface.txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    /** The enums are in the order of the core's own tables. */
    @Test
    void theCoreAgrees() {
        Library.load();
        assertArrayEquals(Stream.of(ErrorKind.values()).map(ErrorKind::label).toArray(), Native.names(0));
        assertArrayEquals(Stream.of(TrapCode.values()).map(TrapCode::label).toArray(), Native.names(1));
        assertArrayEquals(Stream.of(Type.values()).map(Type::label).toArray(), Native.names(2));
    }
}
