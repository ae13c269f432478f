import java.nio.ByteOrder;
import java.util.Map;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.ByteSequence;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.graalvm.polyglot.proxy.ProxyObject;

/** GraalWasm on the JVM that is here: without Graal's own compiler it interprets. */
final class GraalPeer {
    private static Context context;

    public static void main(String[] args) throws Exception {
        Served it = new Served(args);
        Engine engine = Engine.newBuilder("wasm").option("engine.WarnInterpreterOnly", "false").build();
        context = Context.newBuilder("wasm").engine(engine).allowAllAccess(true).build();
        Value module = load("guest", it.bytes("guest"));
        ProxyExecutable inc = in -> in[0].asInt() + 1;
        ProxyObject imports = ProxyObject.fromMap(Map.of("env", ProxyObject.fromMap(Map.of("inc", inc))));
        Value exports = module.newInstance(imports).getMember("exports");
        Value memory = exports.getMember("memory");
        Value add = exports.getMember("add");
        Value callbacks = exports.getMember("callbacks");
        Value echo = exports.getMember("echo");
        it.exports((a, b) -> add.execute(a, b).asInt(), n -> callbacks.execute(n).asInt(), (a, b) -> echo.execute(a, b).asInt(),
            (address, bytes) -> write(memory, address, bytes), (address, length) -> {
                byte[] bytes = new byte[length];
                memory.readBuffer(address, bytes, 0, length);
                return bytes;
            });
        it.loop((a, b) -> add.execute(a, b).asInt());
        it.each("instantiate", () -> module.newInstance(imports));
        byte[] middle = it.bytes("middle");
        int[] loaded = {0};
        it.each("load", () -> load("middle" + loaded[0]++, middle));
        Value kernels = load("kernels", it.bytes("kernels")).newInstance().getMember("exports");
        it.kernels(name -> {
            Value run = kernels.getMember(name);
            return (size, seed) -> run.execute(size, seed).asInt();
        });
        it.serve();
    }

    private static Value load(String name, byte[] bytes) {
        return context.eval(Source.newBuilder("wasm", ByteSequence.create(bytes), name).buildLiteral());
    }

    /** Eight bytes at a time: the interface has no way to write more. */
    private static void write(Value memory, int address, byte[] bytes) {
        java.nio.ByteBuffer from = java.nio.ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        for (; at + 8 <= bytes.length; at += 8) {
            memory.writeBufferLong(ByteOrder.LITTLE_ENDIAN, address + at, from.getLong(at));
        }
        for (; at < bytes.length; at++) {
            memory.writeBufferByte(address + at, bytes[at]);
        }
    }
}
