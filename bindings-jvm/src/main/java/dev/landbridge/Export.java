package dev.landbridge;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the export a method of an interface stands for, where it is no name of Java's; see {@link Instance#as}. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Export {
    /**
     * The name of the export.
     *
     * @return the name
     */
    String value();
}
