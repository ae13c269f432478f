package dev.landbridge;

/** Something an instance exports, or an import takes. Lives in one {@link Store} and needs no closing. */
public sealed interface Extern permits Func, Memory, Table, Global, Tag {
    /**
     * What this is, with its type.
     *
     * @return the type
     * @throws WasmException {@code closed}
     */
    ExternType type();
}
