package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Api;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SharedTablesIT {

    static List<String> files() {
        return Tables.FILES;
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyCellComesBackAsItWas(String file) {
        byte[] content = Tables.file(file);
        List<List<String>> cells = Tables.cells(content, file.endsWith("tsv") ? '\t' : ',');
        String name = Api.newName();

        JsonPath view = Api.put(name, content, Map.of())
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();

        assertThat(view.getInt("rows")).isEqualTo(cells.size() - 1);
        assertThat(view.getInt("rejects")).isZero();
        assertThat(view.getInt("bytes")).isEqualTo(content.length);
        assertThat(Tables.cells(Api.source(name), ',')).isEqualTo(cells);
    }

    @Test
    void zipCodesKeepTheirZerosAndSayWhy() {
        String name = Api.newName();

        JsonPath view = Api.put(name, Tables.file("zipcodes.csv"), Map.of()).jsonPath();

        assertThat(view.getString("columns[0].type")).isEqualTo("text");
        assertThat(view.getList("columns[0].ruledOut"))
                .isEqualTo(List.of(Map.of("type", "bigint", "row", 1, "value", "00501")));
        assertThat(view.getList("columns.type"))
                .isEqualTo(List.of("text", "numeric", "numeric", "text", "text", "text"));
        assertThat(view.getString("columns[1].min")).isEqualTo("-7.209975");
        assertThat(Api.rows(name, Map.of("zip_code", "eq.00501")).jsonPath().getString("[0].city"))
                .isEqualTo("Holtsville");
    }

    @Test
    void aSecondUploadIsANewVersionAndTheFirstCanStillBeRead() {
        String name = Api.newName();
        Api.put(name, "a\n1\n").then().statusCode(201);
        Api.put(name, "a,b\n2,3\n").then().statusCode(200);

        assertThat(Api.get("/v1/datasets/" + name).jsonPath().getInt("version")).isEqualTo(2);
        assertThat(Api.csv(name).asString()).isEqualTo("a,b\n2,3\n");
        assertThat(Api.csv(name + "@1").asString()).isEqualTo("a\n1\n");
        Api.csv(name + "@3").then().statusCode(404);
    }

    @Test
    void aDeletedDatasetIsGone() {
        String name = Api.newName();
        Api.put(name, "a\n1\n").then().statusCode(201);

        Api.delete("/v1/datasets/" + name).then().statusCode(204);

        Api.get("/v1/datasets/" + name).then().statusCode(404);
        Api.rows(name, Map.of()).then().statusCode(404);
        Api.delete("/v1/datasets/" + name).then().statusCode(404);
        Api.put(name, "a\n1\n").then().statusCode(201);
    }
}
