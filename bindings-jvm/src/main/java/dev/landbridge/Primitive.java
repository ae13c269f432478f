package dev.landbridge;

/** A host function of at most four numbers and one result: bits in, bits out. */
@FunctionalInterface
interface Primitive {
    long call(long a, long b, long c, long d) throws Throwable;
}
