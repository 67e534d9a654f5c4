package dev.sluice.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The document of what there is to be read. */
class DescriptionIT {
    private static Service service;

    @BeforeAll
    static void start() {
        Map<String, String> configuration = Keyed.mode(Servers.migratedDatabase());
        service = Service.start("web", configuration).awaitReady();
        for (int i = 0; i < 101; i++) {
            put("many-" + (1000 + i), "n\n1\n");
        }
        put("typed", "Id,a price,day,ok,note\n1,2.50,2024-01-02,Y,x\n2,1.00,2024-01-03,N,\n");
        Keyed.with(Keyed.ADMIN, service)
                .contentType("application/json")
                .body("{\"title\":\"Some \\\"types\\\"\"}")
                .patch("/v1/datasets/typed")
                .then()
                .statusCode(200);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static void put(String name, String csv) {
        Keyed.with(Keyed.ADMIN, service)
                .body(csv)
                .put("/v1/datasets/" + name)
                .then()
                .statusCode(201);
    }

    @Test
    void aKeySeesTheDatasetsItIsForWithTheirTypes() {
        JsonPath document = Keyed.with(Keyed.key(service, "read", "ty*"), service)
                .get("/rest/v1/")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        assertThat(document.getString("openapi")).startsWith("3.");
        assertThat(document.getMap("paths")).containsOnlyKeys("/rest/v1/typed");
        assertThat(document.getString("paths.'/rest/v1/typed'.get.summary")).isEqualTo("Some \"types\"");
        assertThat(document.<String>getList("paths.'/rest/v1/typed'.get.parameters.name"))
                .contains("id", "a_price", "day", "ok", "note");
        assertThat(document.<String>getList("components.schemas.typed.properties.id.type"))
                .containsExactly("integer", "null");
        assertThat(document.getString("components.schemas.typed.properties.a_price.format"))
                .isEqualTo("numeric");
        assertThat(document.getString("components.schemas.typed.properties.a_price.title"))
                .isEqualTo("a price");
        assertThat(document.<String>getList("components.schemas.typed.properties.ok.type"))
                .containsExactly("boolean", "null");
        assertThat(document.getMap("components.parameters")).containsOnlyKeys("select", "order", "limit", "offset");
    }

    @Test
    void linksLeadThroughAllOfThem() {
        List<String> paths = new ArrayList<>();
        String next = "/rest/v1/";
        while (next != null) {
            Response part =
                    Keyed.with(Keyed.ADMIN, service).urlEncodingEnabled(false).get(next);
            paths.addAll(part.jsonPath().getMap("paths").keySet().stream()
                    .map(Object::toString)
                    .toList());
            String link = part.header("Link");
            next = link == null ? null : link.substring(link.indexOf('<') + 1, link.indexOf('>'));
        }
        assertThat(paths).hasSize(102).doesNotHaveDuplicates().contains("/rest/v1/many-1100", "/rest/v1/typed");
    }
}
