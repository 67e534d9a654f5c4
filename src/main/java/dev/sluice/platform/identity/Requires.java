package dev.sluice.platform.identity;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The scope a resource method takes. Where the path has a parameter {@code name} or {@code target}, the caller must be
 * allowed to use that dataset too. A method without this or {@link Anonymous} is closed to everyone.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Requires {
    Scope value();
}
