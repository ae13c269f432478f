package dev.landbridge;

/**
 * A function of Java that takes what guests write or are refused; see {@link Output#to(OutputFunction)}.
 *
 * <p>Runs on the thread of the call that reached it. It cannot enter the guest's store: that is an error of kind {@code
 * busy}.
 */
@FunctionalInterface
public interface OutputFunction {
    /**
     * Called with what a guest writes, or with a line that tells what it was refused.
     *
     * @param bytes a copy, which may be kept
     * @throws Throwable anything: it ends the guest, and the outermost call throws the very same object
     */
    void write(byte[] bytes) throws Throwable;
}
