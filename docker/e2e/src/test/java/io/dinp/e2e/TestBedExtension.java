package io.dinp.e2e;

import io.dinp.e2e.bed.TestBed;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives every test class the one test bed; JUnit closes it when the last class is done. */
final class TestBedExtension implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestBed.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(TestBedExtension.class))
                .getOrComputeIfAbsent(TestBed.class, type -> TestBed.up(), TestBed.class);
    }
}
