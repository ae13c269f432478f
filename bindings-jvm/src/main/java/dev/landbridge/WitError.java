package dev.landbridge;

import java.util.List;

/**
 * The {@code err} of a {@code result}: what a function of a component gave that has one, or what a function of Java throws to
 * give one to a component.
 */
public class WitError extends WasmException {
    private static final long serialVersionUID = 1;

    /** Not serialized: it may be anything. */
    private final transient Object payload;

    /**
     * Makes one, for a function of Java to throw.
     *
     * @param payload what went wrong, of the type that the function's {@code result} has for it; null if it has none
     */
    public WitError(Object payload) {
        this(String.valueOf(payload), payload);
    }

    private WitError(String message, Object payload) {
        super(ErrorKind.WIT, message, List.of());
        this.payload = payload;
    }

    WitError(ErrorKind kind, String message, List<Frame> frames) {
        super(kind, message, frames);
        this.payload = null;
    }

    /** What a function gave. */
    static WitError of(WitType type, Object payload) {
        return new WitError(message(type, payload), payload);
    }

    /** As text of WIT; a resource has none. */
    private static String message(WitType type, Object payload) {
        if (type == null) {
            return "err";
        }
        try {
            return "err(" + type.format(payload) + ")";
        } catch (WasmException e) {
            return "err(" + payload + ")";
        }
    }

    /**
     * What went wrong.
     *
     * @return a value of the type that the {@code result} has for it; null if it has none
     */
    public Object payload() {
        return payload;
    }
}
