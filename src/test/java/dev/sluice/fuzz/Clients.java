package dev.sluice.fuzz;

import dev.sluice.harness.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Send what is generated, several at a time, and have the oracle look at what comes. */
final class Clients {
    private static final long KEEPING_MILLIS = 500;

    private final int count;
    private final List<Endpoint> processes;
    private final Stock stock;
    private final Findings findings;
    private final Tally tally;

    Clients(int count, List<Endpoint> processes, Stock stock, Findings findings, Tally tally) {
        this.count = count;
        this.processes = List.copyOf(processes);
        this.stock = stock;
        this.findings = findings;
        this.tally = tally;
    }

    /** For so long, or until enough was found. */
    void run(long seed, Duration length) throws InterruptedException {
        Generator generator = new Generator(seed, stock);
        List<Thread> threads = new ArrayList<>();
        threads.add(Thread.ofPlatform().daemon().name("generator").start(generator));
        for (int i = 0; i < count; i++) {
            int first = i;
            threads.add(Thread.ofPlatform().daemon().name("client-" + i).start(() -> send(generator, first)));
        }
        long end = System.nanoTime() + length.toNanos();
        while (System.nanoTime() < end && !findings.isEnough()) {
            threads.getFirst().join(KEEPING_MILLIS); // the generator, which goes on until it is told to end
            stock.keep();
        }
        generator.end();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void send(Generator generator, int first) {
        try (Wire wire = new Wire(processes, first)) {
            for (Request request = generator.next(); request != null; request = generator.next()) {
                judge(request, wire.exchange(request));
            }
        } catch (IOException e) {
            findings.add("A client could not go on: " + e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void judge(Request request, Outcome outcome) {
        tally.count(request, outcome);
        Oracle.fault(request, outcome).ifPresent(fault -> findings.add(fault, request, outcome));
    }
}
