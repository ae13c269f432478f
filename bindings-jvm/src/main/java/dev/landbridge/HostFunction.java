package dev.landbridge;

/**
 * A function of Java that guests can call, of any signature: the one the module imports it with.
 *
 * <p>Runs on the thread of the call that reached it, and may call back into any instance of the same store. For numbers
 * only, an interface such as {@link java.util.function.IntBinaryOperator} is faster; see {@link Imports.Builder#func}.
 *
 * <p>Recursion through guests without end is a {@link Trap}, or a {@link StackOverflowError} where code of Java meets the
 * end of the stack first.
 */
@FunctionalInterface
public interface HostFunction {
    /**
     * Called by a guest.
     *
     * @param context where it was called from; valid during this call and on this thread only
     * @param args the arguments, see {@link Type}
     * @return null without results, the result if there is one, else an {@code Object[]} or a {@link java.util.List} of
     *     them
     * @throws Throwable anything: the outermost call throws the very same object; only a {@link TaggedException} of the
     *     guest's store can be caught by guests, and an {@link Exit} ends the guest with its code
     */
    Object call(HostContext context, Object[] args) throws Throwable;
}
