package dev.landbridge;

import java.util.ArrayList;
import java.util.List;

/**
 * The guest's frames between a host function that threw and the call that reached it: suppressed by the Throwable,
 * so that they are printed with it. Never thrown itself.
 */
public final class GuestTrace extends Throwable {
    private static final long serialVersionUID = 1;

    private static final int FRESH = 0;
    private static final int OTHER_STORE = 2;

    /** What can be serialized; null if it came from where frames did not travel. */
    private volatile List<Frame> frames;

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

    /** Adds the frames of a call to what a host function threw in it; the ways are those of {@code passing.rs}. */
    static void add(Throwable thrown, int way, List<Frame> frames) {
        boolean isPassedOn = way != FRESH;
        List<Frame> known = WasmException.framesOf(thrown);
        if (isPassedOn && way != OTHER_STORE) {
            return;
        }
        List<Frame> all = new ArrayList<>(isPassedOn ? known : List.of());
        all.addAll(frames);
        if (thrown instanceof WasmException ours) {
            // Thrown once more by itself, it keeps the frames of the place it was raised at.
            if (isPassedOn || known.isEmpty()) {
                ours.set(List.copyOf(all));
            }
        } else {
            set(thrown, List.copyOf(all));
        }
    }

    private static void set(Throwable thrown, List<Frame> frames) {
        GuestTrace found = of(thrown);
        if (found == null) {
            thrown.addSuppressed(new GuestTrace(frames));
        } else {
            found.set(frames);
        }
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
