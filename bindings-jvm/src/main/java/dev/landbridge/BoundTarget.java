package dev.landbridge;

/** What an object of a bound interface does. */
interface BoundTarget {
    /** A method, by its number; the last one is {@code toString}. */
    Object invoke(int method, Object[] args) throws Throwable;
}
