package dev.landbridge;

import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the JSON that the native side reads. */
final class Json {
    private Json() {}

    /** {@code what} names the text in a message if it has half of a surrogate pair. */
    static String text(String what, String text) {
        Texts.check(what, text);
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (char unit : text.toCharArray()) {
            if (unit == '"' || unit == '\\') {
                json.append('\\').append(unit);
            } else if (unit < ' ') {
                json.append("\\u00").append(HexFormat.of().toHexDigits((byte) unit));
            } else {
                json.append(unit);
            }
        }
        return json.append('"').toString();
    }

    /** A text that needs no name. */
    static String text(String text) {
        return text("the text", text);
    }

    /** Of a name, a value, and so on; the names need nothing. */
    static String object(String... namesAndValues) {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            json.append(i == 0 ? "" : ",").append('"').append(namesAndValues[i]).append("\":").append(namesAndValues[i + 1]);
        }
        return json.append('}').toString();
    }

    /** Of members that are written. */
    static String object(Collection<String> members) {
        return members.stream().collect(Collectors.joining(",", "{", "}"));
    }

    static String list(List<String> values) {
        return "[" + String.join(",", values) + "]";
    }
}
