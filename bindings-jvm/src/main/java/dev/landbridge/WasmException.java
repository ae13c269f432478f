package dev.landbridge;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Anything that goes wrong here, except what a host function throws: that arrives as the very same object.
 *
 * <p>The stack trace begins with the guest's frames, innermost first, if the guest was running.
 */
public class WasmException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What went wrong. */
    private final ErrorKind kind;
    /** Zero if the operating system refused nothing. */
    private int osCode;
    /** Null if it was no file. */
    private String path;

    /** The row of a batch and one more; zero if it came from none. */
    private long rowEnd;

    /** What can be serialized; null if it came from where frames did not travel. */
    private volatile List<Frame> frames = List.of();

    /** See {@link GuestTrace#trailOf}. */
    private transient volatile long[] trail;

    /** What the guest wrote, or null. */
    private String output;

    WasmException(ErrorKind kind, String message, List<Frame> frames) {
        super(message);
        this.kind = kind;
        if (!frames.isEmpty()) {
            set(frames, null);
        }
    }

    /** Puts the guest's frames before those of Java, in place of those it may have. */
    final void set(List<Frame> frames, long[] trail) {
        this.trail = trail;
        if (frames.equals(frames())) {
            return;
        }
        StackTraceElement[] trace = getStackTrace();
        int known = Math.min(frames().size(), trace.length);
        StackTraceElement[] java = Arrays.copyOfRange(trace, known, trace.length);
        setStackTrace(Frame.before(frames, java));
        this.frames = frames;
    }

    final long[] trail() {
        return trail;
    }

    /** Notes what the operating system said; zero and null for nothing. */
    private void setRefused(int osCode, String path) {
        this.osCode = osCode;
        this.path = path;
        if (osCode != 0) {
            initCause(OsError.of(osCode, path, getMessage()));
        }
    }

    /** From the frame of an error, with the exception of WebAssembly that it is, or zero. */
    static WasmException read(long exception, FrameReader frame) {
        ErrorKind kind = ErrorKind.of(frame.int32());
        Optional<Integer> trap = frame.optional(FrameReader::int32);
        int code = frame.optional(FrameReader::int32).or(() -> trap).orElse(0);
        String message = frame.text();
        List<Frame> frames = Frame.list(frame);
        long[] trail = frame.longs();
        WasmException made = exception == 0
                ? kind.maker.make(kind, code, message, frames)
                : new TaggedException(exception, message, frames);
        made.trail = trail;
        String output = frame.text();
        made.output = output.isEmpty() ? null : output;
        made.setRefused(frame.optional(FrameReader::int32).orElse(0), frame.orNull(FrameReader::text));
        return made;
    }

    static WasmException of(ErrorKind kind, String message) {
        return kind.maker.make(kind, 0, message, List.of());
    }

    /**
     * What went wrong, in a word.
     *
     * @return the kind
     */
    public ErrorKind kind() {
        return kind;
    }

    /**
     * What was wrong, in a sentence; the same as {@link #getMessage()}.
     *
     * @return the message, without the guest's frames
     */
    public String message() {
        return getMessage();
    }

    /**
     * What the operating system said, if it refused something, such as a file that is not there.
     *
     * @return {@code errno}, or on Windows what {@code GetLastError} says
     */
    public OptionalInt osCode() {
        return osCode == 0 ? OptionalInt.empty() : OptionalInt.of(osCode);
    }

    /**
     * The file or folder that the operating system refused.
     *
     * @return the path as it was given
     */
    public Optional<String> path() {
        return Optional.ofNullable(path);
    }

    final void setRow(long row) {
        rowEnd = row + 1;
    }

    /**
     * The row that {@link Func#map} was at. The message begins with it; the rows before it are done.
     *
     * @return the row, the first of which is 0; empty if no row was begun, or no function was mapped
     */
    public OptionalLong row() {
        return rowEnd == 0 ? OptionalLong.empty() : OptionalLong.of(rowEnd - 1);
    }

    /**
     * The guest's call stack.
     *
     * @return the frames, innermost first; empty if the guest was not running
     */
    public List<Frame> frames() {
        List<Frame> frames = this.frames;
        return frames == null ? List.of() : frames;
    }

    /**
     * The last output of the guest that was discarded, and what it was refused. It is printed behind the message.
     *
     * @return a text for reading, of at most 4 KiB of each stream; empty if there is nothing
     */
    public String output() {
        return output == null ? "" : output;
    }

    /**
     * The class, the message, and what the guest had written.
     *
     * @return lines, as stack traces begin with them
     */
    @Override
    public String toString() {
        return output == null ? super.toString() : super.toString() + "\n" + output;
    }

    /**
     * The guest's call stack of any Throwable that came out of a guest, such as the one a host function threw: its
     * frames travel as a suppressed {@link GuestTrace}.
     *
     * @param thrown a WasmException or anything else
     * @return the frames, innermost first; empty if there are none
     */
    public static List<Frame> framesOf(Throwable thrown) {
        return thrown instanceof WasmException ours ? ours.frames() : GuestTrace.framesOf(thrown);
    }
}
