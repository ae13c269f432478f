package dev.landbridge;

/** What a method of a bound interface calls. */
interface WitMethod {
    /** {@code self} is the resource, or null. */
    Object call(Resource self, Object[] args) throws Throwable;
}
