package dev.landbridge;

import java.lang.ref.Reference;
import java.util.List;

/**
 * What tells one sort of exception from another, in a store; see {@link TaggedException}. Two objects are equal if they
 * are one tag. Needs no closing.
 */
public final class Tag implements Extern {
    final long handle;
    final HostFunctions lender;
    private TagType type;

    Tag(long handle, HostFunctions lender) {
        this.handle = handle;
        this.lender = lender;
        Handles.own(this, Native.TAG, handle);
    }

    /**
     * Makes a tag in a store. Modules of that store can import it. Once it was imported or thrown it stays as long as the store.
     *
     * @param store the store
     * @param params the types of what its exceptions carry
     * @return the tag, which is no other tag of these types
     * @throws WasmException {@code limit} if there are more than 1000 types or there is no room; {@code closed}
     */
    public static Tag of(Store store, Type... params) {
        Tag tag = new Tag(Native.tagNew(store.handle, TypeFrames.write(List.of(params))), store.lender);
        Reference.reachabilityFence(store);
        return tag;
    }

    /** What this is; told when its store is closed, too. */
    @Override
    public TagType type() {
        TagType known = type;
        if (known == null) {
            type = known = (TagType) FrameReader.read(Native.tagType(handle), TypeFrames::read);
            Reference.reachabilityFence(this);
        }
        return known;
    }

    /** Whether both are one tag of one store; also when the store is closed. */
    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Tag tag)) {
            return false;
        }
        boolean same = Native.tagSame(handle, tag.handle);
        Reference.reachabilityFence(this);
        Reference.reachabilityFence(tag);
        return same;
    }

    /** Of the type: a tag has no number of its own that Java could know. */
    @Override
    public int hashCode() {
        return type().hashCode();
    }

    /** The tag with its type, for reading. */
    @Override
    public String toString() {
        return "Tag" + FuncType.list(type().params());
    }
}
