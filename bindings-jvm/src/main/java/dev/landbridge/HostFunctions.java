package dev.landbridge;

import java.util.Arrays;
import java.util.List;

/**
 * The functions that Java lends to the guests of one store. The native side knows them by index and reaches this object
 * weakly; everything in Java that belongs to the store holds it. So a lambda that captures its own instance is collected
 * with it.
 */
final class HostFunctions {
    /** The asynchronous calls of the store: one runs at a time. */
    final Line line;

    /** The instance of a pool that the store is taken as; what belongs to it keeps it from being given back. */
    private final Instance taken;

    volatile Primitive[] primitives = {};
    volatile OutputFunction[] outputs = {};
    volatile WitLent[] wits = {};
    private volatile HostFunction[] general = new HostFunction[4];
    private int generals;

    /** Objects that components have as resources, by their numbers; null where there is none. */
    private Object[] objects = new Object[4];
    /** Numbers that are not used, the last first. */
    private int[] free = new int[0];
    private int freeCount;

    HostFunctions(Engine engine) {
        this(new Line(engine.workers, 1), null);
    }

    HostFunctions(Line line, Instance taken) {
        this.line = line;
        this.taken = taken;
    }

    /** Throws {@code closed} if the store is taken by somebody else by now. */
    void checkTaken() {
        if (taken != null) {
            taken.checkOpen();
        }
    }

    synchronized int add(Primitive function) {
        Primitive[] grown = Arrays.copyOf(primitives, primitives.length + 1);
        grown[primitives.length] = function;
        primitives = grown;
        return grown.length - 1;
    }

    /** The index is negative: its complement counts in a table of its own. */
    synchronized int add(HostFunction function) {
        HostFunction[] room = generals < general.length ? general : Arrays.copyOf(general, 2 * generals);
        room[generals] = function;
        general = room; // Who reads the array sees what was written before.
        return -++generals;
    }

    synchronized int add(WitLent function) {
        WitLent[] grown = Arrays.copyOf(wits, wits.length + 1);
        grown[wits.length] = function;
        wits = grown;
        return grown.length - 1;
    }

    synchronized int add(OutputFunction function) {
        OutputFunction[] grown = Arrays.copyOf(outputs, outputs.length + 1);
        grown[outputs.length] = function;
        outputs = grown;
        return grown.length - 1;
    }

    /** Called by a guest: arguments come in the arrays, results go out in them. */
    void call(int index, long address, int[] numbers, long[] bits, Object[] objects) throws Throwable {
        Signature type = new Signature(numbers);
        HostContext context = new HostContext(address, this);
        try {
            Object[] args = new Object[type.params];
            for (int i = 0; i < args.length; i++) {
                args[i] = Values.lift(type.param(i), i, bits, objects, this);
            }
            lowerResults(type, general[index].call(context, args), bits, objects, context);
        } finally {
            context.end();
        }
    }

    private static void lowerResults(
            Signature type, Object given, long[] bits, Object[] objects, HostContext context) {
        Object[] results = results(type, given);
        if (results.length != type.results) {
            throw Values.count(Messages.results(context.name()), type.resultTypes(), results.length);
        }
        for (int i = 0; i < results.length; i++) {
            Values.lower(type.result(i), results[i], i, bits, objects, context);
        }
    }

    private static Object[] results(Signature type, Object given) {
        int top = type.results == 1 ? Values.top(type.result(0)) : 0;
        if (top == Values.EXTERNREF || top == Values.ANYREF) {
            return new Object[] {given}; // An array or a list may be the object itself.
        }
        if (given instanceof Object[] array) {
            return array;
        }
        if (given instanceof List<?> list) {
            return list.toArray();
        }
        boolean isReference = top == Values.FUNCREF || top == Values.EXNREF;
        return given == null && !isReference ? new Object[0] : new Object[] {given};
    }

    /** Keeps an object for as long as a component has it; gives its number. */
    synchronized int hold(Object object) {
        if (freeCount == 0) {
            addRoom();
        }
        int id = free[--freeCount];
        objects[id] = object;
        return id;
    }

    private void addRoom() {
        int known = free.length == 0 ? 0 : objects.length;
        objects = Arrays.copyOf(objects, Math.max(4, 2 * known));
        free = new int[objects.length];
        for (int id = objects.length - 1; id >= known; id--) {
            free[freeCount++] = id;
        }
    }

    /** An object that is kept. */
    synchronized Object held(int id) {
        return objects[id];
    }

    /** No component has it any more. */
    synchronized void letGo(int id) {
        objects[id] = null;
        free[freeCount++] = id;
    }

    /** The same of several. */
    void letGo(int[] ids) {
        for (int id : ids) {
            letGo(id);
        }
    }
}
