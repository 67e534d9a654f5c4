package dev.sluice.autoscale;

/**
 * A way to run the service.
 *
 * @param seconds from starting the process until it answers
 */
record StartUp(String name, double seconds) {
    @Override
    public String toString() {
        return name + ", " + (seconds + " s").replace(".0 s", " s");
    }
}
