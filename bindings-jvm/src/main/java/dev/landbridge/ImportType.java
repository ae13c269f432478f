package dev.landbridge;

/**
 * What a module asks its host for.
 *
 * @param module the first part of the import's name
 * @param name the second part of the import's name
 * @param type what is asked for
 */
public record ImportType(String module, String name, ExternType type) {
    /** For reading: long names are cut. */
    @Override
    public String toString() {
        return "ImportType[" + Texts.name(module) + "." + Texts.name(name) + ": " + type + "]";
    }
}
