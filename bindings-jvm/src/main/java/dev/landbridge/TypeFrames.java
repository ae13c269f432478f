package dev.landbridge;

import java.util.List;
import java.util.OptionalLong;

/** Types, to and from frames. */
final class TypeFrames {
    private TypeFrames() {}

    static byte[] write(FuncType type) {
        FrameWriter frame = new FrameWriter().list(type.params(), TypeFrames::put);
        return frame.list(type.results(), TypeFrames::put).finish();
    }

    static byte[] write(MemoryType type) {
        FrameWriter frame = new FrameWriter().int64(type.min()).optional(type.max());
        return frame.bool(type.is64()).int64(type.pageBytes()).finish();
    }

    static byte[] write(TableType type) {
        FrameWriter frame = new FrameWriter().number(type.element().number());
        return frame.int64(type.min()).optional(type.max()).bool(type.is64()).finish();
    }

    static byte[] write(GlobalType type) {
        return new FrameWriter().number(type.content().number()).bool(type.mutable()).finish();
    }

    static byte[] write(List<Type> types) {
        return new FrameWriter().list(types, TypeFrames::put).finish();
    }

    private static void put(FrameWriter frame, Type type) {
        frame.number(type.number());
    }

    static ExternType read(FrameReader frame) {
        ExternType type = switch (frame.number()) {
            case Native.FUNC -> new FuncType(types(frame), types(frame));
            case Native.MEMORY -> memory(frame);
            case Native.TABLE -> table(frame);
            case Native.GLOBAL -> new GlobalType(type(frame), frame.bool());
            default -> new TagType(tagged(frame));
        };
        frame.skipText();
        return type;
    }

    private static Type type(FrameReader frame) {
        return Type.of(frame.number());
    }

    private static List<Type> types(FrameReader frame) {
        return frame.list(TypeFrames::type);
    }

    static MemoryType memory(FrameReader frame) {
        long min = frame.int64();
        OptionalLong max = frame.optionalLong();
        return new MemoryType(min, max, frame.bool(), frame.int64());
    }

    private static TableType table(FrameReader frame) {
        Type element = type(frame);
        long min = frame.int64();
        OptionalLong max = frame.optionalLong();
        return new TableType(element, min, max, frame.bool());
    }

    /** The parameters of a type that has no results. */
    private static List<Type> tagged(FrameReader frame) {
        List<Type> params = types(frame);
        types(frame);
        return params;
    }

    static List<ImportType> imports(FrameReader frame) {
        List<ExternType> types = frame.list(TypeFrames::read);
        return frame.list(it -> new ImportType(it.text(), it.text(), types.get(it.int32())));
    }

    static List<ExportType> exports(FrameReader frame) {
        List<ExternType> types = frame.list(TypeFrames::read);
        return frame.list(it -> new ExportType(it.text(), types.get(it.int32())));
    }

    static GcType ofHeap(FrameReader frame) {
        boolean isStruct = frame.number() == 1;
        GcType type = isStruct ? new StructType(frame.list(TypeFrames::field)) : new ArrayType(field(frame));
        frame.skipText();
        return type;
    }

    private static FieldType field(FrameReader frame) {
        return new FieldType(frame.text(), type(frame), frame.bool());
    }
}
