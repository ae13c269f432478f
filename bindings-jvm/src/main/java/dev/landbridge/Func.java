package dev.landbridge;

import java.lang.ref.Reference;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * A function in a store, of a guest or of Java, resolved: calls look nothing up. Needs no closing. May be called from
 * every thread: threads take turns.
 */
public final class Func extends Item implements Extern {
    private Signature signature;

    Func(long handle, HostFunctions lender) {
        super(Native.FUNC, handle, lender);
    }

    /**
     * Makes a guest's function of one of Java. You can put it into a table, pass it to a guest, or give it to a module as an
     * import. What it refers to stays reachable as long as the store. One store has room for a million things that you make.
     *
     * @param store the store it will live in
     * @param type its signature
     * @param function what it does
     * @return the function
     * @throws WasmException {@code limit} if there are more than 1000 parameters or results; {@code closed}
     */
    public static Func of(Store store, FuncType type, HostFunction function) {
        int index = store.lender.add(Objects.requireNonNull(function, "function"));
        long handle = Native.funcNew(store.handle, TypeFrames.write(type), store.lender, index);
        Reference.reachabilityFence(store);
        return new Func(handle, store.lender);
    }

    Signature signature() {
        Signature known = signature;
        if (known == null) {
            signature = known = new Signature(Native.funcType(handle));
            Reference.reachabilityFence(this);
        }
        return known;
    }

    @Override
    public FuncType type() {
        return signature().type();
    }

    /**
     * The name it was exported by, or a word for what it is.
     *
     * @return the name
     */
    public String name() {
        return Handles.use(this, handle, Native::funcName);
    }

    /**
     * Whether both are one function of one store.
     *
     * @param other another function
     * @return true if they are one
     */
    public boolean isSame(Func other) {
        return equals(Objects.requireNonNull(other, "other"));
    }

    /**
     * Calls it. For i32 and i64 every integer of Java is taken that is in the signed or the unsigned range; floats are
     * widened where nothing is lost.
     *
     * @param args one for each parameter, see {@link Type}
     * @return null without results, the result if there is one, else an {@code Object[]} of them; integers are signed
     * @throws WasmException {@code type} or {@code range} if the arguments do not fit; {@link Trap}; {@link
     *     TaggedException}; {@code wrong_store} for an argument of another store; {@code closed}, {@code poisoned}, {@code
     *     deadlock}; what a host function threw is thrown as it is
     */
    public Object call(Object... args) {
        Signature type = signature();
        if (args.length != type.params) {
            throw type.miscount(name(), args);
        }
        try {
            return type.narrow ? callNarrow(type, args) : callWide(type, args);
        } catch (TaggedException e) {
            throw e.heldBy(lender);
        }
    }

    /**
     * Calls it on a thread of the engine's, without waiting; see {@link Instance#callAsync}.
     *
     * @param args one for each parameter, see {@link Type}; copied, except for what is in them
     * @return a future of what {@link #call} gives or throws
     * @throws WasmException {@code type} if the number of arguments is wrong; {@code limit} if no thread can be
     *     started; all else is the outcome of the future
     */
    public CompletableFuture<Object> callAsync(Object... args) {
        Signature type = signature();
        if (args.length != type.params) {
            throw type.miscount(name(), args);
        }
        Object[] kept = args.clone();
        return Call.start(lender.line, this::book, () -> {
            lender.checkTaken();
            return call(kept);
        });
    }

    private long book() {
        long place = Native.funcBook(handle, lender.line.threads());
        Reference.reachabilityFence(this);
        return place;
    }

    private Object callNarrow(Signature type, Object[] args) {
        long bits = switch (args.length) {
            case 0 -> Native.call0(handle);
            case 1 -> Native.call1(handle, bits(type, args, 0));
            case 2 -> Native.call2(handle, bits(type, args, 0), bits(type, args, 1));
            case 3 -> Native.call3(handle, bits(type, args, 0), bits(type, args, 1), bits(type, args, 2));
            default -> callMany(type, args);
        };
        Reference.reachabilityFence(this);
        return type.results == 0 ? null : Values.boxed(type.result(0), bits);
    }

    private long callMany(Signature type, Object[] args) {
        long[] b = new long[8];
        for (int i = 0; i < args.length; i++) {
            b[i] = bits(type, args, i);
        }
        return switch (args.length) {
            case 4 -> Native.call4(handle, b[0], b[1], b[2], b[3]);
            case 5 -> Native.call5(handle, b[0], b[1], b[2], b[3], b[4]);
            case 6 -> Native.call6(handle, b[0], b[1], b[2], b[3], b[4], b[5]);
            case 7 -> Native.call7(handle, b[0], b[1], b[2], b[3], b[4], b[5], b[6]);
            default -> Native.call8(handle, b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]);
        };
    }

    private long bits(Signature type, Object[] args, int index) {
        return Values.bits(type.param(index), args[index], this, index);
    }

    private Object callWide(Signature type, Object[] args) {
        long[] bits = new long[2 * type.values()];
        Object[] objects = new Object[type.values()];
        for (int i = 0; i < args.length; i++) {
            Values.lower(type.param(i), args[i], i, bits, objects, this);
        }
        Native.callWide(handle, bits, objects);
        Reference.reachabilityFence(this);
        Reference.reachabilityFence(args);
        return type.liftResults(bits, objects, lender);
    }

    /**
     * Calls it once a row, over columns, in one crossing: {@code int[] sums = (int[]) add.map(xs, ys)}. Give a column or a
     * single number for each parameter; a single number is taken for each row. A column is an {@code int[]}, {@code long[]},
     * {@code float[]} or {@code double[]}, a buffer of these (from its position to its limit, which stay), a {@link
     * java.nio.ByteBuffer} in its own byte order, or a {@link java.util.Collection} of boxed numbers, which is copied and
     * checked as arguments of {@link #call} are. All columns have the same number of rows. Integers are the bits, so unsigned ones
     * go, too.
     *
     * <p>It is one call: one timeout, one turn; an interrupt or {@link Store#cancel} ends it. Columns are copied some KiB at a
     * time. Functions of yours that the guest calls may change them meanwhile; which values count then is not said.
     *
     * @param args one for each parameter, at least one of them a column
     * @return null without results, an array if there is one result, else an {@code Object[]} of arrays
     * @throws WasmException {@code type} or {@code range} if the columns do not fit; what {@link #call} throws for a row, with
     *     {@link WasmException#row}. What a function of yours threw is thrown as it is
     */
    public Object map(Object... args) {
        return new Mapping(this, args).intoNew(-1);
    }

    /**
     * The same of so many rows, which is for functions without any column.
     *
     * @param rows how many rows there are; columns must have as many
     * @param args one for each parameter
     * @return as {@link #map}
     * @throws WasmException as {@link #map}; {@code range} if there is a negative number of rows
     */
    public Object mapRows(int rows, Object... args) {
        if (rows < 0) {
            throw Messages.outOfRange("rows", rows, 0, Integer.MAX_VALUE);
        }
        return new Mapping(this, args).intoNew(rows);
    }

    /**
     * The same into a column that is there. If a row fails, the results of the rows before it are in it. It may be one of the
     * arguments.
     *
     * @param out an array or buffer of the result's type, or an {@code Object[]} of them if there are several results
     * @param args one for each parameter
     * @throws WasmException as {@link #map}; {@code type} if {@code out} does not fit
     */
    public void mapInto(Object out, Object... args) {
        new Mapping(this, args).into(out);
    }

    /**
     * This function as a functional interface, such as {@link java.util.function.IntBinaryOperator} or one of your own:
     * the fastest call there is, without boxing. The interface's one method must have exactly this signature, see
     * {@link Instance#as}.
     *
     * @param type an interface with one abstract method
     * @param <T> the interface
     * @return an object of it; may be used from every thread and keeps the function alive
     * @throws WasmException {@code type} if the method does not fit, saying why
     */
    public <T> T as(Class<T> type) {
        return Binding.of(this, type);
    }
}
