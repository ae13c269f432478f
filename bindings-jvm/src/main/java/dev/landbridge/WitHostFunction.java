package dev.landbridge;

/**
 * A function of Java that components call, without types of its own: see {@link Imports.Builder#witFunc}. It may be called
 * from whichever thread is in the store.
 */
@FunctionalInterface
public interface WitHostFunction {
    /**
     * Called by a component.
     *
     * @param args its arguments, as the table of {@link WitFunc} has them; a method of a resource gets your object first
     * @return what it gives; null for nothing. Of a {@code result<T, E>} it is what {@code ok} holds
     * @throws Exception a {@link WitError} is what {@code err} holds; anything else comes out of the call as it is, and ends
     *     the components of the store
     */
    Object call(Object... args) throws Exception;
}
