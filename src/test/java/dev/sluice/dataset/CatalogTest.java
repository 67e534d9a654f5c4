package dev.sluice.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.local.ServersForTests;
import dev.sluice.table.type.RuledOut;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManagerFactory;
import java.time.Instant;
import java.util.List;
import org.hibernate.SessionFactory;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ServersForTests.class)
class CatalogTest {
    @Inject
    EntityManagerFactory entities;

    @Inject
    Publish publish;

    @Test
    void entitiesAgreeWithTheSchema() {
        entities.unwrap(SessionFactory.class).getSchemaManager().validateMappedObjects();
    }

    @Test
    void whatIsPublishedIsRead() {
        Column column = new Column(
                "a",
                "A",
                "date",
                "dd/MM/yyyy",
                "NA",
                3,
                "01/01/2024",
                "31/12/2024",
                List.of(new RuledOut("bigint", 1, "x", null)),
                IndexState.ready);
        QuarkusTransaction.requiringNew().run(() -> {
            publish.publish("published", List.of(segment(column)), draft());
            publish.publish("published", List.of(segment(column), segment(column)), draft());
        });

        QuarkusTransaction.requiringNew().run(() -> {
            Dataset dataset = Dataset.named("published");
            assertThat(dataset.currentVersion.number).isEqualTo(2);
            assertThat(dataset.currentVersion.segments).hasSize(2);
            assertThat(dataset.version(1).columns()).containsExactly(column);
        });
    }

    private static Segment segment(Column column) {
        Segment segment = new Segment();
        segment.id = Publish.newId();
        segment.tableName = "t_" + segment.id;
        segment.createdAt = Instant.now();
        segment.columns = List.of(column);
        segment.persist();
        return segment;
    }

    private static Version draft() {
        Version version = new Version();
        version.sha256 = "0";
        version.format = new SourceFormat("csv", "UTF-8", ",", "\"", true);
        version.source = Source.UPLOAD;
        return version;
    }
}
