package dev.landbridge;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a method, a component of a record, a case or a constant is called in WIT, where that is not its name in Java with
 * hyphens: {@code bestPrice} is {@code best-price}, the record {@code FullPrice} is the case {@code full-price}, and the
 * constant {@code FULL_PRICE} too.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD, ElementType.RECORD_COMPONENT, ElementType.PARAMETER})
public @interface WitName {
    /**
     * The name in WIT.
     *
     * @return such as {@code best-price}
     */
    String value();
}
