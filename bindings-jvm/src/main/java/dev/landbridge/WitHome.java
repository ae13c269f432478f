package dev.landbridge;

import java.util.function.Supplier;

/** Where resources are of: who lends objects of Java to guests, and the store of guests' resources. */
final class WitHome {
    final HostFunctions lender;
    private final Instance instance;
    private Supplier<Store> finder;
    private volatile Store store;

    WitHome(HostFunctions lender, Instance instance, Supplier<Store> finder) {
        this.lender = lender;
        this.instance = instance;
        this.finder = finder;
    }

    /** Whose functions resources have. */
    Instance instance() {
        if (instance == null) {
            throw WasmException.of(
                    ErrorKind.NOT_FOUND,
                    "a resource that a component passes to a function of Java has no methods there: the component is still in its"
                            + " call");
        }
        return instance;
    }

    /** Asked for when there is a resource. */
    Store store() {
        Store known = store;
        return known == null ? find() : known;
    }

    private synchronized Store find() {
        if (store == null) {
            store = finder.get();
            finder = null;
        }
        return store;
    }
}
