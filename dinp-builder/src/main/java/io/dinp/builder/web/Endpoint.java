package io.dinp.builder.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says how an action may be called; an action without it is not reachable, since JFinal alone would answer everybody. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Endpoint {
    /** HTTP methods answered; every one but GET changes something and so needs the CSRF token. */
    String[] methods() default {"GET"};

    /** Whether it is answered without a sign-on. */
    boolean open() default false;

    /** Whether the path goes on with one more part, such as the id in {@code /progress/7}. */
    boolean withPart() default false;
}
