package dev.landbridge;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a policy grants, and what it is asked, as the JSON that all hosts share. */
final class Grant {
    private Grant() {}

    static String dir(String guest, Path host, Access access) {
        String rights = access(access);
        String name = folder(guest);
        return dir(name, Json.object("path", Json.text(Texts.path(host)), "access", rights));
    }

    static String memoryDir(String guest, Map<String, byte[]> files, Access access) {
        String rights = access(access);
        String name = folder(guest);
        List<String> members = new ArrayList<>();
        for (String path : files.keySet().toArray(new String[0])) {
            String hex = HexFormat.of().formatHex(files.get(path));
            members.add(Json.text(path) + ":" + Json.object("hex", Json.text(hex)));
        }
        return dir(name, Json.object("files", Json.object(members), "access", rights));
    }

    private static String access(Access access) {
        return Objects.requireNonNull(access, "access") == Access.WRITE ? "\"write\"" : "\"read\"";
    }

    private static String folder(String guest) {
        return Json.text("the name of a folder", Objects.requireNonNull(guest, "guest"));
    }

    private static String dir(String name, String dir) {
        return Json.object("dirs", Json.object(List.of(name + ":" + dir)));
    }

    static String env(String name, String value) {
        String member = Json.text("the name of a variable", Objects.requireNonNull(name, "name"));
        Objects.requireNonNull(value, "value");
        return Json.object("env", Json.object(List.of(member + ":" + Json.text("the variable " + member, value))));
    }

    static String args(String... args) {
        List<String> texts = new ArrayList<>();
        for (String arg : args) {
            texts.add(Json.text("args[" + texts.size() + "]", arg));
        }
        return Json.object("args", Json.list(texts));
    }

    static String clock(GuestClock clock) {
        Objects.requireNonNull(clock, "clock");
        String json = clock instanceof GuestClock.Real ? "\"real\"" : "\"none\"";
        if (clock instanceof GuestClock.Fixed fixed) {
            json = Json.object("fixed_ns", number(Nanos.of(fixed.at())));
        } else if (clock instanceof GuestClock.Stepped stepped) {
            String start = number(Nanos.of(stepped.start()));
            json = Json.object("start_ns", start, "step_ns", number(Nanos.of(stepped.step())));
        }
        return Json.object("clock", json);
    }

    static String random(GuestRandom random) {
        Objects.requireNonNull(random, "random");
        String json = random instanceof GuestRandom.Secure ? "\"secure\"" : "\"none\"";
        if (random instanceof GuestRandom.Seeded seeded) {
            json = Json.object("seed", number(seeded.seed()));
        }
        return Json.object("random", json);
    }

    private static String number(long unsigned) {
        return Long.toUnsignedString(unsigned);
    }

    /** {@code way} is {@code tcp_connect} or one like it. */
    static String addresses(String way, String network, Ports ports) {
        Objects.requireNonNull(network, "network");
        return network(way, Json.object("network", Json.text(network), "ports", ports(ports)));
    }

    static String name(String name, Ports ports) {
        Objects.requireNonNull(name, "name");
        return network("names", Json.object("name", Json.text(name), "ports", ports(ports)));
    }

    static String http(String scheme, String host, Ports ports, String method) {
        return network("http", request(scheme, host, method, "ports", ports(ports)));
    }

    private static String request(String scheme, String host, String method, String last, String value) {
        String who = Json.text(Objects.requireNonNull(scheme, "scheme"));
        String where = Json.text(Objects.requireNonNull(host, "host"));
        String what = Json.text(Objects.requireNonNull(method, "method"));
        return Json.object("scheme", who, "host", where, "method", what, last, value);
    }

    private static String network(String key, String grant) {
        return Json.object("network", Json.object(key, Json.list(List.of(grant))));
    }

    private static String ports(Ports ports) {
        return Json.text(ports.toString());
    }

    /** Asks whether a guest may use an address that way. */
    static String asksAddress(String way, InetSocketAddress address) {
        if (address.isUnresolved()) {
            String text = address + " is not resolved; resolve it, or ask allowsName";
            throw WasmException.of(ErrorKind.TYPE, text);
        }
        String ip = address.getAddress().getHostAddress().replaceFirst("%.*", ""); // Which may have a zone.
        String asked = Json.object("address", Json.text(ip), "port", Integer.toString(address.getPort()));
        return Json.object(way, asked);
    }

    static String asksName(String name) {
        return Json.object("name", Json.object("name", Json.text(Objects.requireNonNull(name, "name"))));
    }

    static String asksName(String name, int port) {
        String json = Json.text(Objects.requireNonNull(name, "name"));
        return Json.object("name", Json.object("name", json, "port", Integer.toString(Ports.check(port))));
    }

    static String asksHttp(String scheme, String host, int port, String method) {
        return Json.object("http", request(scheme, host, method, "port", Integer.toString(Ports.check(port))));
    }
}
