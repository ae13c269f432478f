package dev.landbridge;

import java.util.List;

/** A function that Java lends to components, with what reads its arguments and writes its result: made once. */
final class WitLent {
    /** What it does with its arguments. */
    interface Target {
        Object call(Object[] args) throws Throwable;
    }

    /** An exception that stands for `err`, and what writes what it holds; null if it holds nothing. */
    record Thrown(Class<?> type, WitCodec payload) {}

    /** More than the length of the result: there is something beside it. */
    private static final long BESIDE = 1L << 32;

    private final WitWorld.Func def;
    private final Target target;
    private final WitCodec[] params;
    private final WitCodec given;
    private final boolean isResult;
    private final List<Thrown> thrown;
    private final boolean hasResources;

    WitLent(
            WitWorld.Func def,
            Target target,
            WitCodec[] params,
            WitCodec given,
            boolean isResult,
            List<Thrown> thrown) {
        this.def = def;
        this.target = target;
        this.params = params;
        this.given = given;
        this.isResult = isResult;
        this.thrown = thrown;
        hasResources = def.type().params().stream().anyMatch(it -> hasResources(it.type()))
                || def.type().result().filter(WitLent::hasResources).isPresent();
    }

    /** One without types of Java. */
    static WitLent untyped(WitWorld.Func def, Target target) {
        WitCodec[] params = def.type().params().stream().map(it -> it.type().codec()).toArray(WitCodec[]::new);
        return withParams(def, target, params);
    }

    /** One that gives values without types of Java. */
    static WitLent withParams(WitWorld.Func def, Target target, WitCodec[] params) {
        WitType result = def.type().result().orElse(null);
        boolean isResult = result != null && result.sort == WitType.RESULT;
        WitCodec given = isResult ? WitUntyped.codec(result, 0) : result == null ? null : result.codec();
        WitCodec payload = isResult ? WitUntyped.codec(result, 1) : null;
        List<Thrown> thrown = isResult ? List.of(new Thrown(WitError.class, payload)) : List.of();
        return new WitLent(def, target, params, given, isResult, thrown);
    }

    private static boolean hasResources(WitType type) {
        return type.isResource()
                || type.parts.stream().anyMatch(it -> it.held() != null && hasResources(it.held()));
    }

    /** Called by a guest: the arguments are in the frame, and the result goes there. Gives its length. */
    long call(HostFunctions lender, long context, byte[] bytes, Object[] beside) throws Throwable {
        WitHome home = hasResources
                ? new WitHome(lender, null, () -> new Store(Native.contextStore(context), lender))
                : null;
        WitFrame frame = new WitFrame(bytes, beside);
        frame.filled();
        Object[] args = new Object[params.length];
        for (int i = 0; i < args.length; i++) {
            args[i] = params[i].read(frame, home);
        }
        frame.beginResult();
        try {
            Object result = target.call(args);
            if (isResult) {
                frame.putByte(0);
            }
            write(frame, given, result, isResult ? "ok" : null, home);
        } catch (Throwable e) {
            writeThrown(frame, e, home);
        }
        boolean isBeside = frame.lend(lender);
        if (frame.bytes != bytes) {
            beside[WitFrame.LARGER] = frame.bytes;
            isBeside = true;
        }
        return frame.at | (isBeside ? BESIDE : 0);
    }

    /** Writes all of the result, or what a part of it holds. */
    private void write(WitFrame frame, WitCodec codec, Object value, String part, WitHome home) {
        try {
            if (codec != null) {
                codec.write(frame, value, home);
            } else if (value != null) {
                throw Wrong.told("nothing", Wrong.name(value));
            }
        } catch (Wrong e) {
            throw (part == null ? e : e.in(part)).at("result of " + Texts.name(def.fullName()));
        }
    }

    /** What the guest is told of an exception; the others go on their way. */
    private void writeThrown(WitFrame frame, Throwable e, WitHome home) throws Throwable {
        for (Thrown one : thrown) {
            if (one.type().isInstance(e)) {
                frame.clear();
                frame.putByte(1);
                write(frame, one.payload(), one.payload() == null ? null : WitThrown.payload(e), "err", home);
                return;
            }
        }
        if (home != null) {
            home.lender.letGo(frame.objectsPut());
        }
        throw e;
    }
}
