package dev.sluice.access.key;

import dev.sluice.platform.AdminCommand;
import dev.sluice.platform.identity.Actor;
import dev.sluice.platform.identity.Scope;
import dev.sluice.platform.problem.ProblemException;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Makes a key, and writes its secret to standard output. */
@ApplicationScoped
class CreateKey implements AdminCommand {
    private final Keys keys;

    CreateKey(Keys keys) {
        this.keys = keys;
    }

    @Override
    public String name() {
        return "create-key";
    }

    @Override
    public String usage() {
        return "create-key NAME read|write|admin [PATTERN…]: make a key, and print its secret";
    }

    @Override
    public void run(List<String> arguments) {
        if (arguments.size() < 2) {
            throw new IllegalArgumentException("a name and a scope are missing");
        }
        Scope scope = Scope.of(arguments.get(1))
                .orElseThrow(() -> new IllegalArgumentException("'" + arguments.get(1) + "' is no scope"));
        NewKey asked = asked(arguments.getFirst(), scope, arguments.subList(2, arguments.size()));
        Keys.Made made = QuarkusTransaction.requiringNew().call(() -> keys.make(asked, Actor.of("command")));
        System.out.println(made.secret());
    }

    private static NewKey asked(String name, Scope scope, List<String> patterns) {
        try {
            return new NewKey(name, scope, patterns, null);
        } catch (ProblemException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
