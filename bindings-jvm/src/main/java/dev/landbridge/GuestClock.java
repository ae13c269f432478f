package dev.landbridge;

import java.time.Duration;
import java.time.Instant;

/**
 * Which clock a policy grants; see {@link Policy#withClock}. It tells the times of files, too: they are 0 where there is
 * no clock, and its own time where it is not the host's.
 */
public sealed interface GuestClock {
    /** None: asking for the time is an error of WASI. */
    record None() implements GuestClock {}

    /**
     * One that stands.
     *
     * @param at its time
     */
    record Fixed(Instant at) implements GuestClock {
        /**
         * One that stands.
         *
         * @param at its time, from 1970 to 2554
         * @throws WasmException {@code range} if no 64 bits of nanoseconds hold it
         */
        public Fixed {
            Nanos.of(at);
        }
    }

    /**
     * One that goes on each time it is asked.
     *
     * @param start its first time
     * @param step by how much it goes on
     */
    record Stepped(Instant start, Duration step) implements GuestClock {
        /**
         * One that goes on each time it is asked.
         *
         * @param start its first time, from 1970 to 2554
         * @param step by how much it goes on, not negative
         * @throws WasmException {@code range} if no 64 bits of nanoseconds hold them
         */
        public Stepped {
            Nanos.of(start);
            Nanos.of(step);
        }
    }

    /** The host's. */
    record Real() implements GuestClock {}

    /**
     * No clock.
     *
     * @return the clock
     */
    static GuestClock none() {
        return new None();
    }

    /**
     * A clock that stands.
     *
     * @param at its time, from 1970 to 2554
     * @return the clock
     * @throws WasmException {@code range} if no 64 bits of nanoseconds hold it
     */
    static GuestClock fixed(Instant at) {
        return new Fixed(at);
    }

    /**
     * A clock that goes on each time it is asked.
     *
     * @param start its first time, from 1970 to 2554
     * @param step by how much it goes on, not negative
     * @return the clock
     * @throws WasmException {@code range} if no 64 bits of nanoseconds hold them
     */
    static GuestClock stepped(Instant start, Duration step) {
        return new Stepped(start, step);
    }

    /**
     * The host's clock.
     *
     * @return the clock
     */
    static GuestClock real() {
        return new Real();
    }
}
