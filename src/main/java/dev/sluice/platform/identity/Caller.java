package dev.sluice.platform.identity;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Who asks.
 *
 * @param id of the key it has, the same through all its sessions
 * @param name of that key
 * @param datasets patterns of the names of datasets it may use, in which {@code *} is any text; empty: all
 */
@RegisterForReflection // sessions are written as JSON, with it in them
public record Caller(String id, String name, Scope scope, List<String> datasets) implements Principal {
    /** Everyone, where nobody needs a key. */
    public static final Caller ANYBODY = new Caller("anybody", "anybody", Scope.ADMIN, List.of());

    /** Of a dataset. What is longer names none, and could take long to match. */
    private static final int MAX_NAME = 63;

    public Caller {
        datasets = List.copyOf(datasets);
    }

    /** The caller of a request that was let in. */
    public static Caller of(SecurityContext security) {
        return (Caller) security.getUserPrincipal();
    }

    @Override
    public String getName() {
        return name;
    }

    /** Whether it may use a dataset, be there one of that name or not. */
    public boolean mayUse(String dataset) {
        return datasets.isEmpty() || dataset.length() <= MAX_NAME && dataset.matches(datasetsRegex());
    }

    /** @throws ProblemException {@code SCOPE_MISSING} */
    public void checkScope(Scope needed) {
        if (!scope.includes(needed)) {
            throw new ProblemException(
                    ErrorCode.SCOPE_MISSING,
                    "This takes the scope " + needed.word() + "; the key has " + scope.word() + ".");
        }
    }

    /** @throws ProblemException {@code SCOPE_MISSING}, whether or not there is such a dataset */
    public void checkDataset(String dataset) {
        if (!mayUse(dataset)) {
            throw new ProblemException(ErrorCode.SCOPE_MISSING, "The key is not for this dataset.");
        }
    }

    /** What the names of the datasets it may use match, as a whole, in Java and in PostgreSQL. */
    public String datasetsRegex() {
        return datasets.isEmpty()
                ? ".*"
                : datasets.stream().map(p -> p.replace("*", ".*")).collect(Collectors.joining("|", "^(", ")$"));
    }
}
