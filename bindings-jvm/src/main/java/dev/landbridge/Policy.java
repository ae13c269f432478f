package dev.landbridge;

import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the guests of a store may touch beyond what their imports lend them. Immutable: each method that grants gives a new
 * policy. It starts at nothing ({@link #none()}), grants by name, and is only ever narrowed ({@link #restrict}). May be
 * used from every thread, and for any number of stores.
 *
 * <p>What was not granted gives the guest an error of WASI, as if it were not there or not permitted.
 */
public final class Policy {
    private static final Policy NONE = new Policy(Native.policyNone());

    final long handle;

    private Policy(long handle) {
        this.handle = handle;
        Handles.own(this, Native.POLICY, handle);
    }

    /** What became of this one; it was used until now. */
    private Policy changed(long handle) {
        Reference.reachabilityFence(this);
        return new Policy(handle);
    }

    /**
     * Grants nothing.
     *
     * @return the policy
     */
    public static Policy none() {
        return NONE;
    }

    /**
     * Grants to look at and read a folder and all that is in it.
     *
     * @param guest the name that guests see, such as {@code /data}
     * @param host where it is for Java; opened when a module asks for WASI
     * @return a new policy
     */
    public Policy withReadOnlyDir(String guest, Path host) {
        return withDir(guest, host, Access.READ);
    }

    /**
     * Grants a folder and all that is in it.
     *
     * @param guest the name that guests see, such as {@code /data}
     * @param host where it is for Java; opened when a module asks for WASI
     * @param access what guests may do there
     * @return a new policy
     */
    public Policy withDir(String guest, Path host, Access access) {
        boolean writable = Objects.requireNonNull(access, "access") == Access.WRITE;
        String name = Objects.requireNonNull(guest, "guest");
        return changed(Native.policyWithDir(handle, name, host.toString(), writable));
    }

    /**
     * Grants to see a variable of the environment.
     *
     * @param name its name
     * @param value the value that guests see
     * @return a new policy
     */
    public Policy withEnv(String name, String value) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
        return changed(Native.policyWithEnv(handle, name, value));
    }

    /**
     * Gives the arguments that a program sees, in place of those it had.
     *
     * @param args the program's name first
     * @return a new policy
     */
    public Policy withArgs(String... args) {
        return withArgs(List.of(args));
    }

    /**
     * Gives the arguments that a program sees, in place of those it had.
     *
     * @param args the program's name first
     * @return a new policy
     */
    public Policy withArgs(Collection<String> args) {
        return changed(Native.policyWithArgs(handle, List.copyOf(args).toArray()));
    }

    /**
     * Grants a clock.
     *
     * @param clock which one
     * @return a new policy
     */
    public Policy withClock(GuestClock clock) {
        Objects.requireNonNull(clock, "clock");
        if (clock instanceof GuestClock.Fixed fixed) {
            return changed(Native.policyWithClock(handle, 1, Nanos.of(fixed.at()), 0));
        }
        if (clock instanceof GuestClock.Stepped stepped) {
            return changed(Native.policyWithClock(handle, 2, Nanos.of(stepped.start()), Nanos.of(stepped.step())));
        }
        return changed(Native.policyWithClock(handle, clock instanceof GuestClock.Real ? 3 : 0, 0, 0));
    }

    /**
     * Grants random numbers.
     *
     * @param random which ones
     * @return a new policy
     */
    public Policy withRandom(GuestRandom random) {
        Objects.requireNonNull(random, "random");
        if (random instanceof GuestRandom.Seeded seeded) {
            return changed(Native.policyWithRandom(handle, 1, seeded.seed()));
        }
        return changed(Native.policyWithRandom(handle, random instanceof GuestRandom.Secure ? 2 : 0, 0));
    }

    /**
     * What both grant: never wider than either. A folder must be the same one in both and keeps the lesser access; of
     * clocks and random numbers the lesser one counts; a variable must have the same value in both, and so must the
     * arguments.
     *
     * @param by the other policy
     * @return a new policy
     */
    public Policy restrict(Policy by) {
        Policy both = changed(Native.policyRestrict(handle, by.handle));
        Reference.reachabilityFence(by);
        return both;
    }

    /**
     * Whether everything that another policy grants is granted here.
     *
     * @param other the other policy
     * @return true if it is
     */
    public boolean allows(Policy other) {
        boolean allows = Native.policyAllows(handle, other.handle);
        Reference.reachabilityFence(this);
        Reference.reachabilityFence(other);
        return allows;
    }

    /**
     * The folders.
     *
     * @return by the names that guests see, in their order; unmodifiable
     */
    public Map<String, Dir> dirs() {
        Object[] flat = Native.policyDirs(handle);
        Reference.reachabilityFence(this);
        Map<String, Dir> dirs = new LinkedHashMap<>();
        for (int i = 0; i < flat.length; i += 3) {
            Access access = flat[i + 2] == null ? Access.WRITE : Access.READ;
            dirs.put((String) flat[i], new Dir(Path.of((String) flat[i + 1]), access));
        }
        return Collections.unmodifiableMap(dirs);
    }

    /**
     * The environment.
     *
     * @return values by name, in the order of the names; unmodifiable
     */
    public Map<String, String> env() {
        Object[] flat = Native.policyEnv(handle);
        Reference.reachabilityFence(this);
        Map<String, String> env = new LinkedHashMap<>();
        for (int i = 0; i < flat.length; i += 2) {
            env.put((String) flat[i], (String) flat[i + 1]);
        }
        return Collections.unmodifiableMap(env);
    }

    /**
     * The arguments.
     *
     * @return the arguments, unmodifiable
     */
    public List<String> args() {
        Object[] args = Native.policyArgs(handle);
        Reference.reachabilityFence(this);
        return List.of(args).stream().map(String.class::cast).toList();
    }

    /**
     * The clock.
     *
     * @return which one
     */
    public GuestClock clock() {
        long[] clock = Native.policyClock(handle);
        Reference.reachabilityFence(this);
        return switch ((int) clock[0]) {
            case 0 -> GuestClock.none();
            case 1 -> GuestClock.fixed(Nanos.instant(clock[1]));
            case 2 -> GuestClock.stepped(Nanos.instant(clock[1]), Nanos.duration(clock[2]));
            default -> GuestClock.real();
        };
    }

    /**
     * The random numbers.
     *
     * @return which ones
     */
    public GuestRandom random() {
        long[] random = Native.policyRandom(handle);
        Reference.reachabilityFence(this);
        return switch ((int) random[0]) {
            case 0 -> GuestRandom.none();
            case 1 -> GuestRandom.seeded(random[1]);
            default -> GuestRandom.secure();
        };
    }

    /**
     * Reads a policy from JSON. Keys that are not there grant nothing.
     *
     * @param json the text
     * @return the policy
     * @throws WasmException {@code type}, saying which key is unknown or wrong
     */
    public static Policy fromJson(String json) {
        return new Policy(Native.policyFromJson(Objects.requireNonNull(json, "json")));
    }

    /**
     * Reads a policy from a file of JSON.
     *
     * @param path the file
     * @return the policy
     * @throws WasmException {@code io} if the file cannot be read; {@code type}, saying which key is unknown or wrong
     */
    public static Policy fromFile(Path path) {
        return new Policy(Native.policyFromFile(path.toString()));
    }

    /**
     * The policy as JSON, the same in every host language.
     *
     * @return the text, on one line
     */
    public String toJson() {
        String json = Native.policyToJson(handle);
        Reference.reachabilityFence(this);
        return json;
    }

    /** Whether both grant the same. */
    @Override
    public boolean equals(Object other) {
        if (this == other || !(other instanceof Policy policy)) {
            return this == other;
        }
        boolean same = Native.policySame(handle, policy.handle);
        Reference.reachabilityFence(this);
        Reference.reachabilityFence(policy);
        return same;
    }

    @Override
    public int hashCode() {
        return toJson().hashCode();
    }

    /** The policy as JSON. */
    @Override
    public String toString() {
        return toJson();
    }
}
