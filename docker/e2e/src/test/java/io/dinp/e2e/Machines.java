package io.dinp.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** On a test class that needs more than two nodes and one router. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Machines {
    int nodes() default 3;

    int routers() default 3;
}
