package dev.landbridge;

import java.util.List;
import java.util.Objects;

/**
 * What a module is and what it will ask for, told without compiling it; see {@link Module#inspect(java.nio.file.Path)}.
 * All lists are unmodifiable.
 *
 * <p>The module may use features that the engine does not have: they are told, and loading it is what fails.
 *
 * @param name the name in its name section, or null if there is none
 * @param imports what it asks its host for, in its own order; empty for a component
 * @param asks what it needs of WASI, as far as its imports tell; whatever else it imports you must provide
 * @param builtFor what it was built for, if its imports tell of a host that is neither WASI nor one of its own, such as
 *     JavaScript, and what to do, in a sentence; or null
 * @param exports what it exports, in its own order; empty for a component
 * @param memories all its memories, imported ones first
 * @param features the features beyond WebAssembly 1.0 without which it is not valid, by the names of their proposals
 * @param compileCost how much more work compiling it is than its size accounts for, in the units of
 *     {@link Engine.Builder#compileCost}; most modules have 0 here
 * @param customSections the sections that are not part of the standard, in the module's order
 * @param producers what made it, as its producers section says
 * @param targetFeatures the features its compiler was told to use, such as {@code +simd128}, as its target_features
 *     section says
 * @param wit what a component imports and exports, as text of WIT for people to read, with what is written about it, or
 *     null for a core module; all of it is in {@link #toJson} as data, as {@code world}
 * @param json what {@link #toJson} gives
 */
public record Inspection(
        String name,
        List<ImportType> imports,
        List<Ask> asks,
        String builtFor,
        List<ExportType> exports,
        List<MemoryType> memories,
        List<String> features,
        long compileCost,
        List<CustomSection> customSections,
        List<Producer> producers,
        List<String> targetFeatures,
        String wit,
        String json) {
    /**
     * What a module is.
     *
     * @param name the name in its name section, or null if there is none
     * @param imports what it asks its host for
     * @param asks what it asks of WASI
     * @param builtFor what it was built for, or null
     * @param exports what it exports
     * @param memories all its memories
     * @param features the features it uses
     * @param compileCost how much more work compiling it is than its size accounts for
     * @param customSections the sections that are not part of the standard
     * @param producers what made it
     * @param targetFeatures the features its compiler was told to use
     * @param wit what a component imports and exports, or null
     * @param json all of it as JSON
     */
    public Inspection {
        imports = List.copyOf(imports);
        asks = List.copyOf(asks);
        exports = List.copyOf(exports);
        memories = List.copyOf(memories);
        features = List.copyOf(features);
        customSections = List.copyOf(customSections);
        producers = List.copyOf(producers);
        targetFeatures = List.copyOf(targetFeatures);
        Objects.requireNonNull(json, "json");
    }

    static Inspection read(FrameReader frame) {
        return new Inspection(
                frame.orNull(FrameReader::text),
                TypeFrames.imports(frame),
                frame.list(Ask::read),
                frame.orNull(FrameReader::text),
                TypeFrames.exports(frame),
                frame.list(TypeFrames::memory),
                frame.list(FrameReader::text),
                frame.cappedLong(),
                frame.list(CustomSection::read),
                frame.list(Producer::read),
                frame.list(FrameReader::text),
                frame.orNull(FrameReader::text),
                frame.text());
    }

    /**
     * All of it as JSON, the same in every host language: an object of the components, by their names with underscores
     * and in the order of these. Types are texts; of a custom section there is how many bytes it has.
     *
     * @return the text, on one line
     */
    public String toJson() {
        return json;
    }

    /** For reading: what there is of each part, and how much. */
    @Override
    public String toString() {
        return "Inspection[name=" + Texts.name(name) + ", imports: " + imports.size() + ", asks: " + asks.size()
                + ", exports: " + exports.size() + ", memories: " + memories.size() + ", features: " + features
                + ", custom sections: " + customSections.size() + ", producers: " + producers.size()
                + ", target features: " + targetFeatures.size() + (wit == null ? "]" : ", a component]");
    }
}
