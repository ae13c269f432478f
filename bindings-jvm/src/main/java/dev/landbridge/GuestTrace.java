package dev.landbridge;

import java.util.List;

/**
 * The guest's frames between a host function that threw and the call that reached it: suppressed by the Throwable,
 * so that they are printed with it. Never thrown itself.
 */
public final class GuestTrace extends Throwable {
    private static final long serialVersionUID = 1;

    private transient volatile List<Frame> frames;

    private GuestTrace(List<Frame> frames) {
        super("the guest's frames", null, false, true);
        set(frames);
    }

    /**
     * The guest's call stack.
     *
     * @return the frames, innermost first
     */
    public List<Frame> frames() {
        List<Frame> frames = this.frames;
        return frames == null ? List.of() : frames;
    }

    private void set(List<Frame> frames) {
        this.frames = frames;
        setStackTrace(Frame.before(frames, new StackTraceElement[0]));
    }

    /** Adds the frames to what a host function threw. */
    static void add(Throwable thrown, List<Frame> frames) {
        if (thrown instanceof WasmException) {
            return; // It has the frames of the place it was raised at.
        }
        GuestTrace found = of(thrown);
        if (found == null) {
            thrown.addSuppressed(new GuestTrace(frames));
        } else if (!endsWith(found.frames(), frames)) {
            found.set(frames); // Thrown once more: frames do not pile up.
        }
    }

    /** Whether an outer call only repeats the end of what an inner one has told. */
    private static boolean endsWith(List<Frame> inner, List<Frame> outer) {
        int start = inner.size() - outer.size();
        return start >= 0 && inner.subList(start, inner.size()).equals(outer);
    }

    static List<Frame> framesOf(Throwable thrown) {
        GuestTrace found = of(thrown);
        return found == null ? List.of() : found.frames();
    }

    private static GuestTrace of(Throwable thrown) {
        for (Throwable suppressed : thrown.getSuppressed()) {
            if (suppressed instanceof GuestTrace trace) {
                return trace;
            }
        }
        return null;
    }
}
