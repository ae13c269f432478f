package dev.landbridge;

import java.io.Serializable;
import java.util.Objects;

/**
 * Where a guest's standard streams come from and go to. May be used for any number of stores.
 *
 * @param stdin what it reads
 * @param stdout where it writes
 * @param stderr where it writes of errors
 * @param refusals where a line goes for each thing that WASI refused, such as {@code refused: path_open "../x" below "/data":
 *     not permitted}. They do not count as output, and a store writes at most 10,000. Names that the guest chose have no
 *     control characters in them
 * @serial exclude
 */
public record Stdio(Input stdin, Output stdout, Output stderr, Output refusals) implements Serializable {
    private static final long serialVersionUID = 1;

    private static final Stdio NONE = builder().build();

    /**
     * The streams of a guest.
     *
     * @param stdin what it reads
     * @param stdout where it writes
     * @param stderr where it writes of errors
     * @param refusals where the lines go that say what it was refused
     */
    public Stdio {
        Objects.requireNonNull(stdin, "stdin");
        Objects.requireNonNull(stdout, "stdout");
        Objects.requireNonNull(stderr, "stderr");
        Objects.requireNonNull(refusals, "refusals");
    }

    /**
     * No streams: stdin is empty, and output is discarded.
     *
     * @return the streams
     */
    public static Stdio none() {
        return NONE;
    }

    /**
     * The streams of this process, as {@link Landbridge} gives them to programs. What is refused is not told.
     *
     * @return the streams
     */
    public static Stdio inherit() {
        return new Stdio(Input.inherit(), Output.inherit(), Output.inherit(), Output.none());
    }

    /**
     * Starts from {@link #none()}.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Functions are lent to the store, which knows them by their numbers. */
    void write(FrameWriter frame, HostFunctions lender) {
        stdin.write(frame);
        stdout.write(frame, lender);
        stderr.write(frame, lender);
        refusals.write(frame, lender);
    }

    /** Collects streams. */
    public static final class Builder {
        private Input stdin = Input.none();
        private Output stdout = Output.none();
        private Output stderr = Output.none();
        private Output refusals = Output.none();

        private Builder() {}

        /**
         * What the guest reads.
         *
         * @param stdin empty by default
         * @return this
         */
        public Builder stdin(Input stdin) {
            this.stdin = stdin;
            return this;
        }

        /**
         * Where the guest writes.
         *
         * @param stdout discarded by default
         * @return this
         */
        public Builder stdout(Output stdout) {
            this.stdout = stdout;
            return this;
        }

        /**
         * Where the guest writes of errors.
         *
         * @param stderr discarded by default
         * @return this
         */
        public Builder stderr(Output stderr) {
            this.stderr = stderr;
            return this;
        }

        /**
         * Where the lines go that say what WASI refused the guest; see {@link Stdio}.
         *
         * @param refusals discarded by default
         * @return this
         */
        public Builder refusals(Output refusals) {
            this.refusals = refusals;
            return this;
        }

        /**
         * Makes the streams.
         *
         * @return the streams
         */
        public Stdio build() {
            return new Stdio(stdin, stdout, stderr, refusals);
        }
    }
}
