package dev.sluice;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The law of processes as far as bytecode shows it: what outlives a request or a job in a process decides no answer. */
@AnalyzeClasses(packages = "dev.sluice", importOptions = ImportOption.DoNotIncludeTests.class)
class ProcessLawTest {
    /** What may change in a process, as a regular expression of fields, and why another process would decide the same. */
    private static final Map<String, String> ALLOWED = Map.of(
            "Semaphore .*|.* Shares\\.(lock|callers)|.* MemoryAccount\\.(lock|answers|inputs|entries|held)",
                    "counts what runs in this process now; who finds it taken waits or is sent elsewhere (503)",
            ".* Heartbeat\\.held",
                    "the leases this process works under now: it renews them, the database decides on them",
            ".* RunningIngests\\.(running|expected|handingBack)",
                    "what this process works on now, to say how far it is and to stop it",
            ".* (EventReader\\.followers|OpenConnections\\.open)",
                    "the connections that clients have open to this process now",
            ".* Events\\.(last|pending|outage)",
                    "the order in which this process sends events to Redis; Redis keeps them",
            ".* Background\\.loops", "the threads of this process, to end them",
            ".* Doorbell\\.(listeners|listening)",
                    "whether this process hears the doorbell; polling finds the same without it",
            "boolean (Worker|EventReader|Admission)\\.draining",
                    "this process shuts down; clients are told to go to another one",
            "boolean Schema\\.seenUpToDate|String CatalogId\\.id",
                    "migrations only go on: what they made once stays so for this release",
            "LowWaterMarks Claims\\.lowWater", "where a claim begins to look; it looks everywhere every few seconds");

    private static final Set<String> IMMUTABLE = Set.of(
            "java.lang.String",
            "java.time.Duration",
            "java.time.Instant",
            "java.time.LocalDateTime",
            "java.time.format.DateTimeFormatter",
            "java.time.OffsetDateTime",
            "java.util.HexFormat",
            "java.util.UUID",
            "java.util.Base64$Encoder",
            "java.util.regex.Pattern",
            "java.lang.invoke.VarHandle",
            "java.math.BigDecimal",
            "java.math.BigInteger",
            "java.lang.Integer",
            "java.lang.Long",
            "org.jboss.logging.Logger");

    /** Clients of what is outside of the process, and what a framework keeps by itself. */
    private static final DescribedPredicate<JavaClass> INFRASTRUCTURE = resideInAnyPackage(
            "io.agroal..",
            "io.quarkus..",
            "io.vertx..",
            "io.micrometer..",
            "io.opentelemetry..",
            "com.spotify.folsom..",
            "jakarta..",
            "org.hibernate..",
            "org.flywaydb..",
            "com.fasterxml..");

    private static final Set<String> MUTATORS = Set.of(
            "add",
            "addAll",
            "addFirst",
            "addLast",
            "clear",
            "compute",
            "computeIfAbsent",
            "computeIfPresent",
            "merge",
            "offer",
            "poll",
            "pop",
            "push",
            "put",
            "putAll",
            "putIfAbsent",
            "remove",
            "removeAll",
            "removeIf",
            "replace",
            "replaceAll",
            "set",
            "sort");

    /** A class with a method so annotated is made once for all requests. */
    private static final String FILTERS = "org.jboss.resteasy.reactive.server";

    @ArchTest
    static final ArchRule WHAT_OUTLIVES_A_REQUEST_DOES_NOT_CHANGE = fields().that(
                    new DescribedPredicate<JavaField>("outlive a request or a job") {
                        @Override
                        public boolean test(JavaField field) {
                            return field.getModifiers().contains(JavaModifier.STATIC) || isBean(field.getOwner());
                        }
                    })
            .should(new ArchCondition<JavaField>("not change, or be allowed to with a reason") {
                @Override
                public void check(JavaField field, ConditionEvents events) {
                    if (!isAllowed(field) && !isConstant(field)) {
                        events.add(SimpleConditionEvent.violated(field, field.getFullName() + " may change"));
                    }
                }
            });

    private static boolean isBean(JavaClass owner) {
        return owner.isAnnotatedWith(ApplicationScoped.class)
                || owner.isAnnotatedWith(Singleton.class)
                || owner.isMetaAnnotatedWith("jakarta.enterprise.context.NormalScope")
                || owner.isAnnotatedWith(Path.class)
                || owner.isAnnotatedWith("jakarta.ws.rs.ext.Provider")
                || owner.isAnnotatedWith("org.eclipse.microprofile.health.Readiness")
                || owner.isAnnotatedWith("org.eclipse.microprofile.health.Liveness")
                || owner.getMethods().stream()
                        .flatMap(m -> m.getAnnotations().stream())
                        .anyMatch(a -> a.getRawType().getPackageName().startsWith(FILTERS));
    }

    private static boolean isAllowed(JavaField field) {
        String name =
                field.getRawType().getSimpleName() + " " + field.getOwner().getSimpleName() + "." + field.getName();
        return ALLOWED.keySet().stream().anyMatch(name::matches);
    }

    private static boolean isFinal(JavaField field) {
        return field.getModifiers().contains(JavaModifier.FINAL);
    }

    private static boolean isConstant(JavaField field) {
        if (field.getModifiers().contains(JavaModifier.SYNTHETIC)) {
            return true; // the compiler's own
        }
        return isFinal(field)
                && (field.getRawType().isArray()
                        ? isNeverStoredInto(field)
                        : holdsNothingThatChanges(field.getRawType())
                                || field.getModifiers().contains(JavaModifier.STATIC) && isImmutableNow(field)
                                || isCollection(field.getRawType()) && isOnlyRead(field.getOwner()));
    }

    private static boolean holdsNothingThatChanges(JavaClass type) {
        if (type.isPrimitive() || type.isEnum() || IMMUTABLE.contains(type.getName()) || INFRASTRUCTURE.test(type)) {
            return true;
        }
        if (!type.getPackageName().startsWith("dev.sluice")) {
            return false;
        }
        return isBean(type)
                || type.isInterface()
                        && type.getAllSubclasses().stream().allMatch(ProcessLawTest::holdsNothingThatChanges)
                || !type.isInterface()
                        && type.getAllFields().stream()
                                .filter(f -> !f.getModifiers().contains(JavaModifier.STATIC))
                                .allMatch(f -> isAllowed(f) || isConstant(f));
    }

    private static boolean isCollection(JavaClass type) {
        return Stream.of(List.class, Set.class, Map.class).anyMatch(type::isEquivalentTo);
    }

    /** No method of its class reads the array and stores into one, but those that initialize. */
    private static boolean isNeverStoredInto(JavaField field) {
        if (!field.getRawType().getComponentType().isPrimitive()
                || !field.getModifiers().contains(JavaModifier.PRIVATE)) {
            return false;
        }
        return classFile(field.getOwner()).methods().stream()
                .filter(m -> !m.methodName().stringValue().startsWith("<"))
                .map(m -> m.code().map(CodeModel::elementList).orElse(List.of()))
                .noneMatch(code -> code.stream()
                                .anyMatch(e -> e instanceof FieldInstruction f
                                        && f.name().equalsString(field.getName()))
                        && code.stream().anyMatch(ArrayStoreInstruction.class::isInstance));
    }

    private static ClassModel classFile(JavaClass type) {
        String resource = "/" + type.getName().replace('.', '/') + ".class";
        try (InputStream in = ProcessLawTest.class.getResourceAsStream(resource)) {
            return ClassFile.of().parse(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOnlyRead(JavaClass owner) {
        return owner.getCodeUnitAccessesFromSelf().stream()
                .map(JavaAccess::getTarget)
                .noneMatch(
                        t -> t.getOwner().isAssignableTo(java.util.Collection.class) && MUTATORS.contains(t.getName())
                                || t.getOwner().isAssignableTo(Map.class) && MUTATORS.contains(t.getName()));
    }

    private static boolean isImmutableNow(JavaField field) {
        try {
            Field reflected = field.reflect();
            reflected.setAccessible(true);
            Object value = reflected.get(null);
            return value.getClass().getName().startsWith("java.util.ImmutableCollections")
                    || value.getClass().getName().startsWith("java.util.Collections$Unmodifiable");
        } catch (IllegalAccessException e) {
            return false;
        }
    }

    @ArchTest
    static final ArchRule NOTHING_TOUCHES_FILES = noClasses()
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.nio.file..", "io.vertx.core.file..")
                    .or(DescribedPredicate.describe(
                            "classes of java.io that open files",
                            c -> Set.of(
                                            "java.io.File",
                                            "java.io.FileInputStream",
                                            "java.io.FileOutputStream",
                                            "java.io.FileReader",
                                            "java.io.FileWriter",
                                            "java.io.RandomAccessFile",
                                            "java.nio.channels.FileChannel")
                                    .contains(c.getName()))))
            .orShould()
            .callConstructorWhere(DescribedPredicate.describe(
                    "open the file of a name",
                    call -> call.getTargetOwner().getPackageName().matches("java\\.(io|util)")
                            && Set.of("PrintWriter", "PrintStream", "Formatter")
                                    .contains(call.getTargetOwner().getSimpleName())
                            && call.getTarget().getRawParameterTypes().stream()
                                    .anyMatch(p -> p.isEquivalentTo(String.class))));

    @ArchTest
    static final ArchRule NOTHING_IS_CACHED_IN_A_PROCESS =
            noClasses().should().dependOnClassesThat(resideInAnyPackage("io.quarkus.cache..", "com.github.benmanes.."));

    @ArchTest
    static final ArchRule NO_SESSION_IS_IN_A_PROCESS = noClasses()
            .should()
            .dependOnClassesThat(DescribedPredicate.describe(
                    "sessions of servers",
                    c -> c.getName().endsWith(".HttpSession")
                            || c.getPackageName().startsWith("io.vertx.ext.web.sstore")));

    @ArchTest
    static final ArchRule NO_DEFAULT_THREAD_POOLS = noClasses()
            .should()
            .accessTargetWhere(DescribedPredicate.describe("work on a pool nobody sees", call -> {
                String name = call.getTarget().getFullName();
                boolean async = name.startsWith("java.util.concurrent.CompletableFuture.")
                        && call.getTarget().getName().endsWith("Async")
                        && !name.contains("java.util.concurrent.Executor");
                return async
                        || name.startsWith("java.util.concurrent.ForkJoinPool.commonPool")
                        || call.getTarget().getName().equals("parallelStream")
                        || name.startsWith("java.util.stream")
                                && call.getTarget().getName().equals("parallel");
            }));

    @ArchTest
    static final ArchRule LEASES_KNOW_THE_TIME_OF_THE_DATABASE_ALONE = noClasses()
            .that()
            .resideInAPackage("dev.sluice.lease..")
            .should()
            .accessTargetWhere(DescribedPredicate.describe("ask the process what time it is", call -> {
                String name = call.getTarget().getName();
                return name.equals("currentTimeMillis")
                        || name.equals("now")
                                && call.getTargetOwner().getPackageName().startsWith("java.time");
            }))
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock");

    @ArchTest
    static void theListOfWhatMayChangeIsShort(com.tngtech.archunit.core.domain.JavaClasses classes) {
        org.assertj.core.api.Assertions.assertThat(ALLOWED).hasSizeLessThanOrEqualTo(10);
    }
}
