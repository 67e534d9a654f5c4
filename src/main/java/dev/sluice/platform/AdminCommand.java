package dev.sluice.platform;

import java.util.List;

/** Something to be done once, by a process of its own that then exits (the twelve-factor app, XII). */
public interface AdminCommand {
    /** The first argument of the process, which asks for it. */
    String name();

    /** One line: its arguments and what it does. */
    String usage();

    /**
     * Does it.
     *
     * @param arguments after the name
     * @throws IllegalArgumentException if they are wrong
     */
    void run(List<String> arguments);
}
