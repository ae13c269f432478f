package dev.landbridge;

/** Which random numbers a policy grants; see {@link Policy#withRandom}. */
public sealed interface GuestRandom {
    /** None: asking for some is an error of WASI. */
    record None() implements GuestRandom {}

    /**
     * The same ones each time. Not for secrets.
     *
     * @param seed what they come from, all 64 bits of it
     */
    record Seeded(long seed) implements GuestRandom {}

    /** Those of the operating system. */
    record Secure() implements GuestRandom {}

    /**
     * No random numbers.
     *
     * @return the source
     */
    static GuestRandom none() {
        return new None();
    }

    /**
     * The same numbers each time. Not for secrets.
     *
     * @param seed what they come from, all 64 bits of it
     * @return the source
     */
    static GuestRandom seeded(long seed) {
        return new Seeded(seed);
    }

    /**
     * The random numbers of the operating system.
     *
     * @return the source
     */
    static GuestRandom secure() {
        return new Secure();
    }
}
