package io.dinp.common.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** The shape of every daemon, held by tests: a pure core, no cycles, no way from one daemon's module into another's. */
public final class HouseRules {
    private static final List<String> DAEMONS = List.of("server", "agent", "builder", "dash", "uic", "router", "hm");

    private HouseRules() {}

    /** Checks a daemon's packages; throws {@link AssertionError} naming each place that breaks a rule. */
    public static void check(String daemon) {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.dinp." + daemon);
        if (classes.isEmpty()) {
            throw new AssertionError("there are no classes in io.dinp." + daemon);
        }
        Stream.of(pureCore(), noClockInCore(), noCycles(daemon), noOtherDaemon(daemon))
                .forEach(rule -> rule.allowEmptyShould(true).check(classes));
    }

    private static ArchRule pureCore() {
        return classes()
                .that()
                .resideInAPackage("..core..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "io.dinp.common.model..", "..core..")
                .because("a core that does no I/O can be tested as a table");
    }

    private static ArchRule noClockInCore() {
        return noClasses()
                .that()
                .resideInAPackage("..core..")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Random.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocalRandom.class)
                .because("the same input must give the same plan");
    }

    private static ArchRule noCycles(String daemon) {
        return slices().matching("io.dinp." + daemon + ".(*)..").should().beFreeOfCycles();
    }

    private static ArchRule noOtherDaemon(String daemon) {
        String[] others = DAEMONS.stream()
                .filter(other -> !other.equals(daemon))
                .map(other -> "io.dinp." + other + "..")
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage("io.dinp." + daemon + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .because("daemons share dinp-common and nothing else");
    }
}
