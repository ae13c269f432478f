package dev.landbridge;

import java.util.ArrayList;
import java.util.List;

/**
 * The guest's frames between a host function that threw and the call that reached it: suppressed by the Throwable,
 * so that they are printed with it. Never thrown itself.
 */
public final class GuestTrace extends Throwable {
    private static final long serialVersionUID = 1;

    /** What can be serialized; null if it came from where frames did not travel. */
    private volatile List<Frame> frames;

    /** See {@link #trailOf}. */
    private transient volatile long[] trail;

    private GuestTrace(List<Frame> frames, long[] trail) {
        super("the guest's frames", null, false, true);
        set(frames, trail);
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

    private void set(List<Frame> frames, long[] trail) {
        this.frames = frames;
        this.trail = trail;
        setStackTrace(Frame.before(frames, new StackTraceElement[0]));
    }

    /** Gives what a host function threw the frames that the native side says, behind the first that it keeps. */
    static Throwable add(Throwable thrown, int kept, List<Frame> frames, long[] trail) {
        List<Frame> known = WasmException.framesOf(thrown);
        List<Frame> all = new ArrayList<>(known.subList(0, Math.min(kept, known.size())));
        all.addAll(frames);
        if (thrown instanceof WasmException ours) {
            ours.set(List.copyOf(all), trail);
        } else if (!known.isEmpty() || !all.isEmpty()) {
            set(thrown, List.copyOf(all), trail);
        }
        return thrown;
    }

    private static void set(Throwable thrown, List<Frame> frames, long[] trail) {
        GuestTrace found = of(thrown);
        if (found == null) {
            thrown.addSuppressed(new GuestTrace(frames, trail));
        } else {
            found.set(frames, trail);
        }
    }

    /** What the native side knows the way of a Throwable through guests by, while it is in this process; or null. */
    static long[] trailOf(Throwable thrown) {
        if (thrown instanceof WasmException ours) {
            return ours.trail();
        }
        GuestTrace found = of(thrown);
        return found == null ? null : found.trail;
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
