package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Api;
import dev.sluice.harness.Sql;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.Map;

/** A dataset with a version that nothing sent to it replaces. */
final class Refused {
    private static final String BEFORE = "a,b\n1,x\n,\"\"\n";

    private final String name = Api.newName();
    private final String view;

    Refused() {
        Api.put(name, BEFORE).then().statusCode(201);
        view = view();
    }

    private String view() {
        return Api.get("/v1/datasets/" + name).then().statusCode(200).extract().asString();
    }

    /** Sends a body that is refused like this; the problem. */
    JsonPath put(byte[] body, int status, String code) {
        Response response = Api.put(name, body, Map.of());
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        assertThat(response.jsonPath().getString("code")).isEqualTo(code);
        assertThat(view()).isEqualTo(view);
        assertThat(Api.source(name)).isEqualTo(BEFORE);
        assertThat(Sql.query("SELECT state || ' ' || problem_code FROM sluice.ingest WHERE dataset = '" + name
                        + "' ORDER BY created_at DESC LIMIT 1"))
                .containsExactly("failed " + code);
        return response.jsonPath();
    }
}
