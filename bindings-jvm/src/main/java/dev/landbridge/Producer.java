package dev.landbridge;

import java.util.ArrayList;
import java.util.List;

/**
 * Something that took part in making a module.
 *
 * @param field {@code language}, {@code sdk} or {@code processed-by}
 * @param name its name, such as {@code Rust}
 * @param version its version
 */
public record Producer(String field, String name, String version) {
    /** From field, name and version of each, one after the other. */
    static List<Producer> list(Object[] flat) {
        List<Producer> list = new ArrayList<>(flat.length / 3);
        for (int i = 0; i < flat.length; i += 3) {
            list.add(new Producer((String) flat[i], (String) flat[i + 1], (String) flat[i + 2]));
        }
        return List.copyOf(list);
    }

    /** For reading: long names are cut. */
    @Override
    public String toString() {
        return "Producer[" + Texts.name(field) + ": " + Texts.name(name) + " " + Texts.name(version) + "]";
    }
}
