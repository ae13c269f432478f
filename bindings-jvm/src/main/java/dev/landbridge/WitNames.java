package dev.landbridge;

import java.lang.reflect.AnnotatedElement;
import java.util.Locale;

/** How Java spells names of WIT. */
final class WitNames {
    private WitNames() {}

    /** {@code bestPrice} for {@code best-price}. */
    static String camel(String name) {
        int first = name.indexOf('-');
        return first < 0
                ? name.toLowerCase(Locale.ROOT)
                : name.substring(0, first).toLowerCase(Locale.ROOT) + upperCamel(name.substring(first + 1));
    }

    /** {@code BestPrice} for {@code best-price}. */
    static String upperCamel(String name) {
        StringBuilder joined = new StringBuilder();
        for (String word : name.split("-")) {
            String lower = word.toLowerCase(Locale.ROOT);
            joined.append(lower.isEmpty() ? "" : lower.substring(0, 1).toUpperCase(Locale.ROOT) + lower.substring(1));
        }
        return joined.toString();
    }

    /** {@code BEST_PRICE} for {@code best-price}. */
    static String constant(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** {@code shapes} of {@code demo:app/shapes@1.2.0}. */
    static String own(String name) {
        int version = name.indexOf('@');
        String path = version < 0 ? name : name.substring(0, version);
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** {@code best-price} for {@code bestPrice}, to ask for something by it. */
    static String kebab(String java) {
        StringBuilder kebab = new StringBuilder();
        for (char letter : java.toCharArray()) {
            if (Character.isUpperCase(letter) && kebab.length() > 0) {
                kebab.append('-');
            }
            kebab.append(Character.toLowerCase(letter));
        }
        return kebab.toString();
    }

    /** Whether what is called {@code java}, or is annotated with a name, means {@code wit}, which Java spells as {@code spelt}. */
    static boolean means(AnnotatedElement element, String java, String wit, String spelt) {
        WitName named = element.getAnnotation(WitName.class);
        return named != null ? named.value().equals(wit) : java.equals(spelt) || java.equals(spelt + "_");
    }
}
