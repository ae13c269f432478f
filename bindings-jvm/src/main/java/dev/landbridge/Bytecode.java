package dev.landbridge;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the class file of an interface's implementation; see {@link Binding}. It has straight-line methods only, so it
 * needs no frames, and this is all of the format it uses: too little to ask every user for a library that writes all.
 *
 * <pre>{@code
 * final class Name implements Face {
 *     private final Object f0; private final long h0; ...      // for each method, its function and handle
 *     Name(Object[] f, long[] h) { f0 = f[0]; h0 = h[0]; ... }
 *     R method(A a, ...) {
 *         R result = CLASS_DATA[0].invokeExact(f0, h0, a, ...); // or without h0
 *         Reference.reachabilityFence(f0);
 *         return result;
 *     }
 * }
 * }</pre>
 */
final class Bytecode {
    /** One method: how it is called, and whether by function and handle or by function alone. */
    record Body(Method method, boolean byHandle) {}

    private static final int JAVA_17 = 61;
    private static final int FINAL_SUPER_SYNTHETIC = 0x1030;
    private static final int PRIVATE_FINAL = 0x0012;
    private static final int PUBLIC = 0x0001;

    private final ByteArrayOutputStream poolBytes = new ByteArrayOutputStream();
    private final DataOutputStream pool = new DataOutputStream(poolBytes);
    private final Map<List<Object>, Integer> known = new HashMap<>();
    private final String name;

    private Bytecode(String name) {
        this.name = name;
    }

    static String descriptor(Method method) {
        return MethodType.methodType(method.getReturnType(), method.getParameterTypes()).toMethodDescriptorString();
    }

    static byte[] write(String name, Class<?> face, List<Body> bodies) {
        try {
            return new Bytecode(name).bytes(face, bodies);
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot fail", e);
        }
    }

    private byte[] bytes(Class<?> face, List<Body> bodies) throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(rest);
        out.writeShort(FINAL_SUPER_SYNTHETIC);
        out.writeShort(type(name));
        out.writeShort(type("java/lang/Object"));
        out.writeShort(1);
        out.writeShort(type(face.getName().replace('.', '/')));
        out.writeShort(2 * bodies.size());
        for (int i = 0; i < bodies.size(); i++) {
            writeField(out, "f" + i, "Ljava/lang/Object;");
            writeField(out, "h" + i, "J");
        }
        out.writeShort(1 + bodies.size());
        writeConstructor(out, bodies.size());
        for (int i = 0; i < bodies.size(); i++) {
            writeMethod(out, i, bodies.get(i));
        }
        out.writeShort(1);
        writeBootstraps(out, bodies.size());
        return assemble(rest.toByteArray());
    }

    private byte[] assemble(byte[] rest) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(all);
        out.writeInt(0xCAFEBABE);
        out.writeInt(JAVA_17);
        out.writeShort(known.size() + 1);
        poolBytes.writeTo(out);
        out.write(rest);
        return all.toByteArray();
    }

    private void writeField(DataOutputStream out, String field, String type) throws IOException {
        out.writeShort(PRIVATE_FINAL);
        out.writeShort(text(field));
        out.writeShort(text(type));
        out.writeShort(0);
    }

    private void writeConstructor(DataOutputStream out, int count) throws IOException {
        Code code = new Code();
        code.op(0x2a).ref(0xb7, member(10, "java/lang/Object", "<init>", "()V")); // aload_0, invokespecial
        for (int i = 0; i < count; i++) {
            code.op(0x2a).op(0x2b).ref(0x11, i).op(0x32).ref(0xb5, field("f" + i, "Ljava/lang/Object;"));
            code.op(0x2a).op(0x2c).ref(0x11, i).op(0x2f).ref(0xb5, field("h" + i, "J"));
        }
        writeCode(out, "<init>", "([Ljava/lang/Object;[J)V", code.op(0xb1), 4, 3);
    }

    private void writeMethod(DataOutputStream out, int index, Body body) throws IOException {
        Method method = body.method();
        MethodType type = MethodType.methodType(method.getReturnType(), method.getParameterTypes());
        Code code = new Code();
        code.ref(0x13, constant(index)); // ldc_w
        code.op(0x2a).ref(0xb4, field("f" + index, "Ljava/lang/Object;")); // aload_0, getfield
        if (body.byHandle()) {
            code.op(0x2a).ref(0xb4, field("h" + index, "J"));
        }
        int local = 1;
        for (Class<?> param : type.parameterList()) {
            code.op(0x15 + kind(param)).op(local); // iload and its siblings
            local += size(param);
        }
        MethodType call = body.byHandle() ? type.insertParameterTypes(0, long.class) : type;
        String descriptor = call.insertParameterTypes(0, Object.class).toMethodDescriptorString();
        code.ref(0xb6, member(10, "java/lang/invoke/MethodHandle", "invokeExact", descriptor));
        code.op(0x2a).ref(0xb4, field("f" + index, "Ljava/lang/Object;"));
        code.ref(0xb8, member(10, "java/lang/ref/Reference", "reachabilityFence", "(Ljava/lang/Object;)V"));
        Class<?> result = type.returnType();
        code.op(result == void.class ? 0xb1 : 0xac + kind(result)); // ireturn and its siblings
        writeCode(out, method.getName(), type.toMethodDescriptorString(), code, local + 5, local);
    }

    private void writeCode(DataOutputStream out, String method, String type, Code code, int stack, int locals)
            throws IOException {
        out.writeShort(PUBLIC);
        out.writeShort(text(method));
        out.writeShort(text(type));
        out.writeShort(1);
        byte[] bytes = code.bytes.toByteArray();
        out.writeShort(text("Code"));
        out.writeInt(12 + bytes.length);
        out.writeShort(stack);
        out.writeShort(locals);
        out.writeInt(bytes.length);
        out.write(bytes);
        out.writeInt(0); // No exception table, no attributes.
    }

    /** For each constant, element i of the class data. */
    private void writeBootstraps(DataOutputStream out, int count) throws IOException {
        String type = "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/Class;I)Ljava/lang/Object;";
        int method = member(10, "java/lang/invoke/MethodHandles", "classDataAt", type);
        int handle = entry(15, 6, method);
        out.writeShort(text("BootstrapMethods"));
        out.writeInt(2 + 6 * count);
        out.writeShort(count);
        for (int i = 0; i < count; i++) {
            out.writeShort(handle);
            out.writeShort(1);
            out.writeShort(entry(3, i));
        }
    }

    /** 0 to 4: int and what is smaller, long, float, double, reference, in the order of the instructions. */
    private static int kind(Class<?> type) {
        if (!type.isPrimitive()) {
            return 4;
        }
        return type == long.class ? 1 : type == float.class ? 2 : type == double.class ? 3 : 0;
    }

    private static int size(Class<?> type) {
        return type == long.class || type == double.class ? 2 : 1;
    }

    private int constant(int index) throws IOException {
        return entry(17, index, nameAndType("_", "Ljava/lang/invoke/MethodHandle;"));
    }

    private int field(String field, String type) throws IOException {
        return member(9, name, field, type);
    }

    private int member(int tag, String owner, String member, String type) throws IOException {
        return entry(tag, type(owner), nameAndType(member, type));
    }

    private int nameAndType(String member, String type) throws IOException {
        return entry(12, text(member), text(type));
    }

    private int type(String type) throws IOException {
        return entry(7, text(type));
    }

    private int text(String text) throws IOException {
        return entry(1, text);
    }

    /** The index of a constant of the pool, written when it is new. */
    private int entry(int tag, Object... parts) throws IOException {
        List<Object> key = List.of(tag, List.of(parts));
        Integer index = known.get(key);
        if (index != null) {
            return index;
        }
        pool.writeByte(tag);
        for (int i = 0; i < parts.length; i++) {
            Object part = parts[i];
            if (part instanceof String text) {
                pool.writeUTF(text);
            } else if (tag == 3) {
                pool.writeInt((Integer) part);
            } else if (tag == 15 && i == 0) {
                pool.writeByte((Integer) part);
            } else {
                pool.writeShort((Integer) part);
            }
        }
        known.put(key, known.size() + 1);
        return known.size();
    }

    /** Instructions. */
    private static final class Code {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Code op(int op) {
            bytes.write(op);
            return this;
        }

        Code ref(int op, int operand) {
            return op(op).op(operand >> 8).op(operand);
        }
    }
}
