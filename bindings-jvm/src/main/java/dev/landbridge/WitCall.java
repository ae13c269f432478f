package dev.landbridge;

import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.util.List;

/** A call of a function of a component, with what writes its arguments and reads its result: made once. */
final class WitCall {
    final WitFunc func;
    private final WitCodec[] params;
    /** What all of the result is, or what `ok` holds; null if nothing. */
    private final WitCodec given;
    /** What `err` holds; null if nothing. */
    private final WitCodec err;
    /** Whether `err` is thrown. */
    private final boolean isThrown;
    /** Makes what is thrown of what `err` holds, or of nothing; null for a {@link WitError}. */
    private final MethodHandle thrown;

    private final boolean takesPayload;

    /** For values without types of Java. */
    WitCall(WitFunc func) {
        this.func = func;
        WitFuncType type = func.type();
        params = type.params().stream().map(it -> it.type().codec()).toArray(WitCodec[]::new);
        WitType result = type.result().orElse(null);
        isThrown = result != null && result.sort == WitType.RESULT;
        given = isThrown ? WitUntyped.codec(result, 0) : result == null ? null : result.codec();
        err = isThrown ? WitUntyped.codec(result, 1) : null;
        thrown = null;
        takesPayload = false;
    }

    /** For types of Java. */
    WitCall(WitFunc func, WitCodec[] params, WitCodec given, WitCodec err, boolean isThrown, WitThrown thrown) {
        this.func = func;
        this.params = params;
        this.given = given;
        this.err = err;
        this.isThrown = isThrown;
        this.thrown = thrown == null ? null : thrown.constructor();
        this.takesPayload = thrown != null && thrown.takesPayload();
    }

    /** Calls it. {@code self} is the resource that comes first, or null. */
    Object call(Resource self, Object[] args) throws Throwable {
        WitFrame frame = func.takeFrame();
        try {
            write(frame, self, args);
            boolean isBeside = frame.lend(func.home.lender);
            Native.witCall(func.handle, frame.bytes, frame.at, frame.beside, isBeside);
            frame.filled();
            return read(frame);
        } catch (TaggedException e) {
            throw e.heldBy(func.home.lender);
        } finally {
            frame.rest();
            func.giveFrame(frame);
            Reference.reachabilityFence(func);
            Reference.reachabilityFence(self);
            Reference.reachabilityFence(args);
        }
    }

    private void write(WitFrame frame, Resource self, Object[] args) {
        int at = 0;
        try {
            if (self != null) {
                params[at++].write(frame, self, func.home);
            }
            for (Object arg : args) {
                params[at++].write(frame, arg, func.home);
            }
            for (; at < params.length; at++) {
                params[at].write(frame, null, func.home); // An option that was left out.
            }
        } catch (Wrong e) {
            func.home.lender.letGo(frame.objectsPut());
            throw e.at("args[" + (at - 1) + "]");
        } catch (Throwable e) {
            func.home.lender.letGo(frame.objectsPut());
            throw e;
        }
    }

    private Object read(WitFrame frame) throws Throwable {
        if (isThrown && frame.getByte() != 0) {
            throw thrown(err == null ? null : err.read(frame, func.home));
        }
        return given == null ? null : given.read(frame, func.home);
    }

    private Throwable thrown(Object payload) throws Throwable {
        if (thrown == null) {
            WitType held = func.type().result().orElseThrow().parts.get(1).held();
            return WitError.of(held, payload);
        }
        Object[] args = takesPayload ? new Object[] {payload} : new Object[0];
        return (Throwable) (Object) thrown.invokeExact(args);
    }

    /** Whether so many arguments are enough: options at the end may be left out. */
    boolean takes(int count) {
        List<WitFuncType.Param> all = func.type().params();
        boolean fits = count <= all.size();
        for (int i = count; fits && i < all.size(); i++) {
            fits = all.get(i).type().sort == WitType.OPTION;
        }
        return fits;
    }
}
