package dev.landbridge;

import java.util.Arrays;

/**
 * A section of a module that is not part of the standard.
 *
 * @param name its name; several sections may have the same
 * @param bytes what it holds, a copy each time
 */
public record CustomSection(String name, byte[] bytes) {
    /**
     * A section.
     *
     * @param name its name
     * @param bytes what it holds, copied
     */
    public CustomSection {
        bytes = bytes.clone();
    }

    /**
     * What it holds.
     *
     * @return a copy
     */
    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Whether name and bytes are equal. */
    @Override
    public boolean equals(Object other) {
        return other instanceof CustomSection it && name.equals(it.name) && Arrays.equals(bytes, it.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(bytes);
    }

    /** Such as {@code CustomSection(name, 42 bytes)}. */
    @Override
    public String toString() {
        return "CustomSection(" + Texts.name(name) + ", " + bytes.length + " bytes)";
    }

    static CustomSection read(FrameReader frame) {
        return new CustomSection(frame.text(), frame.bytes());
    }
}
