package io.dinp.common.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The library keeps the rules that its users are held to. */
class HouseRulesTest {
    private static final JavaClasses COMMON = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.dinp.common");

    @Test
    void theLibraryHasNoCycles() {
        slices().matching("io.dinp.common.(*)..").should().beFreeOfCycles().check(COMMON);
    }

    @Test
    void theModelDoesNoMoreThanNameItsFields() {
        classes()
                .that()
                .resideInAPackage("io.dinp.common.model")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java.lang..",
                        "java.util..",
                        "java.nio",
                        "java.nio.charset",
                        "java.io",
                        "java.security",
                        "com.fasterxml.jackson.annotation",
                        "io.dinp.common.model")
                .check(COMMON);
    }

    @Test
    void aDaemonWithoutClassesIsAMistakeOfTheTest() {
        assertThrows(AssertionError.class, () -> HouseRules.check("nonesuch"));
    }
}
