package dev.landbridge;

/**
 * Something that took part in making a module.
 *
 * @param field {@code language}, {@code sdk} or {@code processed-by}
 * @param name its name, such as {@code Rust}
 * @param version its version
 */
public record Producer(String field, String name, String version) {
    static Producer read(FrameReader frame) {
        return new Producer(frame.text(), frame.text(), frame.text());
    }

    /** For reading: long names are cut. */
    @Override
    public String toString() {
        return "Producer[" + Texts.name(field) + ": " + Texts.name(name) + " " + Texts.name(version) + "]";
    }
}
