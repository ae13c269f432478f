package dev.landbridge;

import java.util.Objects;

/**
 * Ports that a policy grants: one, or all of a range.
 *
 * @param first the first one, from 0 to 65535
 * @param last the last one, not before the first
 */
public record Ports(int first, int last) {
    /** All ports. */
    public static final Ports ANY = new Ports(0, 65535);

    /**
     * All ports of a range.
     *
     * @param first the first one
     * @param last the last one, itself included
     * @throws WasmException {@code range} if one is no port, or the last one comes before the first
     */
    public Ports {
        check(first);
        check(last);
        if (last < first) {
            throw WasmException.of(ErrorKind.RANGE, "ports: " + last + " comes before " + first);
        }
    }

    /** Gives a port that is one. */
    static int check(int port) {
        if (port < 0 || port > 65535) {
            throw Messages.outOfRange("port", port, 0, 65535);
        }
        return port;
    }

    /**
     * One port.
     *
     * @param port its number
     * @return the ports
     * @throws WasmException {@code range} if it is not from 0 to 65535
     */
    public static Ports of(int port) {
        return new Ports(port, port);
    }

    /**
     * Reads {@code 443}, {@code 8000-8999} or {@code *}, which is all of them.
     *
     * @param text the text
     * @return the ports
     * @throws WasmException {@code type} if it is none of these
     */
    public static Ports parse(String text) {
        Objects.requireNonNull(text, "text");
        Library.load();
        String one = Native.portsRead(text);
        if (one.equals("*")) {
            return ANY;
        }
        String[] ends = one.split("-");
        return new Ports(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
    }

    /**
     * Whether a port is one of these.
     *
     * @param port its number
     * @return true if it is
     */
    public boolean contains(int port) {
        return first <= port && port <= last;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        if (first == ANY.first && last == ANY.last) {
            return "*";
        }
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
