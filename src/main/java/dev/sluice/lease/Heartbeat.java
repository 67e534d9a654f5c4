package dev.sluice.lease;

import dev.sluice.platform.Background;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Renews all leases this process holds, in one statement. What it keeps concerns only the work going on right now. When the
 * database has not answered for as long as a lease lasts, the leases are over: their holders are told so, and need not wait any
 * longer for answers of a database that has vanished.
 */
@ApplicationScoped
public class Heartbeat {
    private static final int TRIES = 3;

    private final Map<Lease, Held> held = new ConcurrentHashMap<>();
    private final Leases leases;

    Heartbeat(Leases leases) {
        this.leases = leases;
    }

    void start(@Observes StartupEvent event, Background background) {
        background.repeat("heartbeat", leases.duration().dividedBy(3), () -> {
            beatAgain();
            return false;
        });
    }

    /** A beat that fails is repeated soon, so that one or two may fail and no lease ends. */
    private void beatAgain() {
        for (int tried = 1; ; tried++) {
            try {
                beat();
                return;
            } catch (IllegalStateException e) {
                if (tried == TRIES) {
                    throw e;
                }
                LockSupport.parkNanos(leases.duration().dividedBy(30).toNanos());
            }
        }
    }

    /** @param renewed when it was renewed last, or somewhat later, by {@link System#nanoTime} */
    private record Held(Holder holder, long renewed) {
        static Held now(Holder holder) {
            return new Held(holder, System.nanoTime());
        }
    }

    /** Renews a lease until the result is closed. */
    public Beating during(Lease lease, Holder holder) {
        held.put(lease, Held.now(holder));
        return () -> held.remove(lease);
    }

    /** Renews all leases once, and tells the holders of those that are lost or to be cancelled. */
    void beat() {
        if (held.isEmpty()) {
            return;
        }
        List<Progress> now =
                held.values().stream().map(h -> h.holder().progress()).toList();
        Map<UUID, Boolean> still = renewed(now);
        for (Progress p : now) {
            Boolean cancel = still.get(p.lease().job());
            if (cancel == null) {
                lose(p.lease());
                continue;
            }
            held.computeIfPresent(p.lease(), (_, h) -> Held.now(h.holder()));
            if (cancel) {
                cancel(p.lease().job());
            }
        }
    }

    private Map<UUID, Boolean> renewed(List<Progress> now) {
        try {
            return leases.renew(now);
        } catch (SQLException e) {
            long expired = System.nanoTime() - leases.duration().toNanos();
            held.forEach((lease, h) -> {
                if (h.renewed() - expired <= 0) {
                    lose(lease);
                }
            });
            throw new IllegalStateException(e);
        }
    }

    private void lose(Lease lease) {
        Held lost = held.remove(lease);
        if (lost != null) {
            lost.holder().lose();
        }
    }

    /** Cancels a job if this process holds it. */
    public void cancel(UUID job) {
        held.forEach((lease, h) -> {
            if (lease.job().equals(job)) {
                h.holder().cancel();
            }
        });
    }

    /** While this is open a lease is renewed. */
    public interface Beating extends AutoCloseable {
        @Override
        void close();
    }
}
