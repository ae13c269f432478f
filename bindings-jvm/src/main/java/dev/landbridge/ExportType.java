package dev.landbridge;

import java.util.ArrayList;
import java.util.List;

/**
 * What a module offers.
 *
 * @param name its name
 * @param type what it is
 */
public record ExportType(String name, ExternType type) {
    /** From name and type of each, one after the other. */
    static List<ExportType> list(Object[] flat) {
        List<ExportType> list = new ArrayList<>(flat.length / 2);
        for (int i = 0; i < flat.length; i += 2) {
            list.add(new ExportType((String) flat[i], TypeNumbers.read(flat[i + 1])));
        }
        return List.copyOf(list);
    }

    /** For reading: a long name is cut. */
    @Override
    public String toString() {
        return "ExportType[" + Texts.name(name) + ": " + type + "]";
    }
}
