package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Api;
import dev.sluice.harness.Await;
import dev.sluice.harness.Client;
import dev.sluice.harness.Shared;
import dev.sluice.harness.Sql;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LongUploadIT {

    /** Longer than the transaction manager's 60 s, the server's read timeout of 60 s, and three leases. */
    @Test
    void anUploadOfMoreThan90SecondsCommits() {
        String name = Api.newName();
        try (Client client = Client.uploading(Shared.service(), name)) {
            client.chunk("a,b\n" + "1,2\n".repeat(700_000));
            Await.until(
                    "its transaction is open",
                    Duration.ofSeconds(60),
                    () -> !Sql.query("SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                                    + " AND query LIKE 'COPY data.%'")
                            .isEmpty());
            long start = System.nanoTime();
            Await.until("sent", Duration.ofSeconds(120), () -> {
                client.chunk("1,2\n".repeat(400)); // well above the least rate
                return System.nanoTime() - start > Duration.ofSeconds(92).toNanos();
            });
            client.end();
            assertThat(client.readAll()).startsWith("HTTP/1.1 201");
        }
        assertThat(Api.get("/v1/datasets/" + name).jsonPath().getLong("durationMs"))
                .isGreaterThan(90_000);
    }
}
