package dev.landbridge;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A type of WIT: what a function of a component takes or gives. It reads values from text and writes them as text, in WAVE:
 * {@code {name: "Ada", age: 36}}.
 */
public final class WitType {
    static final int BOOL = 0, S8 = 1, U8 = 2, S16 = 3, U16 = 4, S32 = 5, U32 = 6, S64 = 7, U64 = 8, F32 = 9, F64 = 10;
    static final int CHAR = 11, STRING = 12, LIST = 13, RECORD = 14, TUPLE = 15, VARIANT = 16, ENUM = 17, FLAGS = 18;
    static final int OPTION = 19, RESULT = 20, OWN = 21, BORROW = 22;

    private static final List<String> SORTS = List.of(
            "bool", "s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64", "f32", "f64", "char", "string", "list", "record",
            "tuple", "variant", "enum", "flags", "option", "result", "own", "borrow");

    /**
     * A part of a type: a field, a case, a flag, or what is in a list.
     *
     * @param name its name in WIT; empty if it has none, as an element of a tuple
     * @param type what it holds; none for a flag, or a case that holds nothing
     * @param docs what is written about it
     */
    public record Part(String name, Optional<WitType> type, Optional<String> docs) {
        /** What it holds, or null. */
        WitType held() {
            return type.orElse(null);
        }
    }

    private final WitWorld world;
    private final int place;
    final int sort;
    private final String told;
    private String name;
    private String interfaceName;
    private String docs;
    final List<Part> parts;
    final List<String> names;
    /** Which resource it is of; equal numbers are one. */
    final int resource;

    private WitCodec codec;

    /** The next of a description, whose earlier types are known. */
    WitType(WitWorld world, FrameReader frame, List<WitType> known) {
        this.world = world;
        place = known.size();
        sort = frame.number();
        told = frame.text();
        int resource = -1;
        List<Part> parts = new ArrayList<>();
        switch (sort) {
            case LIST, OPTION -> parts.add(part("", known.get(frame.int32()), null));
            case TUPLE -> frame.list(it -> parts.add(part("", known.get(it.int32()), null)));
            case RESULT -> {
                parts.add(part("ok", typeOrNull(frame, known), null));
                parts.add(part("err", typeOrNull(frame, known), null));
            }
            case RECORD -> {
                label(frame);
                frame.list(it -> parts.add(field(it, known)));
            }
            case VARIANT -> {
                label(frame);
                frame.list(it -> parts.add(part(it.text(), it.orNull(FrameReader::text), it, known)));
            }
            case ENUM, FLAGS -> {
                label(frame);
                frame.list(it -> parts.add(part(it.text(), (WitType) null, null)));
            }
            case OWN, BORROW -> {
                resource = frame.int32();
                label(frame);
            }
            default -> {}
        }
        this.resource = resource;
        this.parts = List.copyOf(parts);
        this.names = parts.stream().map(Part::name).toList();
    }

    private static Part part(String name, WitType type, String docs) {
        return new Part(name, Optional.ofNullable(type), Optional.ofNullable(docs));
    }

    private static Part field(FrameReader frame, List<WitType> known) {
        String name = frame.text();
        String docs = frame.orNull(FrameReader::text);
        return part(name, known.get(frame.int32()), docs);
    }

    private static Part part(String name, String docs, FrameReader frame, List<WitType> known) {
        return part(name, typeOrNull(frame, known), docs);
    }

    static WitType typeOrNull(FrameReader frame, List<WitType> known) {
        return frame.bool() ? known.get(frame.int32()) : null;
    }

    private void label(FrameReader frame) {
        name = frame.orNull(FrameReader::text);
        interfaceName = frame.orNull(FrameReader::text);
        docs = frame.orNull(FrameReader::text);
    }

    /** What writes and reads values where nobody gave a type of Java. */
    WitCodec codec() {
        WitCodec known = codec;
        if (known == null) {
            codec = known = WitUntyped.of(this);
        }
        return known;
    }

    /** What is in a list or an option. */
    WitType inner() {
        return parts.get(0).held();
    }

    WitWorld world() {
        return world;
    }

    boolean isResource() {
        return sort == OWN || sort == BORROW;
    }

    /**
     * What sort of type it is.
     *
     * @return a word of WIT, such as {@code u32}, {@code list} or {@code record}
     */
    public String sort() {
        return SORTS.get(sort);
    }

    /**
     * Its own name, such as {@code shape}.
     *
     * @return the name, where it has one that can be known
     */
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /**
     * The interface that it is defined in.
     *
     * @return a full name, such as {@code demo:app/shapes@1.2.0}; none for a type of the world itself
     */
    public Optional<String> interfaceName() {
        return Optional.ofNullable(interfaceName);
    }

    /**
     * What is written about it.
     *
     * @return the documentation, where it can be known
     */
    public Optional<String> docs() {
        return Optional.ofNullable(docs);
    }

    /**
     * What it is made of: fields, cases, flags, the elements of a tuple, {@code ok} and {@code err}; what is in a list or an
     * option.
     *
     * @return the parts, in their order; empty for all other types
     */
    public List<Part> parts() {
        return parts;
    }

    /**
     * Reads a value from text in WAVE.
     *
     * @param text such as {@code {name: "Ada", age: 36}}
     * @return the value, as a function would give it where you gave no type of your own
     * @throws WasmException {@code type} if the text is no such value; {@code range} if a number does not fit
     */
    public Object parse(String text) {
        WitFrame frame = new WitFrame();
        Objects.requireNonNull(text, "text");
        frame.bytes = world.parse(place, text, frame.beside);
        frame.filled();
        return codec().read(frame, null);
    }

    /**
     * A value as text in WAVE.
     *
     * @param value what a function that takes this type would take
     * @return the text
     * @throws WasmException {@code type} or {@code range} if it is no such value; {@code type} for a resource, which has no
     *     text
     */
    public String format(Object value) {
        WitFrame frame = new WitFrame();
        try {
            codec().write(frame, value, null);
        } catch (Wrong e) {
            throw e.at("value");
        }
        frame.lend(null);
        return world.format(place, frame);
    }

    /** The type as WIT writes it. */
    @Override
    public String toString() {
        return told;
    }
}
