package dev.sluice.autoscale;

import java.io.IOException;

/**
 * {@code Autoscale [--seed S] [--runs N] [--jvm SECONDS] [--aot SECONDS] [--native SECONDS] [--schedule SECONDS] [--probe SECONDS]
 * [--images FOLDER]}: prints what a burst of ten times the usual costs by how long a process takes to start, and draws the first run.
 */
final class Autoscale {
    private Autoscale() {}

    public static void main(String[] args) throws IOException {
        Options options;
        try {
            options = new Options(args);
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
            System.exit(2);
            return;
        }
        WebReport web = new WebReport(options);
        web.byStartUp();
        web.byWhatIsChanged();
        new WorkerReport(options).byStartUp();
    }
}
