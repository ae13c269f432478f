package dev.landbridge;

/**
 * What a module offers.
 *
 * @param name its name
 * @param type what it is
 */
public record ExportType(String name, ExternType type) {
    /** For reading: a long name is cut. */
    @Override
    public String toString() {
        return "ExportType[" + Texts.name(name) + ": " + type + "]";
    }
}
