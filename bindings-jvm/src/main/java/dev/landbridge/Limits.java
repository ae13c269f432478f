package dev.landbridge;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;

// generated: java.limits
/**
 * How much the guests of one store may use. What is empty is not bounded, unless it says so. Each limit has an error kind
 * of its own, all of them a {@link LimitExceeded}; those of files are errors of WASI in the guest. They can be serialized.
 *
 * @param memoryBytes bytes that all memories of the store and its garbage-collected heap may have together. A guest
 *     that asks for more gets -1 from {@code memory.grow}, and may go on. If it traps then, or if Java asks for more,
 *     the error is kind {@code memory_limit}
 * @param tableElements elements that all tables of the store may have together. More are refused as for memory. Error:
 *     kind {@code limit}
 * @param instances instances that may be made in the store. Error: kind {@code limit}
 * @param fuel fuel that guests may use until you give more with {@link Store#setFuel}. Error: kind {@code fuel}. An
 *     instruction uses about one unit, and the same call uses the same fuel on every machine and in every host. Modules
 *     are compiled a second time, with code that counts
 * @param outputBytes bytes that guests may write to stdout and stderr together. Error: kind {@code limit}. If you do
 *     not set it, at most 16 MiB are captured
 * @param writtenBytes bytes that guests may write into files of granted folders, all together. They count when they are
 *     written: overwriting or removing gives nothing back. Each file, folder and link that is made counts as 4096.
 *     Holes count, too: whatever makes a file longer counts, by any descriptor. A write beyond the limit gives the
 *     guest WASI's error NOSPC (51). If you do not set it and the policy has folders in memory, it is 64 MiB
 * @param openFiles files and folders that guests may have open at once, not counting granted folders. One more gives
 *     the guest WASI's error MFILE (33). If you do not set it, it is 1024
 * @param timeout how long a call from Java may take, with all that it calls. Error: kind {@code timeout}. The guest is
 *     ended within a few milliseconds, also while it sleeps. Two things are finished first: a host function that it
 *     called, and one instruction that fills memory, which takes 1 to 2 milliseconds for each MiB. Needs an engine that
 *     can interrupt guests
 * @param transferBytes bytes that one call of a component's function may copy to the guest, and as many back; likewise
 *     when a component calls Java. Strings and lists of numbers count as their bytes; in other lists that a component
 *     returns, each element counts as at least 8. Arguments that are too large are refused before the call, and a
 *     component that returns too much is ended. Error: kind {@code limit}. If you do not set it, it is 128 MiB
 * @param handles handles of resources that the components of the store may hold at once, and as many that Java may hold
 *     or have given them. Error: kind {@code limit}. A borrow counts until its call ends, and a component's resource
 *     that Java holds counts for both. If you do not set it, it is 100,000
 * @serial exclude
 */
public record Limits(
        OptionalLong memoryBytes,
        OptionalLong tableElements,
        OptionalLong instances,
        OptionalLong fuel,
        OptionalLong outputBytes,
        OptionalLong writtenBytes,
        OptionalLong openFiles,
        Optional<Duration> timeout,
        OptionalLong transferBytes,
        OptionalLong handles)
// end generated
        implements Serializable {
    private static final long serialVersionUID = 1;
    private static final Limits NONE = builder().build();

    // generated: java.limits_checked
    /**
     * The limits of a store.
     *
     * @param memoryBytes bounds all memories of the store and its heap together
     * @param tableElements bounds all tables of the store together
     * @param instances bounds how many instances may be made in the store
     * @param fuel bounds how much guests may do, in about the number of instructions
     * @param outputBytes bounds what guests may write to stdout and stderr together
     * @param writtenBytes bounds what guests may write into files of granted folders, all together
     * @param openFiles bounds how many files and folders guests may have open at once
     * @param timeout bounds how long each call from Java may take
     * @param transferBytes bounds what one call of a component may copy in each direction
     * @param handles bounds how many handles of resources components and Java may hold at once
     * @throws WasmException {@code range} if one is negative
     */
    public Limits {
        check("memoryBytes", memoryBytes);
        check("tableElements", tableElements);
        check("instances", instances);
        check("fuel", fuel);
        check("outputBytes", outputBytes);
        check("writtenBytes", writtenBytes);
        check("openFiles", openFiles);
        timeout.ifPresent(it -> check("timeout", it));
        check("transferBytes", transferBytes);
        check("handles", handles);
    }
    // end generated

    private static void check(String name, OptionalLong limit) {
        check(name, limit.orElse(0));
    }

    static void check(String name, long limit) {
        if (limit < 0) {
            throw Messages.outOfRange(name, limit, 0, Long.MAX_VALUE);
        }
    }

    static void check(String name, Duration time) {
        if (time.isNegative()) {
            throw Messages.outOfRange(name, time, Duration.ZERO, Duration.ofSeconds(Long.MAX_VALUE));
        }
    }

    /**
     * Bounds nothing.
     *
     * @return the limits
     */
    public static Limits none() {
        return NONE;
    }

    /**
     * Starts to collect limits.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads limits from JSON, such as {@code {"memory_bytes": 1048576, "timeout_ms": 500}}. What has no key is not bounded.
     *
     * @param json the text
     * @return the limits
     * @throws WasmException {@code type}, saying which key is unknown or wrong; {@code range} if a number is too large for
     *     Java
     */
    public static Limits fromJson(String json) {
        Objects.requireNonNull(json, "json");
        Library.load();
        return FrameReader.read(Native.limitsFromJson(json), Limits::read);
    }

    /**
     * The limits as JSON, the same in every host language. Nothing is said of what is not bounded.
     *
     * @return the text, on one line
     */
    public String toJson() {
        Library.load();
        FrameWriter frame = new FrameWriter();
        write(frame);
        return Native.limitsToJson(frame.finish());
    }

    /** The limits that there are, for reading. */
    @Override
    public String toString() {
        StringJoiner told = new StringJoiner(", ", "Limits[", "]");
        // generated: java.limits_shown
        memoryBytes.ifPresent(it -> told.add("memoryBytes=" + it));
        tableElements.ifPresent(it -> told.add("tableElements=" + it));
        instances.ifPresent(it -> told.add("instances=" + it));
        fuel.ifPresent(it -> told.add("fuel=" + it));
        outputBytes.ifPresent(it -> told.add("outputBytes=" + it));
        writtenBytes.ifPresent(it -> told.add("writtenBytes=" + it));
        openFiles.ifPresent(it -> told.add("openFiles=" + it));
        timeout.ifPresent(it -> told.add("timeout=" + it));
        transferBytes.ifPresent(it -> told.add("transferBytes=" + it));
        handles.ifPresent(it -> told.add("handles=" + it));
        // end generated
        return told.toString();
    }

    /**
     * What travels in place of the limits.
     *
     * @param json the limits
     */
    private record Travelling(String json) implements Serializable {
        private Object readResolve() {
            return fromJson(json);
        }
    }

    /**
     * What travels in their place.
     *
     * @return their JSON
     */
    private Object writeReplace() {
        return new Travelling(toJson());
    }

    private static Limits read(FrameReader frame) {
        return new Limits(
                // generated: java.limits_read
                frame.optionalLong(),
                frame.optionalLong(),
                frame.optionalLong(),
                frame.optionalLong(),
                frame.optionalLong(),
                frame.optionalLong(),
                frame.optionalLong(),
                frame.optional(FrameReader::int64).map(Duration::ofNanos),
                frame.optionalLong(),
                frame.optionalLong());
                // end generated
    }

    void write(FrameWriter frame) {
        // generated: java.limits_written
        frame.optional(memoryBytes);
        frame.optional(tableElements);
        frame.optional(instances);
        frame.optional(fuel);
        frame.optional(outputBytes);
        frame.optional(writtenBytes);
        frame.optional(openFiles);
        frame.optional(timeout.stream().mapToLong(Limits::nanos).findFirst());
        frame.optional(transferBytes);
        frame.optional(handles);
        // end generated
    }

    /** The longest there is, 292 years, for what is longer. */
    static long nanos(Duration timeout) {
        return timeout.getSeconds() < Long.MAX_VALUE / 1_000_000_000 ? timeout.toNanos() : Long.MAX_VALUE;
    }

    /** Collects limits. */
    public static final class Builder {
        // generated: java.limit_fields
        private OptionalLong memoryBytes = OptionalLong.empty();
        private OptionalLong tableElements = OptionalLong.empty();
        private OptionalLong instances = OptionalLong.empty();
        private OptionalLong fuel = OptionalLong.empty();
        private OptionalLong outputBytes = OptionalLong.empty();
        private OptionalLong writtenBytes = OptionalLong.empty();
        private OptionalLong openFiles = OptionalLong.empty();
        private Optional<Duration> timeout = Optional.empty();
        private OptionalLong transferBytes = OptionalLong.empty();
        private OptionalLong handles = OptionalLong.empty();
        // end generated

        private Builder() {}

        // generated: java.limit_setters
        /**
         * Bounds all memories of the store and its heap together.
         *
         * @param memoryBytes bytes, not negative
         * @return this
         */
        public Builder memoryBytes(long memoryBytes) {
            this.memoryBytes = OptionalLong.of(memoryBytes);
            return this;
        }

        /**
         * Bounds all tables of the store together.
         *
         * @param tableElements elements, not negative
         * @return this
         */
        public Builder tableElements(long tableElements) {
            this.tableElements = OptionalLong.of(tableElements);
            return this;
        }

        /**
         * Bounds how many instances may be made in the store.
         *
         * @param instances instances, not negative
         * @return this
         */
        public Builder instances(long instances) {
            this.instances = OptionalLong.of(instances);
            return this;
        }

        /**
         * Bounds how much guests may do, in about the number of instructions.
         *
         * @param fuel units, not negative
         * @return this
         */
        public Builder fuel(long fuel) {
            this.fuel = OptionalLong.of(fuel);
            return this;
        }

        /**
         * Bounds what guests may write to stdout and stderr together.
         *
         * @param outputBytes bytes, not negative
         * @return this
         */
        public Builder outputBytes(long outputBytes) {
            this.outputBytes = OptionalLong.of(outputBytes);
            return this;
        }

        /**
         * Bounds what guests may write into files of granted folders, all together.
         *
         * @param writtenBytes bytes, not negative
         * @return this
         */
        public Builder writtenBytes(long writtenBytes) {
            this.writtenBytes = OptionalLong.of(writtenBytes);
            return this;
        }

        /**
         * Bounds how many files and folders guests may have open at once.
         *
         * @param openFiles files and folders, not negative
         * @return this
         */
        public Builder openFiles(long openFiles) {
            this.openFiles = OptionalLong.of(openFiles);
            return this;
        }

        /**
         * Bounds how long each call from Java may take.
         *
         * @param timeout the time, not negative
         * @return this
         */
        public Builder timeout(Duration timeout) {
            this.timeout = Optional.of(timeout);
            return this;
        }

        /**
         * Bounds what one call of a component may copy in each direction.
         *
         * @param transferBytes bytes, not negative
         * @return this
         */
        public Builder transferBytes(long transferBytes) {
            this.transferBytes = OptionalLong.of(transferBytes);
            return this;
        }

        /**
         * Bounds how many handles of resources components and Java may hold at once.
         *
         * @param handles handles, not negative
         * @return this
         */
        public Builder handles(long handles) {
            this.handles = OptionalLong.of(handles);
            return this;
        }
        // end generated

        /**
         * Makes the limits.
         *
         * @return the limits
         * @throws WasmException {@code range} if one is negative
         */
        public Limits build() {
            return new Limits(
                    // generated: java.limit_names
                    memoryBytes, tableElements, instances, fuel, outputBytes, writtenBytes, openFiles, timeout,
                    transferBytes, handles);
                    // end generated
        }
    }
}
