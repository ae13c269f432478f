package dev.landbridge;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The guests of {@code examples/components} with a host. */
final class Shop implements AutoCloseable {
    static final String PEN =
            "{sku: \"P\", name: \"Pen\", unit: piece, marks: {sharp}, price: 120, weight: 9, stock: 40, rating: 3.25,"
                    + " place: (1, 'A'), replaced-by: none}";

    /** What guests ask of their host, matched by names. */
    static class Office {
        final List<String> log = new ArrayList<>();
        final List<Journal> published = new ArrayList<>();

        /** A book that guests write into. */
        public static class Journal {
            final String title;
            final List<String> lines = new ArrayList<>();

            public Journal(String title) {
                this.title = title;
            }

            public long write(String text) {
                lines.add(text);
                return lines.size();
            }

            public long length() {
                return lines.size();
            }
        }

        public Journal journalFind(String title) {
            return published.stream()
                    .filter(it -> it.title.equals(title))
                    .findFirst()
                    .orElseThrow(() -> new WitError("no journal " + title));
        }

        public void log(String level, String text) {
            if (text.contains("Mallory")) {
                throw new IllegalStateException("Mallory may not log in");
            }
            log.add(level + ": " + text);
        }

        public long worth(String code) throws WitError {
            return switch (code) {
                case "WELCOME" -> 500;
                case "LOYAL" -> 1250;
                default -> throw new WitError("no code " + code);
            };
        }

        public long reserve(List<Map<String, Object>> lines) {
            return lines.stream().mapToLong(it -> (Integer) it.get("count")).sum();
        }

        public List<String> close(Journal journal) {
            return journal.lines;
        }

        public String title(Journal journal) {
            return journal.title;
        }
    }

    private static Module module;

    final Office office = new Office();
    final Instance instance;

    Shop() {
        instance = rust().instantiate(imports(office));
    }

    static Imports imports(Office office) {
        return Imports.builder()
                .implement("office", office)
                .witFunc("", "currency", args -> "EUR")
                .build();
    }

    static synchronized Module rust() {
        if (module == null) {
            module = Module.load(Path.of("../examples/components/shop-rust.wasm"));
        }
        return module;
    }

    Object call(String func, Object... args) {
        return instance.call(func, args);
    }

    WitFunc witFunc(String name) {
        return instance.witFunc(name);
    }

    /** A basket with so many pens, of 1.20 each. */
    Resource basket(String owner, int pens) {
        Resource basket = (Resource) call("orders#basket", owner);
        if (pens > 0) {
            basket.call("add", pen(), pens);
        }
        return basket;
    }

    Object pen() {
        return witFunc("echo#echo-product").type().params().get(0).type().parse(PEN);
    }

    List<String> logged() {
        List<String> logged = List.copyOf(office.log);
        office.log.clear();
        return logged;
    }

    @Override
    public void close() {
        instance.close();
    }

    static List<Object> list(Object... items) {
        return Arrays.asList(items);
    }
}
