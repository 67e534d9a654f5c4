package dev.sluice.chaos;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Mistakes that a run must find: each is woven into a copy of the artifact. */
@SuppressWarnings("ImmutableEnumChecker") // a weave has no state
enum PlantedFault {
    /** Whoever once had a job may still change its lease. */
    NO_TOKEN_CHECK(
            "lease/Leases",
            "a process changed a lease that another one held|a job that waited was changed",
            text("AND token = ?", "AND ?::bigint IS NOT NULL", "l.token = p.token", "true")),

    /** The version is published, and then the ingest ends: two transactions. */
    PUBLISH_BEFORE_THE_LAST_STATEMENT(
            "ingest/Load", "was published, and no ingest says that it succeeded", PlantedFault::commitEarly),

    /** Workers wait for the doorbell and do not look by themselves. */
    DOORBELL_ONLY("ingest/Worker", "no end was seen of|did not end within", PlantedFault::neverPoll),

    /** Leases end by the clocks of processes, which differ by up to ten seconds. */
    LEASE_BY_PROCESS_CLOCK(
            "lease/Leases",
            "a deadline was not the database's time and a lease",
            text(
                    "clock_timestamp() + ? *",
                    "clock_timestamp() - mod(abs(hashtext(current_setting('application_name'))), 10) * interval '1 s' + ? *")),

    /** The answer is on its way before the commit. */
    ANSWER_BEFORE_COMMIT("ingest/Load", "is not what was sent and acknowledged", PlantedFault::resultFirst),

    /** Each process remembers for itself which requests it has seen. */
    KEYS_KEPT_IN_THE_PROCESS(
            "ingest/UploadResource",
            "two answers under one key|a repeat got another answer",
            PlantedFault::callerIsProcess),

    /** Each process knows the sessions that were begun with it, as if it had them in memory. */
    SESSIONS_KEPT_IN_THE_PROCESS(
            "access/session/Sessions", "a session had ended though nothing ended it", PlantedFault::idOfProcess);

    private static final ClassDesc HELPER = ClassDesc.of("dev.sluice.ingest.PlantedCode");
    private static final ClassDesc DURATION = ClassDesc.of("java.time.Duration");
    private static final Path ARTIFACT = Path.of("target", "quarkus-app");

    private final String target;
    private final Predicate<String> says;
    private final Weave weave;

    /** @param says what a run that finds it says, as a regular expression: anything else it says is not about this */
    PlantedFault(String target, String says, Weave weave) {
        this.target = "dev/sluice/" + target + ".class";
        this.says = Pattern.compile(says).asPredicate();
        this.weave = weave;
    }

    /** Whether a run that said so has found it. */
    boolean isFound(String said) {
        return says.test(said);
    }

    /** A copy of the artifact with this mistake in it: its runnable jar. */
    Path artifact() throws IOException {
        Path copy = Path.of("target", "planted", name());
        copyTree(copy);
        try (Stream<Path> jars = Files.walk(copy)) {
            int changed = 0;
            for (Path jar : jars.filter(f -> f.toString().matches(".*/(app|quarkus)/[^/]*\\.jar"))
                    .toList()) {
                changed += weave(jar);
            }
            if (changed == 0) {
                throw new IllegalStateException("there is nothing to plant " + this + " in");
            }
        }
        return copy.resolve("quarkus-run.jar");
    }

    private static void copyTree(Path copy) throws IOException {
        try (Stream<Path> files = Files.walk(ARTIFACT)) {
            for (Path file : files.toList()) {
                Path to = copy.resolve(ARTIFACT.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private int weave(Path jar) throws IOException {
        try (FileSystem files = FileSystems.newFileSystem(jar)) {
            Path file = files.getPath("/", target);
            if (!Files.exists(file)) {
                return 0;
            }
            byte[] before = Files.readAllBytes(file);
            AtomicInteger changes = new AtomicInteger();
            byte[] after = ClassFile.of()
                    .transformClass(
                            ClassFile.of().parse(before), ClassTransform.transformingMethodBodies((code, element) -> {
                                if (weave.replaces(code, element)) {
                                    changes.incrementAndGet();
                                } else {
                                    code.with(element);
                                }
                            }));
            Files.write(file, after);
            Path helper = files.getPath("/", "dev/sluice/ingest/PlantedCode.class");
            Files.createDirectories(helper.getParent());
            Files.copy(
                    Path.of("target/test-classes/dev/sluice/ingest/PlantedCode.class"),
                    helper,
                    StandardCopyOption.REPLACE_EXISTING);
            return changes.get();
        }
    }

    /** Changes of bytecode, one instruction at a time. */
    private interface Weave {
        /** Writes something else in place of an element, or nothing and is false. */
        boolean replaces(CodeBuilder code, CodeElement element);
    }

    /** Other text in constants: old, new, old, new … */
    private static Weave text(String... texts) {
        return (code, element) -> {
            if (!(element instanceof ConstantInstruction constant
                    && constant.constantValue() instanceof String before)) {
                return false;
            }
            String after = before;
            for (int i = 0; i < texts.length; i += 2) {
                after = after.replace(texts[i], texts[i + 1]);
            }
            if (!after.equals(before)) {
                code.loadConstant(after);
            }
            return !after.equals(before);
        };
    }

    private static boolean calls(CodeElement element, String owner, String name) {
        return element instanceof InvokeInstruction call
                && call.owner().name().stringValue().endsWith(owner)
                && call.name().stringValue().equals(name);
    }

    private static boolean commitEarly(CodeBuilder code, CodeElement element) {
        if (!calls(element, "/ingest/Load", "end")) {
            return false;
        }
        code.invokestatic(HELPER, "commitEarly", MethodTypeDesc.of(ConstantDescs.CD_void));
        code.with(element);
        return true;
    }

    private static boolean resultFirst(CodeBuilder code, CodeElement element) {
        if (!calls(element, "/TransactionRunnerOptions", "call")) {
            return false;
        }
        code.invokestatic(
                HELPER,
                "resultFirst",
                MethodTypeDesc.of(
                        ConstantDescs.CD_Object,
                        ClassDesc.of("io.quarkus.narayana.jta.TransactionRunnerOptions"),
                        ClassDesc.of("java.util.concurrent.Callable")));
        return true;
    }

    private static boolean neverPoll(CodeBuilder code, CodeElement element) {
        if (!calls(element, "/WorkerConfig", "poll")) {
            return false;
        }
        code.pop();
        code.loadConstant(365L);
        code.invokestatic(DURATION, "ofDays", MethodTypeDesc.of(DURATION, ConstantDescs.CD_long));
        return true;
    }

    private static boolean callerIsProcess(CodeBuilder code, CodeElement element) {
        if (!calls(element, "/identity/Caller", "id")) {
            return false;
        }
        code.pop();
        code.invokestatic(HELPER, "process", MethodTypeDesc.of(ConstantDescs.CD_String));
        return true;
    }

    private static boolean idOfProcess(CodeBuilder code, CodeElement element) {
        if (!calls(element, "/key/Secret", "hash")) {
            return false;
        }
        code.with(element);
        code.invokestatic(HELPER, "ofProcess", MethodTypeDesc.of(ConstantDescs.CD_String, ConstantDescs.CD_String));
        return true;
    }
}
