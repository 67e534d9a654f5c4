package dev.sluice.lease;

import dev.sluice.platform.Background;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Renews all leases this process holds, in one statement. What it keeps concerns only the work going on right now. */
@ApplicationScoped
public class Heartbeat {
    private final Map<Lease, Supplier<Progress>> held = new ConcurrentHashMap<>();
    private final Leases leases;

    Heartbeat(Leases leases) {
        this.leases = leases;
    }

    void start(@Observes StartupEvent event, Background background) {
        background.repeat("heartbeat", leases.duration().dividedBy(3), () -> {
            beat();
            return false;
        });
    }

    /**
     * Renews a lease until the result is closed.
     *
     * @param progress asked on another thread
     */
    public Beating during(Lease lease, Supplier<Progress> progress) {
        held.put(lease, progress);
        return () -> held.remove(lease);
    }

    /** Renews all leases once. One that is lost is not renewed again; its holder finds out when it releases it. */
    void beat() {
        if (held.isEmpty()) {
            return;
        }
        List<Progress> now = held.values().stream().map(Supplier::get).toList();
        var still = QuarkusTransaction.requiringNew().call(() -> leases.renew(now));
        now.stream()
                .map(Progress::lease)
                .filter(lease -> !still.contains(lease.job()))
                .forEach(held::remove);
    }

    /** While this is open a lease is renewed. */
    public interface Beating extends AutoCloseable {
        @Override
        void close();
    }
}
