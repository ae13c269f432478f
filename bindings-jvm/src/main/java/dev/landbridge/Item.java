package dev.landbridge;

import java.lang.ref.Reference;

/** Something in a store that has a handle. Two objects are equal if they are one thing of one store. */
abstract class Item {
    final long handle;

    /** Held, so that the store's functions of Java live as long as anything of the store. */
    final HostFunctions lender;

    /** One of those of {@link Native}. */
    final int sort;
    private String identity;

    Item(int sort, long handle, HostFunctions lender) {
        this.sort = sort;
        this.handle = handle;
        this.lender = lender;
        Handles.own(this, sort, handle);
    }

    /** It and its type in a line, for reading; waits for nobody and never throws. */
    @Override
    public final String toString() {
        return Texts.shown(this, sort, handle);
    }

    /** Whether both are one thing of one store, through whatever instance it was found; also when the store is closed. */
    @Override
    public final boolean equals(Object other) {
        return this == other || other instanceof Item it && sort == it.sort && identity().equals(it.identity());
    }

    @Override
    public final int hashCode() {
        return identity().hashCode();
    }

    private String identity() {
        String known = identity;
        if (known == null) {
            identity = known = Native.identity(sort, handle);
            Reference.reachabilityFence(this);
        }
        return known;
    }
}
