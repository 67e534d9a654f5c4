package dev.sluice.fuzz;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was wrong, each kind of it once. */
final class Findings {
    private static final int ENOUGH = 20;

    private final Map<String, String> found = new LinkedHashMap<>();

    /** Notes a fault and prints it, unless one like it is there. */
    synchronized void add(String fault, Request request, Outcome outcome) {
        String like = fault + " " + request.method() + " " + request.path().replaceAll("[^/a-z].*", "");
        if (found.size() < ENOUGH
                && found.putIfAbsent(like, request.kind() + " request " + request.number() + ": " + fault) == null) {
            System.out.println(found.get(like) + "\n" + request.command() + "\n" + outcome + "\n");
        }
    }

    /** The same, of something that is not about one request. */
    synchronized void add(String fault) {
        if (found.putIfAbsent(fault, fault) == null) {
            System.out.println(fault + "\n");
        }
    }

    synchronized boolean isEnough() {
        return found.size() >= ENOUGH;
    }

    synchronized Collection<String> all() {
        return List.copyOf(found.values());
    }
}
