package dev.sluice.deploy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The environment variables that the program knows: its own by its configuration interfaces, Quarkus' as they are listed here. */
final class KnownVariables {
    private static final Set<String> QUARKUS = Set.of(
            "QUARKUS_DATASOURCE_JDBC_MAX_SIZE",
            "QUARKUS_DATASOURCE_JDBC_URL",
            "QUARKUS_DATASOURCE_PASSWORD",
            "QUARKUS_DATASOURCE_READER_JDBC_MAX_SIZE",
            "QUARKUS_DATASOURCE_READER_PASSWORD",
            "QUARKUS_DATASOURCE_READER_USERNAME",
            "QUARKUS_DATASOURCE_USERNAME",
            "QUARKUS_HTTP_HOST",
            "QUARKUS_HTTP_PORT",
            "QUARKUS_HTTP_PROXY_PROXY_ADDRESS_FORWARDING",
            "QUARKUS_HTTP_PROXY_TRUSTED_PROXIES",
            "QUARKUS_MANAGEMENT_HOST",
            "QUARKUS_MANAGEMENT_PORT",
            "QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT",
            "QUARKUS_REDIS_HOSTS",
            "QUARKUS_SHUTDOWN_DELAY",
            "QUARKUS_SHUTDOWN_TIMEOUT");

    private static final Set<String> OURS = ours();

    private KnownVariables() {}

    static boolean contains(String variable) {
        return OURS.contains(variable) || QUARKUS.contains(variable);
    }

    private static Set<String> ours() {
        JavaClasses program = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.sluice");
        return program.stream()
                .filter(c -> c.isAnnotatedWith(ConfigMapping.class))
                .flatMap(c -> keys(c, c.getAnnotationOfType(ConfigMapping.class).prefix()))
                .map(key -> key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<String> keys(JavaClass mapping, String prefix) {
        return mapping.getMethods().stream()
                .filter(m -> m.getModifiers().contains(JavaModifier.ABSTRACT))
                .flatMap(m -> {
                    String key = key(m, prefix);
                    JavaClass type = m.getRawReturnType();
                    boolean group = type.isInterface() && type.getPackageName().startsWith("dev.sluice");
                    return group ? keys(type, key) : Stream.of(key);
                });
    }

    private static String key(JavaMethod method, String prefix) {
        if (method.isAnnotatedWith(WithParentName.class)) {
            return prefix;
        }
        String name = method.isAnnotatedWith(WithName.class)
                ? method.getAnnotationOfType(WithName.class).value()
                : method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        return prefix + "." + name;
    }
}
