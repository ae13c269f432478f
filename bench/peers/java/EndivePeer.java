import java.util.List;
import java.util.function.Function;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.ExportFunction;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.runtime.Memory;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/** Endive, which compiles guests to bytecode of the JVM when they are loaded. */
final class EndivePeer {
    public static void main(String[] args) throws Exception {
        Served it = new Served(args);
        FunctionType type = FunctionType.of(List.of(ValType.I32), List.of(ValType.I32));
        HostFunction inc = new HostFunction("env", "inc", type, (instance, in) -> new long[] {in[0] + 1});
        ImportValues imports = ImportValues.builder().addFunction(inc).build();
        WasmModule module = Parser.parse(it.bytes("guest"));
        Function<Instance, Machine> machine = MachineFactoryCompiler.compile(module);
        Instance instance = instance(module, machine, imports);
        Memory memory = instance.memory();
        ExportFunction add = instance.export("add");
        ExportFunction callbacks = instance.export("callbacks");
        ExportFunction echo = instance.export("echo");
        it.exports((a, b) -> (int) add.apply(a, b)[0], n -> (int) callbacks.apply(n)[0], (a, b) -> (int) echo.apply(a, b)[0],
            memory::write, memory::readBytes);
        it.loop((a, b) -> (int) add.apply(a, b)[0]);
        it.each("instantiate", () -> instance(module, machine, imports));
        byte[] middle = it.bytes("middle");
        it.each("load", () -> MachineFactoryCompiler.compile(Parser.parse(middle)));
        WasmModule work = Parser.parse(it.bytes("kernels"));
        Instance kernels = instance(work, MachineFactoryCompiler.compile(work), ImportValues.empty());
        it.kernels(name -> {
            ExportFunction run = kernels.export(name);
            return (size, seed) -> (int) run.apply(size, seed)[0];
        });
        it.serve();
    }

    private static Instance instance(WasmModule module, Function<Instance, Machine> machine, ImportValues imports) {
        return Instance.builder(module).withMachineFactory(machine).withImportValues(imports).build();
    }
}
