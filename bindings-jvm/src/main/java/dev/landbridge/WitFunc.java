package dev.landbridge;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A function that a component exports, resolved: calls look nothing up. Needs no closing. May be called from every thread:
 * threads take turns.
 *
 * <p>Values are these, in both directions, where you give no types of your own:
 *
 * <table>
 * <caption>Types of WIT in Java</caption>
 * <tr><th>WIT</th><th>Java</th></tr>
 * <tr><td>{@code bool}</td><td>Boolean</td></tr>
 * <tr><td>{@code s8}, {@code s16}, {@code s32}, {@code s64}</td><td>Byte, Short, Integer, Long</td></tr>
 * <tr><td>{@code u8}, {@code u16}, {@code u32}</td><td>Integer, Integer, Long; any integer is taken that fits</td></tr>
 * <tr><td>{@code u64}</td><td>Long, whose bits it is; a BigInteger is taken, too</td></tr>
 * <tr><td>{@code f32}, {@code f64}</td><td>Float, Double</td></tr>
 * <tr><td>{@code char}</td><td>Integer, a code point; a Character is taken, too</td></tr>
 * <tr><td>{@code string}</td><td>String</td></tr>
 * <tr><td>{@code list<u8>}</td><td>byte[]; a ByteBuffer is taken, too</td></tr>
 * <tr><td>a list of other numbers</td><td>short[], int[], long[], float[], double[], by their bits; a List is taken, too</td></tr>
 * <tr><td>any other list, a tuple</td><td>List; an array is taken, too</td></tr>
 * <tr><td>a record</td><td>{@link WitRecord}; every Map is taken, and your records</td></tr>
 * <tr><td>a variant</td><td>{@link WitVariant}; the name of a case that holds nothing is taken, and your records of a sealed
 *     interface</td></tr>
 * <tr><td>an enum, flags</td><td>String, a Set of String; your constants are taken</td></tr>
 * <tr><td>{@code option<T>}</td><td>Optional; null is none</td></tr>
 * <tr><td>a result within something else</td><td>{@link WitResult}</td></tr>
 * <tr><td>a resource</td><td>{@link Resource}; an object of yours where the component imports its type</td></tr>
 * </table>
 */
public final class WitFunc {
    final long handle;
    final WitHome home;
    private final Instance instance;
    private final WitWorld.Func def;
    private final AtomicReference<WitFrame> spare = new AtomicReference<>();
    private final WitCall untyped;

    WitFunc(long handle, Instance instance, WitHome home, WitWorld.Func def) {
        this.handle = handle;
        this.instance = instance;
        this.home = home;
        this.def = def;
        Handles.own(this, Native.WIT_FUNC, handle);
        untyped = new WitCall(this);
    }

    /** A frame for one call. Calls within it get others. */
    WitFrame takeFrame() {
        WitFrame frame = spare.getAndSet(null);
        return frame == null ? new WitFrame() : frame;
    }

    void giveFrame(WitFrame frame) {
        spare.set(frame);
    }

    Instance instance() {
        return instance;
    }

    WitWorld.Func def() {
        return def;
    }

    /**
     * Its name.
     *
     * @return as {@link Instance#witFunc} finds it, in full
     */
    public String name() {
        return def.fullName();
    }

    /**
     * What it takes and gives. A method's first parameter is the resource.
     *
     * @return its type
     */
    public WitFuncType type() {
        return def.type();
    }

    /**
     * What is written about it.
     *
     * @return the documentation, where it can be known
     */
    public Optional<String> docs() {
        return Optional.ofNullable(def.docs());
    }

    /**
     * Calls it.
     *
     * @param args one for each parameter; options at the end may be left out
     * @return what it gives; null for nothing. Of a {@code result<T, E>} it is what {@code ok} holds
     * @throws WitError what {@code err} holds, if it gives a {@code result} that is one
     * @throws WasmException {@code type} or {@code range} if the arguments do not fit, with the place, such as {@code
     *     args[0].tags[1]}, before the component is entered; {@code closed}, {@code poisoned}, {@code busy}, {@code
     *     wrong_store}; {@link Trap}; what a function of Java threw is thrown as it is
     */
    public Object call(Object... args) {
        checkCount(args.length);
        try {
            return untyped.call(null, args);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw WitAccess.<RuntimeException>thrown(e);
        }
    }

    /**
     * Calls it on a thread of the engine's, without waiting; see {@link Instance#callAsync}.
     *
     * @param args as for {@link #call}; copied, except for what is in them
     * @return a future of what {@link #call} gives or throws
     * @throws WasmException {@code type} if the number of arguments is wrong; {@code limit} if no thread can be started; all
     *     else is the outcome of the future
     */
    public CompletableFuture<Object> callAsync(Object... args) {
        checkCount(args.length);
        Object[] kept = args.clone();
        return instance.later(() -> call(kept));
    }

    private void checkCount(int given) {
        if (!untyped.takes(given)) {
            Native.witCount(handle, given);
        }
    }

    /**
     * This function as a functional interface of yours, with your own types: checked when it is bound, see {@link
     * Instance#as}.
     *
     * @param type an interface with one abstract method
     * @param <T> the interface
     * @return an object of it; may be used from every thread
     * @throws WasmException {@code type} if the method does not fit, with all that is wrong
     */
    public <T> T as(Class<T> type) {
        return WitBinding.of(this, Objects.requireNonNull(type, "type"));
    }

    /** The function as WIT writes it: {@code greet: func(name: string) -> string}. */
    @Override
    public String toString() {
        return def.told();
    }
}
