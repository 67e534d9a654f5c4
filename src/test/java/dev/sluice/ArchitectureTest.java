package dev.sluice;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.List;

/** The map: which package may use which. What is not drawn is not allowed. */
@AnalyzeClasses(packages = "dev.sluice", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static ArchRule mayUse(String feature, String... others) {
        List<String> allowed = new ArrayList<>(List.of("dev.sluice." + feature + "..", "dev.sluice.platform.."));
        for (String other : others) {
            allowed.add("dev.sluice." + other + "..");
        }
        return classes()
                .that()
                .resideInAPackage("dev.sluice." + feature + "..")
                .should()
                .onlyDependOnClassesThat(
                        com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage("dev.sluice..")
                                .or(com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage(
                                        allowed.toArray(String[]::new))));
    }

    @ArchTest
    static final ArchRule PLATFORM = mayUse("platform");

    @ArchTest
    static final ArchRule TABLE = mayUse("table");

    @ArchTest
    static final ArchRule LEASE = mayUse("lease");

    @ArchTest
    static final ArchRule OUTBOUND = mayUse("outbound");

    @ArchTest
    static final ArchRule DATASET = mayUse("dataset", "table");

    @ArchTest
    static final ArchRule INGEST = mayUse("ingest", "table", "dataset", "lease", "outbound");

    @ArchTest
    static final ArchRule QUERY = mayUse("query", "table", "dataset");

    @ArchTest
    static final ArchRule ACCESS = mayUse("access");

    @ArchTest
    static final ArchRule CONSOLE = mayUse("console");

    @ArchTest
    static final ArchRule EVERY_CLASS_IS_ON_THE_MAP = classes()
            .should()
            .resideInAnyPackage(
                    "dev.sluice.table..",
                    "dev.sluice.lease..",
                    "dev.sluice.outbound..",
                    "dev.sluice.dataset..",
                    "dev.sluice.ingest..",
                    "dev.sluice.query..",
                    "dev.sluice.access..",
                    "dev.sluice.console..",
                    "dev.sluice.platform..");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.sluice.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule TABLE_IS_A_PURE_LIBRARY = noClasses()
            .that()
            .resideInAPackage("dev.sluice.table..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.sql..",
                    "javax.sql..",
                    "jakarta..",
                    "io.quarkus..",
                    "io.vertx..",
                    "org.hibernate..",
                    "org.postgresql..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.io.File");

    @ArchTest
    static final ArchRule PROBLEMS_ARE_PURE = noClasses()
            .that()
            .resideInAPackage("dev.sluice.platform.problem..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta..", "io.quarkus..", "org.hibernate..", "dev.sluice.platform");

    /** A native image that asks too early is told the configuration of the build. What is injected comes at the right time. */
    @ArchTest
    static final ArchRule CONFIGURATION_IS_INJECTED = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.eclipse.microprofile.config.ConfigProvider")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.eclipse.microprofile.config.spi.ConfigProviderResolver")
            .orShould()
            .callMethodWhere(DescribedPredicate.describe(
                    "ask the configuration that ConfigProvider has",
                    call -> call.getTargetOwner().isEquivalentTo(ConfigUtils.class)
                            && !call.getTarget().getRawReturnType().isEquivalentTo(SmallRyeConfigBuilder.class)));
}
