package io.dinp.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What an action demands before it runs; {@link Guard} checks it, and a site with an action that lacks it does not
 * start. So no action can be forgotten, and a test can walk them all.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Access {
    /** The allowed methods, others get 405. */
    Verb[] value() default Verb.GET;

    Who who() default Who.USER;

    /**
     * The kind of the one object that the action works on. The guard finds it, 404 when it does not exist <em>or is not
     * the user's</em>. {@code String} takes the path's last part as it is; {@code Void} allows none.
     */
    Class<?> of() default Void.class;

    /** The request parameter that carries the object's id; empty: it is the path's last part. */
    String by() default "";
}
