package io.dinp.common.testing;

import java.util.Locale;
import java.util.Map;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;

/**
 * Takes the image that {@code TEST_IMAGE_<NAME>} names instead of the one in the code, where Docker Hub cannot be reached.
 * Named in {@code testcontainers.properties}.
 */
public final class TestImages extends ImageNameSubstitutor {

    @Override
    public DockerImageName apply(DockerImageName original) {
        String name = original.getUnversionedPart().replaceAll(".*/", "").toUpperCase(Locale.ROOT);
        return substitute(original, System.getenv(), "TEST_IMAGE_" + name.replace('-', '_'));
    }

    static DockerImageName substitute(DockerImageName original, Map<String, String> env, String variable) {
        String other = env.get(variable);
        return other == null ? original : DockerImageName.parse(other).asCompatibleSubstituteFor(original);
    }

    @Override
    protected String getDescription() {
        return "images named by TEST_IMAGE_<NAME>";
    }
}
