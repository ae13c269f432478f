package dev.landbridge;

/**
 * Writes values of one type of WIT into frames, and reads them: each type is made into one once. {@code home} is where
 * resources are of.
 */
abstract class WitCodec {
    /** Writes a value. Throws {@link Wrong} if it is none of the type. */
    abstract void write(WitFrame to, Object value, WitHome home);

    /** Reads a value that the native side has written. */
    abstract Object read(WitFrame from, WitHome home);
}
