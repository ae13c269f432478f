package dev.landbridge;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;

/**
 * The short way from guests to functions of numbers: a stub of {@code java.lang.foreign}, on a JDK of 22 or more that lets us
 * have one without a word. All else, and all calls until it is there, goes by JNI. See {@code upcall.rs}.
 *
 * <p>The stub is one for all functions. It is found by reflection, since the classes are compiled for 17, and reaches {@link
 * #call} weakly, or it would keep the class loader. To make it takes 100 ms of CPU, which only many calls give back.
 */
final class Upcalls {
    /** Says when the stub is made: {@code always}, {@code never}, or else after {@link #MANY} calls. */
    static final String PROPERTY = "dev.landbridge.upcalls";

    /** Calls by JNI that take a tenth of what the stub does. */
    private static final int MANY = 100_000;

    /** What is said instead of a number, see {@code upcall.rs}. */
    private static final long UNKNOWN = -1;

    private static final long NEVER = -2;

    private enum State {
        WAITING,
        ASKED,
        READY,
        NEVER
    }

    private static State state = isAllowed() ? State.WAITING : State.NEVER;
    private static long calls;

    /** Held, so that it is there as long as this class: a MemorySegment, and what it calls. */
    private static Object stub;

    private static MethodHandle target;

    /** The lenders by their numbers. Who reads the array sees what was written before. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static volatile WeakReference<HostFunctions>[] lenders = new WeakReference[4];

    private static int used;
    private static final Deque<Integer> FREE = new ArrayDeque<>();

    private Upcalls() {}

    /** Called by the stub. Whatever is thrown goes to the fault: if it left the stub, the JVM would end. */
    static long call(long function, long a, long b, long c, long d, long fault) {
        try {
            return lenders[(int) (function >>> 32)].get().primitives[(int) function].call(a, b, c, d);
        } catch (Throwable e) {
            Native.upcallThrown(fault, e);
            return 0;
        }
    }

    /** A number for a lender whose functions were called so often by JNI since this was asked. */
    static synchronized long number(HostFunctions lender, int times) {
        calls += times;
        if (state == State.WAITING && isAlways()) {
            make();
        } else if (state == State.WAITING && calls >= MANY) {
            state = State.ASKED;
            Handles.later(Upcalls::make);
        }
        boolean isWorthIt = times > 0 || isAlways();
        return state == State.READY && isWorthIt ? keep(lender) : state == State.NEVER ? NEVER : UNKNOWN;
    }

    private static int keep(HostFunctions lender) {
        WeakReference<HostFunctions>[] room = lenders;
        Integer free = FREE.poll();
        int number = free == null ? used++ : free;
        if (number == room.length) {
            room = Arrays.copyOf(room, 2 * number);
        }
        room[number] = new WeakReference<>(lender);
        lenders = room;
        return number;
    }

    /** No guest will call it any more. */
    static synchronized void forget(int number) {
        lenders[number] = null;
        FREE.add(number);
    }

    private static boolean isAlways() {
        return "always".equals(System.getProperty(PROPERTY));
    }

    /** Whether a stub may be made, and the JVM prints no warning for it. */
    private static boolean isAllowed() {
        if (Runtime.version().feature() < 22 || "never".equals(System.getProperty(PROPERTY))) {
            return false;
        }
        try {
            Method asked = java.lang.Module.class.getMethod("isNativeAccessEnabled");
            return (boolean) asked.invoke(Upcalls.class.getModule());
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    private static synchronized void make() {
        try {
            stub = makeStub();
            long address = (long) declared("MemorySegment", "address").invoke(stub);
            state = Native.upcallReady(address) ? State.READY : State.NEVER;
        } catch (Throwable e) { // JNI does it all, whatever is missing here.
            state = State.NEVER;
        }
    }

    /** {@code Linker.nativeLinker().upcallStub(weakly(), (long, ...) -> long, Arena.ofAuto())} */
    private static Object makeStub() throws ReflectiveOperationException {
        Class<?> layout = foreign("MemoryLayout");
        Object number = foreign("ValueLayout").getField("JAVA_LONG").get(null);
        Object numbers = java.lang.reflect.Array.newInstance(layout, 6);
        for (int i = 0; i < 6; i++) {
            java.lang.reflect.Array.set(numbers, i, number);
        }
        Object type = declared("FunctionDescriptor", "of", layout, numbers.getClass()).invoke(null, number, numbers);
        Object linker = declared("Linker", "nativeLinker").invoke(null);
        Object arena = declared("Arena", "ofAuto").invoke(null);
        Class<?> options = foreign("Linker$Option").arrayType();
        return declared("Linker", "upcallStub", MethodHandle.class, foreign("FunctionDescriptor"), foreign("Arena"), options)
                .invoke(linker, weakly(), type, arena, java.lang.reflect.Array.newInstance(options.componentType(), 0));
    }

    private static Class<?> foreign(String name) throws ClassNotFoundException {
        return Class.forName("java.lang.foreign." + name);
    }

    private static Method declared(String owner, String name, Class<?>... takes) throws ReflectiveOperationException {
        return foreign(owner).getMethod(name, takes);
    }

    /** {@link #call}, without keeping this class. */
    private static MethodHandle weakly() throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        MethodType type = MethodType.methodType(long.class, Collections.nCopies(6, long.class));
        target = lookup.findStatic(Upcalls.class, "call", type);
        MethodHandle get = lookup.findVirtual(Reference.class, "get", MethodType.methodType(Object.class));
        get = get.bindTo(new WeakReference<>(target)).asType(MethodType.methodType(MethodHandle.class));
        return MethodHandles.foldArguments(MethodHandles.exactInvoker(type), get);
    }
}
