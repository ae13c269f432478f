package dev.landbridge;

import java.lang.ref.ReferenceQueue;
import java.nio.ByteBuffer;

/**
 * The natives, all static: objects of the native library are handles, values are bits, what is larger is a frame, see
 * {@link FrameReader}. Handles are checked, so a wrong one is an exception. The table in {@code natives.rs} registers
 * them.
 *
 * <p>Whoever may be the first to call one calls {@link Library#load} before.
 */
final class Native {
    /**
     * Which natives the classes were compiled for: the native side makes this number of all names and signatures, and is
     * not loaded if its own is another one. {@code NativeTest} says what it must be.
     */
    static final int ABI = 2100197580;

    /** The version of the classes. The native side is not loaded if its own is another one. */
    static final String VERSION = "0.1.0";

    /** Sorts of objects, for exports and for releasing. */
    static final int FUNC = 1;
    static final int MEMORY = 2;
    static final int TABLE = 3;
    static final int GLOBAL = 4;
    static final int TAG = 5;
    static final int ENGINE = 6;
    static final int MODULE = 7;
    static final int STORE = 8;
    static final int INSTANCE = 9;
    static final int VIEW = 10;
    static final int OBJECT = 11;
    static final int EXCEPTION = 12;
    static final int POLICY = 13;
    static final int POOL = 15;
    static final int WIT_FUNC = 17;
    static final int RESOURCE = 18;

    private Native() {}

    // Calls of plain signatures: bits in, bits out.
    static native long call0(long func);

    static native long call1(long func, long a);

    static native long call2(long func, long a, long b);

    static native long call3(long func, long a, long b, long c);

    static native long call4(long func, long a, long b, long c, long d);

    static native long call5(long func, long a, long b, long c, long d, long e);

    static native long call6(long func, long a, long b, long c, long d, long e, long f);

    static native long call7(long func, long a, long b, long c, long d, long e, long f, long g);

    static native long call8(long func, long a, long b, long c, long d, long e, long f, long g, long h);

    /** For every other signature: two longs of bits for each value, objects where there are any. */
    static native void callWide(long func, long[] bits, Object[] objects);

    /** The cheapest call there is; what a crossing costs by itself. */
    static native long empty(long a, long b);

    /** The type is a frame, here and below. */
    static native long funcNew(long store, byte[] type, Object lender, int index);

    static native int[] funcType(long func);

    static native String funcName(long func);

    /** How many rows a batch has; negative for an argument that is no column, and if nobody says it. */
    static native long batchRows(long func, long[] args, long[] results, long rows);

    /** Maps it over columns, those of results behind those of arguments; see {@link Mapping}. */
    static native void batchMap(long func, long rows, int[] types, long[] scalars, Object[] columns);

    /** Where the memory of a direct buffer is, from its index 0 on. */
    static native long directAddress(Object buffer);

    /** Throws: the column of an argument or result holds something else. */
    static native void failColumn(long func, int index, boolean isResult, String given);

    /** A text that is the same for two handles of one thing of one store, by the number of its sort. */
    static native String identity(int sort, long handle);

    /** What something says of itself for people to read, by the number of its sort. Waits for nobody and never throws. */
    static native String shown(int sort, long handle);

    /** The place of a call that is about to be made among those of its store; zero if the function is closed. */
    static native long funcBook(long func, int threads);

    static native long instanceBook(long instance, int threads);

    static native long poolBook(long pool, int threads);

    /** On the thread that makes the call: waits until it is its turn, and keeps others out. */
    static native void placeBegin(long place);

    /** On the same thread, only after {@code placeBegin} has returned: lets others in. */
    static native void placeEnd(long place);

    /** On the same thread: nothing more follows on the call. Releases the place. */
    static native void placeRest(long place);

    /** Lets others go on without a call that has not begun. Releases the place. */
    static native void placeGiveUp(long place);

    static native String told(String name);

    static native String version();

    static native Object[] names(int table);

    static native long engineShared();

    static native long engineNew(byte[] options);

    static native void release(int sort, long handle);

    /** Lets the library know its copies of other class loaders; null for the first. Gives what the next one is told. */
    static native String joinFamily(String family);

    /** Starts a thread that calls {@link #releaseOwned} with what comes into the queue. */
    static native void watch(ReferenceQueue<Object> unreachable);

    /** The address of the stub of {@link Upcalls}; whether it works. */
    static native boolean upcallReady(long stub);

    /** On the thread of a call by the stub, before it returns: what was thrown in it. */
    static native void upcallThrown(long fault, Throwable thrown);

    static native long moduleBytes(long engine, byte[] bytes);

    static native long moduleString(long engine, String source);

    static native long moduleFile(long engine, String path);

    static native String moduleName(long module);

    static native byte[] moduleImports(long module);

    static native byte[] moduleExports(long module);

    static native byte[] moduleContent(long module);

    static native String moduleDigest(long module);

    static native String moduleDigestOf(byte[] bytes);

    static native void moduleCompile(long module, String path);

    static native long modulePrecompiled(long engine, String path);

    static native byte[] inspectBytes(byte[] bytes);

    static native byte[] inspectString(String source);

    static native byte[] inspectFile(String path);

    /** Zero and null are the default, here and below. Functions for output are lent by the lender. */
    static native long storeNew(long engine, long policy, byte[] sandbox, Object lender);

    static native byte[] storeUsage(long store);

    static native void storeSetFuel(long store, long fuel);

    static native void storeCancel(long store);

    static native byte[] storeStdout(long store);

    static native byte[] storeStderr(long store);

    static native String storeStdoutText(long store);

    static native String storeStderrText(long store);

    static native byte[] storeRefusals(long store);

    static native String storeOutput(long store);

    static native void storeGc(long store);

    static native void storeClose(long store);

    static native byte[] limitsFromJson(String json);

    static native String limitsToJson(byte[] limits);

    static native long policyFromJson(String json);

    static native long policyFromFile(String path);

    static native String policyToJson(long policy);

    /** What it grants and the JSON. */
    static native long policyGrant(long policy, String json);

    static native long policyOfProgram(long policy, long module, String name, byte[] args);

    static native long policyRestrict(long policy, long by);

    static native boolean policyAllows(long policy, long other);

    /** The answer to a question in JSON. */
    static native boolean policyAnswer(long policy, String question);

    static native boolean policySame(long a, long b);

    static native byte[] policyContent(long policy);

    static native String portsRead(String text);

    /** What is lent is a frame, or null for nothing; values that are objects lie in the array. */
    static native long instanceNew(
            long module, long policy, byte[] sandbox, Object lender, byte[] lent, Object[] objects);

    static native long instanceInStore(long module, long store, Object lender, byte[] lent, Object[] objects);

    static native void instanceClose(long instance);

    static native int instanceRun(long instance);

    static native long instanceStore(long instance);

    static native long instanceExport(long instance, String name, int sort);

    static native byte[] instanceExports(long instance);

    static native long poolNew(
            long module,
            long policy,
            byte[] sandbox,
            Object lender,
            byte[] lent,
            Object[] objects,
            int max,
            long waitNanos,
            int reset);

    static native long poolGet(long pool);

    static native byte[] poolCounts(long pool);

    static native void poolClose(long pool);

    static native long contextExport(long context, String name, int sort);

    static native String contextName(long context);

    static native long memoryNew(long store, byte[] type);

    static native byte[] memoryType(long memory);

    static native long memoryBytes(long memory);

    static native long memoryPages(long memory);

    static native long memoryGrow(long memory, long delta);

    static native void memoryRead(long memory, long offset, byte[] into, int start, int length);

    static native void memoryWrite(long memory, long offset, byte[] from, int start, int length);

    static native String memoryReadText(long memory, long offset, int length);

    static native String memoryReadCString(long memory, long offset, long most);

    static native int memoryWriteText(long memory, long offset, String text);

    static native long memoryGet(long memory, long offset, int size);

    static native void memoryPut(long memory, long offset, int size, long bits);

    static native ByteBuffer memoryView(long memory, long[] handle);

    static native long tableNew(long store, byte[] type, long[] bits, Object[] objects);

    static native byte[] tableType(long table);

    static native long tableSize(long table);

    static native void tableGet(long table, long index, long[] bits, Object[] objects);

    static native void tableSet(long table, long index, int element, long[] bits, Object[] objects);

    static native long tableGrow(long table, long delta, int element, long[] bits, Object[] objects);

    static native long globalNew(long store, byte[] type, long[] bits, Object[] objects);

    static native byte[] globalType(long global);

    static native void globalGet(long global, long[] bits, Object[] objects);

    static native void globalSet(long global, int content, long[] bits, Object[] objects);

    static native long tagNew(long store, byte[] params);

    static native byte[] tagType(long tag);

    static native boolean tagSame(long a, long b);

    static native long exceptionNew(long tag, long[] bits, Object[] objects);

    static native String exceptionMessage(long exception);

    static native long exceptionTag(long exception);

    static native void exceptionPayload(long exception, long[] bits, Object[] objects);

    static native boolean exceptionSame(long a, long b);

    static native byte[] gcType(long object);

    static native int gcLength(long object);

    static native int gcGet(long object, int index, long[] bits, Object[] objects);

    static native void gcSet(long object, int index, int type, long[] bits, Object[] objects);

    static native String gcPlace(long object, int index);

    static native boolean gcSame(long a, long b);

    /** The module of a component, for its description; zero if it is none. */
    static native long moduleWorld(long module);

    static native long instanceWorld(long instance);

    static native byte[] worldFrame(long world);

    /** A value of a type as a frame, from text. What is beside it goes into the array: see {@link WitFrame}. */
    static native byte[] worldParse(long world, int type, String text, Object[] beside);

    static native String worldFormat(long world, int type, byte[] frame, Object[] beside);

    /** The full name of an exported function. */
    static native String witFind(long instance, String name);

    /** A function by its full name. */
    static native long witFunc(long instance, String name);

    /**
     * Calls with the first bytes of the frame, and with what is beside it if that is told. The result is written over them,
     * or into a larger array, which lies beside it then, as does all else that is.
     */
    static native void witCall(long func, byte[] frame, int length, Object[] beside, boolean isBeside);

    /** Throws if the function does not take so many arguments. */
    static native void witCount(long func, int given);

    /** How near a name is to that of an interface; negative if it means another one. */
    static native int interfaceFits(String given, String full);

    static native boolean storeSame(long a, long b);

    /** A resource by the number that it crosses as; lets go of it when it is released, if it is its own. */
    static native long resourceNew(long store, long number, boolean isOwn);

    static native boolean resourceIsThere(long resource);

    static native void resourceClose(long resource);

    /** The store of a function of a component that is called. */
    static native long contextStore(long context);

    /** Throws what is wrong with a value, see {@link Wrong}. */
    static native void failWit(String place, int sort, String a, String b, String c, Object[] known);

    /** Throws if the text is not Unicode. */
    static native void checkText(String what, String text);

    // These always throw, in the words of every host.
    static native void failCount(String what, int[] expected, int given, boolean withText);

    static native void failType(String what, int expected, String given);

    static native void failRange(String what, int expected, String given);

    // Called from the native side.

    // What is lent comes back as an Object, since names of types would tie the native side to this package.

    /** The exception of WebAssembly, or zero, and the frame of the error. */
    static Throwable makeError(long exception, byte[] error) {
        return FrameReader.read(error, frame -> WasmException.read(exception, frame));
    }

    static void addFrames(Throwable thrown, int kept, byte[] told) {
        FrameReader.read(told, frame -> GuestTrace.add(thrown, kept, Frame.list(frame), frame.longs()));
    }

    /** What the native side gave along with the frames of a Throwable, or null. */
    static long[] trail(Throwable thrown) {
        return GuestTrace.trailOf(thrown);
    }

    static long callPrimitive(Object lender, int index, long a, long b, long c, long d) throws Throwable {
        return ((HostFunctions) lender).primitives[index].call(a, b, c, d);
    }

    static long callGeneral(Object lender, int index, long context, int[] type, long[] bits, Object[] objects)
            throws Throwable {
        ((HostFunctions) lender).call(index, context, type, bits, objects);
        return 0;
    }

    /** The frame holds the arguments, and takes the result: gives its length, and whether something is beside it. */
    static long callWit(Object lender, int index, long context, byte[] frame, Object[] beside) throws Throwable {
        HostFunctions functions = (HostFunctions) lender;
        return functions.wits[index].call(functions, context, frame, beside);
    }

    /**
     * A new array of numbers of so many bytes each, negative for floats. Compiled code makes a large one in less time than
     * the JVM does for native code.
     */
    static Object newNumbers(int each, int count) {
        return switch (each) {
            case 1 -> new byte[count];
            case 2 -> new short[count];
            case 4 -> new int[count];
            case 8 -> new long[count];
            case -4 -> new float[count];
            default -> new double[count];
        };
    }

    /** An object that a component has as a resource. */
    static Object heldObject(Object lender, int id) {
        return ((HostFunctions) lender).held(id);
    }

    /** What a Throwable says of itself. */
    static String textOf(Throwable thrown) {
        return thrown.toString();
    }

    /** No component has it any more. The lender may be gone. */
    static void letGo(Object lender, int id) {
        if (lender != null) {
            ((HostFunctions) lender).letGo(id);
        }
    }

    static long callOutput(Object lender, int index, byte[] bytes) throws Throwable {
        ((HostFunctions) lender).outputs[index].write(bytes);
        return 0;
    }

    /** The number of a lender for upcalls, or a negative one, see {@link Upcalls#number}. */
    static long upcallNumber(Object lender, int times) {
        return lender == null ? -1 : Upcalls.number((HostFunctions) lender, times);
    }

    static void upcallForget(int number) {
        Upcalls.forget(number);
    }

    static void columnRead(Object column, int first, int count) {
        ((Column) column).read(first, count);
    }

    static void columnWrite(Object column, int first, int count) {
        ((Column) column).write(first, count);
    }

    static Object columnRoom(Object column) {
        return ((Column) column).room;
    }

    static void setRow(Throwable thrown, long row) {
        ((WasmException) thrown).setRow(row);
    }

    static void releaseOwned(Object reference) {
        Handles.release(reference);
    }

    static boolean isInterrupted() {
        return Thread.currentThread().isInterrupted() || Call.isUnwanted();
    }
}
