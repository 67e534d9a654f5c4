package dev.sluice.lease;

import dev.sluice.platform.Background;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Renews all leases this process holds, in one statement. What it keeps concerns only the work going on right now. */
@ApplicationScoped
public class Heartbeat {
    private final Map<Lease, Holder> held = new ConcurrentHashMap<>();
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

    /** Renews a lease until the result is closed. */
    public Beating during(Lease lease, Holder holder) {
        held.put(lease, holder);
        return () -> held.remove(lease);
    }

    /** Renews all leases once, and tells the holders of those that are lost or to be cancelled. */
    void beat() {
        if (held.isEmpty()) {
            return;
        }
        List<Progress> now = held.values().stream().map(Holder::progress).toList();
        Map<UUID, Boolean> still = QuarkusTransaction.requiringNew().call(() -> leases.renew(now));
        for (Progress p : now) {
            Boolean cancel = still.get(p.lease().job());
            if (cancel == null) {
                Holder lost = held.remove(p.lease());
                if (lost != null) {
                    lost.lose();
                }
            } else if (cancel) {
                cancel(p.lease().job());
            }
        }
    }

    /** Cancels a job if this process holds it. */
    public void cancel(UUID job) {
        held.forEach((lease, holder) -> {
            if (lease.job().equals(job)) {
                holder.cancel();
            }
        });
    }

    /** While this is open a lease is renewed. */
    public interface Beating extends AutoCloseable {
        @Override
        void close();
    }
}
