package dev.landbridge;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One frame of the guest's call stack.
 *
 * <p>Names are for reading: long ones are cut, control characters written out.
 *
 * @param module the module's name, if it has a name section
 * @param funcIndex the function's index in its module
 * @param funcName the function's name, if the module has one for it: demangled if it is mangled and not long
 * @param moduleOffset the offset of the instruction in the module's bytes, if known
 * @serial exclude
 */
public record Frame(
        Optional<String> module, int funcIndex, Optional<String> funcName, OptionalLong moduleOffset)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /**
     * What travels in place of a frame: optional values cannot.
     *
     * @param module null if there is none
     * @param funcIndex the index
     * @param funcName null if there is none
     * @param moduleOffset null if it is not known
     */
    private record Travelling(String module, int funcIndex, String funcName, Long moduleOffset)
            implements Serializable {
        private Object readResolve() {
            OptionalLong offset = moduleOffset == null ? OptionalLong.empty() : OptionalLong.of(moduleOffset);
            return new Frame(Optional.ofNullable(module), funcIndex, Optional.ofNullable(funcName), offset);
        }
    }

    /**
     * For serialization.
     *
     * @return what travels
     */
    private Object writeReplace() {
        Long offset = moduleOffset.isPresent() ? moduleOffset.getAsLong() : null;
        return new Travelling(module.orElse(null), funcIndex, funcName.orElse(null), offset);
    }

    /** Such as {@code calc!add @ 0x2a}. */
    @Override
    public String toString() {
        String text = module.map(name -> name + "!").orElse("") + function();
        return moduleOffset.isPresent() ? text + " @ 0x" + Long.toHexString(moduleOffset.getAsLong()) : text;
    }

    private String function() {
        return funcName.orElseGet(() -> "wasm-function[" + funcIndex + "]");
    }

    private StackTraceElement element() {
        String place = moduleOffset.isPresent() ? "wasm @ 0x" + Long.toHexString(moduleOffset.getAsLong()) : "wasm";
        return new StackTraceElement(module.orElse("wasm"), function(), place, -1);
    }

    /** The frames as elements of a stack trace, before those of Java. */
    static StackTraceElement[] before(List<Frame> frames, StackTraceElement[] java) {
        List<StackTraceElement> elements = new ArrayList<>(frames.stream().map(Frame::element).toList());
        elements.addAll(List.of(java));
        return elements.toArray(StackTraceElement[]::new);
    }

    static List<Frame> list(FrameReader frame) {
        return frame.list(Frame::read);
    }

    private static Frame read(FrameReader frame) {
        Optional<String> module = frame.optional(FrameReader::text);
        int funcIndex = frame.int32();
        Optional<String> funcName = frame.optional(FrameReader::text);
        Frame read = new Frame(module, funcIndex, funcName, frame.optionalLong());
        frame.skipText();
        return read;
    }
}
