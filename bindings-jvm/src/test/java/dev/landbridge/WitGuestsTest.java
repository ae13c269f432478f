package dev.landbridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Real guests, by {@code examples/components/calls.txt}: what each of them must answer. */
class WitGuestsTest {
    private static final Path EXAMPLES = Path.of("../examples/components");

    /** Those in JavaScript and Python are there where they were built, which the tests of Rust see to. */
    private static Map<String, Path> guests() {
        Map<String, Path> guests = new LinkedHashMap<>();
        guests.put("rust", EXAMPLES.resolve("shop-rust.wasm"));
        guests.put("c", EXAMPLES.resolve("shop-c.wasm"));
        for (String name : List.of("js", "python")) {
            Path built = Path.of("../target/components/shop-" + name + ".wasm");
            if (Files.exists(built)) {
                guests.put(name, built);
            }
        }
        return guests;
    }

    /** A line of the list. */
    private record Call(String func, String args, String given, String not) {}

    private static List<Call> calls() throws IOException {
        List<Call> calls = new ArrayList<>();
        String not = "";
        for (String line : Files.readAllLines(EXAMPLES.resolve("calls.txt"))) {
            if (line.startsWith("# not ")) {
                not = line.substring(6, line.indexOf(':'));
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                int end = line.lastIndexOf(" -> ");
                String call = end < 0 ? line : line.substring(0, end);
                int open = call.indexOf('(');
                calls.add(new Call(call.substring(0, open), call.substring(open), end < 0 ? null : line.substring(end + 4), not));
                not = "";
            }
        }
        return calls;
    }

    @Test
    void everyGuestAnswers() throws IOException {
        for (Map.Entry<String, Path> guest : guests().entrySet()) {
            List<Call> calls = calls().stream().filter(it -> !it.not().equals(guest.getKey())).toList();
            assertTrue(calls.size() > 130, calls.size() + " calls");
            try (Module module = Module.load(guest.getValue());
                    Instance instance = module.instantiate(Shop.imports(new Shop.Office()))) {
                List<String> wrong = new ArrayList<>();
                for (int round = 0; round < 2; round++) {
                    calls.forEach(call -> answer(instance, call, wrong));
                }
                assertEquals(List.of(), wrong, guest.getKey());
            }
        }
    }

    private static void answer(Instance instance, Call call, List<String> wrong) {
        WitFunc func = instance.witFunc(call.func());
        List<String> texts = split(call.args().substring(1, call.args().length() - 1));
        Object[] args = new Object[texts.size()];
        for (int i = 0; i < args.length; i++) {
            args[i] = func.type().params().get(i).type().parse(texts.get(i));
        }
        String given = given(func, args);
        String wanted = wanted(func, call, args);
        if (!String.valueOf(given).equals(String.valueOf(wanted))) {
            wrong.add(call + " gave " + given + " and not " + wanted);
        }
    }

    /** What is wanted, as its own text: so that NaN is NaN, and options that are left out are. */
    private static String wanted(WitFunc func, Call call, Object[] args) {
        if (call.given() == null) {
            return null;
        }
        WitType result = func.type().result().orElseThrow();
        return result.format(call.given().equals("same") ? args[0] : result.parse(call.given()));
    }

    private static String given(WitFunc func, Object[] args) {
        WitType result = func.type().result().orElse(null);
        boolean isResult = result != null && result.sort().equals("result");
        try {
            Object given = func.call(args);
            return result == null ? null : result.format(isResult ? WitResult.ok(given) : given);
        } catch (WitError e) {
            return result.format(WitResult.err(e.payload()));
        }
    }

    /** Texts of values with commas between them. */
    static List<String> split(String list) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        char quote = 0;
        int from = 0;
        for (int i = 0; i < list.length(); i++) {
            char it = list.charAt(i);
            if (quote != 0) {
                i += it == '\\' ? 1 : 0;
                quote = it == quote ? 0 : quote;
            } else if (it == '"' || it == '\'') {
                quote = it;
            } else if ("([{".indexOf(it) >= 0) {
                depth++;
            } else if (")]}".indexOf(it) >= 0) {
                depth--;
            } else if (it == ',' && depth == 0) {
                parts.add(list.substring(from, i).strip());
                from = i + 1;
            }
        }
        if (!list.substring(from).isBlank()) {
            parts.add(list.substring(from).strip());
        }
        return parts;
    }
}
