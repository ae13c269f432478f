package dev.landbridge;

import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.ref.Reference;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the guests of a store may touch beside their imports. It starts at nothing ({@link #none()}); each method grants one
 * thing, by name, and gives a new policy. {@link #restrict} gives one that allows less. Immutable; may be used from every
 * thread, and for any number of stores.
 *
 * <p>What was not granted gives the guest an error of WASI, as if it were not there or not permitted.
 *
 * <p>Grants of the network are judged by questions such as {@link #allowsTcpConnect}. No function of WASI preview 1 opens a
 * connection, so guests of it reach no network whatever is granted here.
 *
 * <p>It can be serialized: its JSON travels.
 */
public final class Policy implements Serializable {
    private static final long serialVersionUID = 1;

    private static final String TCP_CONNECT = "tcp_connect";
    private static final String TCP_BIND = "tcp_bind";
    private static final String UDP_CONNECT = "udp_connect";
    private static final String UDP_BIND = "udp_bind";

    private static final class None {
        static final Policy POLICY = new Policy(Native.policyFromJson("{}"));
    }

    private static final class Programs {
        static final Policy POLICY = none().withClock(GuestClock.real()).withRandom(GuestRandom.secure());
    }

    final transient long handle;

    private Policy(long handle) {
        this.handle = handle;
        Handles.own(this, Native.POLICY, handle);
    }

    /** This one and a grant. */
    private Policy with(String grant) {
        return changed(Native.policyGrant(handle, grant));
    }

    private boolean answers(String question) {
        boolean answer = Native.policyAnswer(handle, question);
        Reference.reachabilityFence(this);
        return answer;
    }

    private PolicyContent content() {
        return FrameReader.read(Handles.use(this, handle, Native::policyContent), PolicyContent::read);
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
        Library.load();
        return None.POLICY;
    }

    /**
     * Grants the real clock and secure random numbers, which most programs need to start; see {@link Landbridge}.
     *
     * @return the policy
     */
    public static Policy program() {
        Library.load();
        return Programs.POLICY;
    }

    /** With the name and the arguments of the program that a module is. */
    Policy of(long module, String name, String[] args) {
        FrameWriter frame = new FrameWriter().int32(args.length);
        for (int i = 0; i < args.length; i++) {
            frame.text("args[" + i + "]", args[i]);
        }
        return changed(Native.policyOfProgram(handle, module, name, frame.finish()));
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
     * Grants a folder and all that is in it. The kernel's file systems below it, such as {@code /proc} and {@code /sys},
     * are not given, unless this is a folder inside of one.
     *
     * @param guest the name that guests see, such as {@code /data}
     * @param host where it is for Java; opened when a module asks for WASI
     * @param access what guests may do there
     * @return a new policy
     */
    public Policy withDir(String guest, Path host, Access access) {
        return with(Grant.dir(guest, host, access));
    }

    /**
     * Grants a folder that each store makes for itself, in memory where the system has a place for that, with these files
     * in it at the start; it is gone with the store.
     *
     * @param guest the name that guests see, such as {@code /tmp}
     * @param files contents by paths inside, with {@code /}; copied
     * @param access what guests may do there
     * @return a new policy
     * @throws WasmException {@code type} if a path is absolute or leads out, or is that of a file and of a folder
     */
    public Policy withMemoryDir(String guest, Map<String, byte[]> files, Access access) {
        return with(Grant.memoryDir(guest, Map.copyOf(files), access));
    }

    /**
     * Grants to see a variable of the environment.
     *
     * @param name its name
     * @param value the value that guests see
     * @return a new policy
     * @throws WasmException {@code type} if the name is empty or has a {@code =}, or a text has a zero byte or half of a
     *     surrogate pair
     */
    public Policy withEnv(String name, String value) {
        return with(Grant.env(name, value));
    }

    /**
     * Gives the arguments that a program sees, in place of those it had.
     *
     * @param args the program's name first
     * @return a new policy
     * @throws WasmException {@code type} if one has a zero byte or half of a surrogate pair
     */
    public Policy withArgs(String... args) {
        return withArgs(List.of(args));
    }

    /**
     * Gives the arguments that a program sees, in place of those it had.
     *
     * @param args the program's name first
     * @return a new policy
     * @throws WasmException {@code type} if one has a zero byte or half of a surrogate pair
     */
    public Policy withArgs(Collection<String> args) {
        return with(Grant.args(List.copyOf(args).toArray(new String[0])));
    }

    /**
     * Grants a clock.
     *
     * @param clock which one
     * @return a new policy
     */
    public Policy withClock(GuestClock clock) {
        return with(Grant.clock(clock));
    }

    /**
     * Grants random numbers.
     *
     * @param random which ones
     * @return a new policy
     */
    public Policy withRandom(GuestRandom random) {
        return with(Grant.random(random));
    }

    /**
     * Grants to connect by TCP to a network, at one port.
     *
     * @param network which is an address or has the form {@code 10.0.0.0/8}
     * @param port the port, from 0 to 65535
     * @return a new policy
     * @throws WasmException {@code type} if it is no network; {@code range} if it is no port
     */
    public Policy withTcpConnect(String network, int port) {
        return withTcpConnect(network, Ports.of(port));
    }

    /**
     * Grants to connect by TCP to a network.
     *
     * @param network which is an address or has the form {@code 10.0.0.0/8}
     * @param ports the ports
     * @return a new policy
     * @throws WasmException {@code type} if it is no network
     */
    public Policy withTcpConnect(String network, Ports ports) {
        return with(Grant.addresses(TCP_CONNECT, network, ports));
    }

    /**
     * Grants to wait for connections by TCP at addresses of this machine, at one port.
     *
     * @param network which is an address or has the form {@code 10.0.0.0/8}
     * @param port the port, from 0 to 65535
     * @return a new policy
     * @throws WasmException {@code type} if it is no network; {@code range} if it is no port
     */
    public Policy withTcpBind(String network, int port) {
        return withTcpBind(network, Ports.of(port));
    }

    /**
     * Grants to wait for connections by TCP at addresses of this machine.
     *
     * @param network which is an address or has the form {@code 10.0.0.0/8}
     * @param ports the ports
     * @return a new policy
     * @throws WasmException {@code type} if it is no network
     */
    public Policy withTcpBind(String network, Ports ports) {
        return with(Grant.addresses(TCP_BIND, network, ports));
    }

    /**
     * Grants to send to a network by UDP, and to receive from it, at one port.
     *
     * @param network which is an address or has the form {@code 10.0.0.0/8}
     * @param port the port, from 0 to 65535
     * @return a new policy
     * @throws WasmException {@code type} if it is no network; {@code range} if it is no port
     */
    public Policy withUdpConnect(String network, int port) {
        return withUdpConnect(network, Ports.of(port));
    }

    /**
     * Grants to send to a network by UDP, and to receive from it.
     *
     * @param network which is an address or has the form {@code 10.0.0.0/8}
     * @param ports the ports
     * @return a new policy
     * @throws WasmException {@code type} if it is no network
     */
    public Policy withUdpConnect(String network, Ports ports) {
        return with(Grant.addresses(UDP_CONNECT, network, ports));
    }

    /**
     * Grants to receive by UDP at addresses of this machine, at one port.
     *
     * @param network which is an address or has the form {@code 10.0.0.0/8}
     * @param port the port, from 0 to 65535
     * @return a new policy
     * @throws WasmException {@code type} if it is no network; {@code range} if it is no port
     */
    public Policy withUdpBind(String network, int port) {
        return withUdpBind(network, Ports.of(port));
    }

    /**
     * Grants to receive by UDP at addresses of this machine.
     *
     * @param network which is an address or has the form {@code 10.0.0.0/8}
     * @param ports the ports
     * @return a new policy
     * @throws WasmException {@code type} if it is no network
     */
    public Policy withUdpBind(String network, Ports ports) {
        return with(Grant.addresses(UDP_BIND, network, ports));
    }

    /**
     * Grants to resolve a name and to connect by TCP to the addresses that come back, at one port; see {@link
     * #withName(String, Ports)}.
     *
     * @param name the name
     * @param port the port, from 0 to 65535
     * @return a new policy
     * @throws WasmException {@code type} if it is no name of a host; {@code range} if it is no port
     */
    public Policy withName(String name, int port) {
        return withName(name, Ports.of(port));
    }

    /**
     * Grants to resolve a name and to connect by TCP to the addresses that come back, at these ports. Whoever answers
     * for the name chooses the addresses, ones of this machine included.
     *
     * @param name the name; {@code *.example.org} stands for all names below that one, without itself, {@code *} for any.
     *     Other letters than ASCII are written as {@code xn--}
     * @param ports the ports
     * @return a new policy
     * @throws WasmException {@code type} if it is no name of a host
     */
    public Policy withName(String name, Ports ports) {
        return with(Grant.name(name, ports));
    }

    /**
     * Grants requests by HTTP at one port; see {@link #withHttp(String, String, Ports, String)}.
     *
     * @param scheme {@code http}, {@code https} or {@code *}
     * @param host an address, or a name
     * @param port the port, from 0 to 65535
     * @param method the method, or {@code *}
     * @return a new policy
     * @throws WasmException {@code type}, saying what is wrong; {@code range} if it is no port
     */
    public Policy withHttp(String scheme, String host, int port, String method) {
        return withHttp(scheme, host, Ports.of(port), method);
    }

    /**
     * Grants requests by HTTP. It grants no connections of the guest's own.
     *
     * @param scheme {@code http}, {@code https} or {@code *}
     * @param host an address, or a name as in {@link #withName(String, Ports)}; {@code *} means names, not addresses
     * @param ports the ports
     * @param method the method as it is sent, such as {@code GET}, or {@code *}
     * @return a new policy
     * @throws WasmException {@code type}, saying what is wrong
     */
    public Policy withHttp(String scheme, String host, Ports ports, String method) {
        return with(Grant.http(scheme, host, ports, method));
    }

    /**
     * What both grant: never wider than either. A folder must be the same one in both, one in memory must have the same
     * files, and each keeps the lesser access; of clocks and random numbers the lesser one counts, and none of two that
     * are told apart by their numbers; a variable must have the same value in both, and so must the arguments. Of
     * networks, ports and names what is in both is left.
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
     * Whether everything that another policy grants is granted here. What only several grants of the network grant
     * together, such as two ranges of ports that meet, counts as not granted.
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
     * Whether a guest may connect to an address by TCP. An IPv4 address in IPv6 clothes counts as what it is, and the
     * address of no machine ({@code 0.0.0.0}, {@code ::}) as this machine, which is what systems take it for.
     *
     * @param address the address, which must be resolved
     * @return true if it may
     * @throws WasmException {@code type} if it is not resolved
     */
    public boolean allowsTcpConnect(InetSocketAddress address) {
        return answers(Grant.asksAddress(TCP_CONNECT, address));
    }

    /**
     * Whether a guest may wait for connections at an address. {@code 0.0.0.0} means all addresses of IPv4 and needs a
     * grant of {@code 0.0.0.0/0}; {@code ::} all those of IPv6 alone, with {@code ::/0}.
     *
     * @param address the address, which must be resolved
     * @return true if it may
     * @throws WasmException {@code type} if it is not resolved
     */
    public boolean allowsTcpBind(InetSocketAddress address) {
        return answers(Grant.asksAddress(TCP_BIND, address));
    }

    /**
     * Whether a guest may send to an address by UDP; see {@link #allowsTcpConnect}.
     *
     * @param address the address, which must be resolved
     * @return true if it may
     * @throws WasmException {@code type} if it is not resolved
     */
    public boolean allowsUdpConnect(InetSocketAddress address) {
        return answers(Grant.asksAddress(UDP_CONNECT, address));
    }

    /**
     * Whether a guest may receive at an address by UDP; see {@link #allowsTcpBind}.
     *
     * @param address the address, which must be resolved
     * @return true if it may
     * @throws WasmException {@code type} if it is not resolved
     */
    public boolean allowsUdpBind(InetSocketAddress address) {
        return answers(Grant.asksAddress(UDP_BIND, address));
    }

    /**
     * Whether a guest may resolve a name. Large letters are small ones, and a dot at the end does not count.
     *
     * @param name the name
     * @return true if it may
     */
    public boolean allowsName(String name) {
        return answers(Grant.asksName(name));
    }

    /**
     * Whether a guest may connect by TCP to an address that this name resolved to.
     *
     * @param name the name
     * @param port the port, from 0 to 65535
     * @return true if it may
     * @throws WasmException {@code range} if it is no port
     */
    public boolean allowsName(String name, int port) {
        return answers(Grant.asksName(name, port));
    }

    /**
     * Whether a guest may make a request by HTTP.
     *
     * @param scheme such as {@code https}
     * @param host an address, or a name
     * @param port the port, from 0 to 65535
     * @param method such as {@code GET}
     * @return true if it may
     * @throws WasmException {@code range} if it is no port
     */
    public boolean allowsHttp(String scheme, String host, int port, String method) {
        return answers(Grant.asksHttp(scheme, host, port, method));
    }

    /**
     * The folders.
     *
     * @return by the names that guests see, in their order; unmodifiable
     */
    public Map<String, Dir> dirs() {
        return content().dirs();
    }

    /**
     * The folders that each store makes for itself.
     *
     * @return by the names that guests see, in their order; unmodifiable
     */
    public Map<String, MemoryDir> memoryDirs() {
        return content().memoryDirs();
    }

    /**
     * The environment.
     *
     * @return values by name, in the order of the names; unmodifiable
     */
    public Map<String, String> env() {
        return content().env();
    }

    /**
     * The arguments.
     *
     * @return the arguments, unmodifiable
     */
    public List<String> args() {
        return content().args();
    }

    /**
     * The clock.
     *
     * @return which one
     */
    public GuestClock clock() {
        return content().clock();
    }

    /**
     * The random numbers.
     *
     * @return which ones
     */
    public GuestRandom random() {
        return content().random();
    }

    /**
     * Reads a policy from JSON. Keys that are not there grant nothing.
     *
     * @param json the text
     * @return the policy
     * @throws WasmException {@code type}, saying which key is unknown or wrong
     */
    public static Policy fromJson(String json) {
        Objects.requireNonNull(json, "json");
        Library.load();
        return new Policy(Native.policyFromJson(json));
    }

    /**
     * Reads a policy from a file of JSON.
     *
     * @param path the file
     * @return the policy
     * @throws WasmException {@code io} if the file cannot be read; {@code type}, saying which key is unknown or wrong
     */
    public static Policy fromFile(Path path) {
        String name = Texts.path(path);
        Library.load();
        return new Policy(Native.policyFromFile(name));
    }

    /**
     * The policy as JSON, the same in every host language.
     *
     * @return the text, on one line
     */
    public String toJson() {
        return Handles.use(this, handle, Native::policyToJson);
    }

    /**
     * What travels in place of the policy.
     *
     * @param json the policy
     */
    private record Travelling(String json) implements Serializable {
        private Object readResolve() {
            return fromJson(json);
        }
    }

    /**
     * What travels in its place.
     *
     * @return its JSON
     */
    private Object writeReplace() {
        return new Travelling(toJson());
    }

    /**
     * Refuses a stream that says it holds a policy itself.
     *
     * @param in not read
     * @throws InvalidObjectException always
     */
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a policy is serialized by another class of ours, as its JSON");
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
