package dev.landbridge;

import static dev.landbridge.ConformanceCase.expect;
import static dev.landbridge.ConformanceCase.list;
import static dev.landbridge.ConformanceCase.optionalList;

import com.google.gson.JsonElement;
import dev.landbridge.ConformanceCase.Keys;
import dev.landbridge.ConformanceCase.Mismatch;
import java.util.List;
import java.util.Set;

/** Steps about the guest's heap, tags and exceptions. */
final class ConformanceRefs {
    private static final Set<Class<?>> KEPT = Set.of(GcRef.class, Func.class, TaggedException.class);

    private final ConformanceCase outer;

    ConformanceRefs(ConformanceCase outer) {
        this.outer = outer;
    }

    void perform(String what, Keys k) {
        switch (what) {
            case "gc_type" -> expect("type", object(k).type().toString(), k.text("equals"));
            case "gc_len" -> expect("length", (long) object(k).length(), k.number("equals"));
            case "gc_get" -> get(k);
            case "gc_set" -> object(k).set((int) k.number("index"), outer.value(k.get("value")));
            case "same_tag" -> expect("same", tag(k, "object").equals(tag(k, "other")), k.flag("equals"));
            case "new_exception" -> outer.put(k, exception(k));
            default -> check((TaggedException) outer.thing(k.text("object")), k);
        }
    }

    private GcRef object(Keys k) {
        return (GcRef) outer.thing(k.text("object"));
    }

    private Tag tag(Keys k, String key) {
        return (Tag) outer.thing(k.text(key));
    }

    private void get(Keys k) {
        Object given = object(k).get((int) k.number("index"));
        if (k.get("as") != null) {
            keep(new Object[] {given}, list(k.get("as")));
        }
        if (k.get("value") != null) {
            outer.checkValue(given, k.get("value"));
        }
    }

    /** Names results; those without a name may be anything. */
    void keep(Object[] given, List<JsonElement> names) {
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).isJsonNull()) {
                continue;
            }
            if (given[i] == null || !KEPT.contains(given[i].getClass())) {
                throw new Mismatch(names.get(i) + " cannot be " + given[i]);
            }
            outer.put(names.get(i).getAsString(), given[i]);
        }
    }

    private TaggedException exception(Keys k) {
        return new TaggedException(tag(k, "tag"), outer.values(optionalList(k, "payload")));
    }

    private void check(TaggedException exception, Keys k) {
        expect("tag", exception.tag(), tag(k, "tag"));
        outer.checkAll(exception.payload().toArray(), list(k.get("payload")));
    }

    void checkThrown(TaggedException exception, Keys fails) {
        if (fails.get("tag") != null) {
            expect("tag", exception.tag(), tag(fails, "tag"));
        }
        if (fails.get("payload") != null) {
            outer.checkAll(exception.payload().toArray(), list(fails.get("payload")));
        }
        if (fails.get("as") != null) {
            outer.put(fails, exception);
        }
    }

    HostFunction throwing(String does, Keys k) {
        if (does.equals("throw_exn")) {
            String name = k.text("object");
            return (ctx, args) -> {
                throw (TaggedException) outer.thing(name);
            };
        }
        String boom = k.text("exception");
        String tag = k.text("tag");
        List<JsonElement> payload = optionalList(k, "payload");
        return (ctx, args) -> {
            TaggedException thrown = new TaggedException((Tag) outer.thing(tag), outer.values(payload));
            if (boom != null) {
                outer.boom(boom, thrown);
            }
            throw thrown;
        };
    }
}
