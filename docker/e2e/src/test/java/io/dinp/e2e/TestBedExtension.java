package io.dinp.e2e;

import io.dinp.e2e.bed.Shape;
import io.dinp.e2e.bed.TestBed;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives every test class a test bed for itself while it runs; JUnit takes the beds down when the last class is done. */
final class TestBedExtension implements ParameterResolver {
    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(TestBedExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestBed.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Beds beds = context.getRoot().getStore(OURS).getOrComputeIfAbsent(Beds.class, type -> new Beds(), Beds.class);
        Shape shape = shapeFor(context.getRequiredTestClass());
        return context.getStore(OURS)
                .getOrComputeIfAbsent(Lease.class, type -> new Lease(beds, beds.take(shape)), Lease.class)
                .bed();
    }

    private static Shape shapeFor(Class<?> test) {
        Machines machines = test.getAnnotation(Machines.class);
        return machines == null ? Shape.SMALL : new Shape(machines.nodes(), machines.routers());
    }

    /** A bed in a class's hands; its store gives it back after the class's last method. */
    private record Lease(Beds beds, TestBed bed) implements AutoCloseable {
        @Override
        public void close() {
            beds.giveBack(bed);
        }
    }
}
