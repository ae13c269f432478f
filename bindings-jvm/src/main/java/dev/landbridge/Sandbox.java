package dev.landbridge;

import java.io.Serializable;
import java.lang.ref.Reference;
import java.util.Objects;

/**
 * How a store is closed in: what its guests may touch, how much they may use, and where their streams go. May be used for
 * any number of stores. It can be serialized, unless a stream goes to a function.
 *
 * @param policy what they may touch
 * @param limits how much they may use
 * @param stdio their standard streams
 * @serial exclude
 */
public record Sandbox(Policy policy, Limits limits, Stdio stdio) implements Serializable {
    private static final long serialVersionUID = 1;

    private static final class Standard {
        static final Sandbox SANDBOX = of(Policy.none(), Limits.none());
    }

    /**
     * How a store is closed in.
     *
     * @param policy what its guests may touch
     * @param limits how much they may use
     * @param stdio their standard streams
     */
    public Sandbox {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(stdio, "stdio");
    }

    /**
     * The sandbox by default: it grants nothing, has no limits, and discards output.
     *
     * @return the sandbox
     */
    public static Sandbox standard() {
        Library.load();
        return Standard.SANDBOX;
    }

    /**
     * That of programs, see {@link Landbridge}: {@link Policy#program()}, no limits, the streams of this process.
     *
     * @return the sandbox
     */
    public static Sandbox program() {
        return new Sandbox(Policy.program(), Limits.none(), Stdio.inherit());
    }

    /**
     * A sandbox that drops output.
     *
     * @param policy what guests may touch
     * @param limits how much they may use
     * @return the sandbox
     */
    public static Sandbox of(Policy policy, Limits limits) {
        return new Sandbox(policy, limits, Stdio.none());
    }

    /**
     * The same with another policy.
     *
     * @param policy what guests may touch
     * @return a new sandbox
     */
    public Sandbox withPolicy(Policy policy) {
        return new Sandbox(policy, limits, stdio);
    }

    /**
     * The same with other limits.
     *
     * @param limits how much guests may use
     * @return a new sandbox
     */
    public Sandbox withLimits(Limits limits) {
        return new Sandbox(policy, limits, stdio);
    }

    /**
     * The same with other streams.
     *
     * @param stdio where streams go
     * @return a new sandbox
     */
    public Sandbox withStdio(Stdio stdio) {
        return new Sandbox(policy, limits, stdio);
    }

    /** A handle of an instance in a store of its own. */
    long instantiate(long module, HostFunctions lender, Imports.Lent lent) {
        byte[] own = write(lender);
        long instance = Native.instanceNew(module, policy.handle, own, lender, lent.frame(), lent.objects());
        Reference.reachabilityFence(this);
        return instance;
    }

    /** Limits and streams, or null for the standard ones; the policy goes beside them. Functions are lent by the lender. */
    byte[] write(HostFunctions lender) {
        if (limits == Limits.none() && stdio == Stdio.none()) {
            return null;
        }
        FrameWriter frame = new FrameWriter();
        limits.write(frame);
        stdio.write(frame, lender);
        return frame.finish();
    }
}
