import dev.landbridge.Engine;
import dev.landbridge.Func;
import dev.landbridge.Imports;
import dev.landbridge.Instance;
import dev.landbridge.Memory;
import dev.landbridge.Module;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

/** Landbridge, on the cases of its peers. */
final class LandbridgePeer {
    public static void main(String[] args) throws Exception {
        Served it = new Served(args);
        Module module = Module.load(it.bytes("guest"));
        Imports imports = Imports.builder().func("env", "inc", (IntUnaryOperator) x -> x + 1).build();
        Instance instance = module.instantiate(imports);
        Memory memory = instance.memory("memory");
        Func add = instance.func("add");
        it.exports(add.as(IntBinaryOperator.class), instance.func("callbacks").as(IntUnaryOperator.class),
            instance.func("echo").as(IntBinaryOperator.class), memory::write, (address, length) -> {
                byte[] bytes = new byte[length];
                memory.read(address, bytes, 0, length);
                return bytes;
            });
        int[] xs = new int[Served.ROWS];
        int[] ys = new int[Served.ROWS];
        int[] sums = new int[Served.ROWS];
        it.each("batch", () -> add.mapInto(sums, xs, ys));
        it.each("instantiate", () -> module.instantiate(imports).close());
        byte[] large = it.bytes("large");
        byte[] middle = it.bytes("middle");
        Engine uncached = Engine.builder().noCache().build();
        it.each("load_cached", () -> Module.load(large).close());
        it.each("load", () -> Module.load(uncached, middle).close());
        Instance kernels = Module.load(it.bytes("kernels")).instantiate();
        it.kernels(name -> kernels.func(name).as(IntBinaryOperator.class));
        it.serve();
    }
}
