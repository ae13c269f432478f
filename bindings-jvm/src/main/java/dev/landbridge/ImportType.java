package dev.landbridge;

import java.util.ArrayList;
import java.util.List;

/**
 * What a module asks its host for.
 *
 * @param module the first part of the import's name
 * @param name the second part of the import's name
 * @param type what is asked for
 */
public record ImportType(String module, String name, ExternType type) {
    /** From module, name and type of each, one after the other. */
    static List<ImportType> list(Object[] flat) {
        List<ImportType> list = new ArrayList<>(flat.length / 3);
        for (int i = 0; i < flat.length; i += 3) {
            list.add(new ImportType((String) flat[i], (String) flat[i + 1], TypeNumbers.read(flat[i + 2])));
        }
        return List.copyOf(list);
    }

    /** For reading: long names are cut. */
    @Override
    public String toString() {
        return "ImportType[" + Texts.name(module) + "." + Texts.name(name) + ": " + type + "]";
    }
}
