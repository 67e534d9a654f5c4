package dev.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.problem.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever is told what is wrong is told what to do. */
class AdviceTest {
    private static final Path ADVICE = Path.of("src/main/resources/web/app/advice.ts");
    private static final Pattern CODE = Pattern.compile("^  ([A-Z_]+): ", Pattern.MULTILINE);

    /** What is wrong is all there is to say, or the form to sign in is there instead. */
    private static final Set<ErrorCode> NONE = Set.of(
            ErrorCode.CANCELLED,
            ErrorCode.DATASET_NOT_FOUND,
            ErrorCode.HEADERS_TOO_LARGE,
            ErrorCode.HOST_REFUSED,
            ErrorCode.HTTP_VERSION_UNSUPPORTED,
            ErrorCode.INGEST_NOT_FOUND,
            ErrorCode.KEY_INVALID,
            ErrorCode.KEY_MISSING,
            ErrorCode.KEY_NOT_FOUND,
            ErrorCode.MEDIA_TYPE_UNSUPPORTED,
            ErrorCode.METHOD_NOT_ALLOWED,
            ErrorCode.METHOD_UNKNOWN,
            ErrorCode.NOT_ACCEPTABLE,
            ErrorCode.NOT_FOUND,
            ErrorCode.OPERATOR_NOT_FOUND,
            ErrorCode.ORIGIN_REFUSED,
            ErrorCode.PRECONDITION_FAILED,
            ErrorCode.PROFILE_MISSING,
            ErrorCode.PROXY_REFUSED,
            ErrorCode.QUERY_INVALID,
            ErrorCode.RANGE_INVALID,
            ErrorCode.REQUEST_INVALID,
            ErrorCode.ROWS_NOT_ONE,
            ErrorCode.SESSION_ENDED,
            ErrorCode.SESSION_NOT_FOUND,
            ErrorCode.URI_TOO_LONG,
            ErrorCode.VERSION_NOT_FOUND);

    /** The console itself says this. */
    private static final List<String> OWN = List.of("FILE_UNREADABLE");

    @Test
    void thereIsAdviceOnEveryProblemThatHasARemedy() throws IOException {
        Set<String> advised = CODE.matcher(Files.readString(ADVICE))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        Set<String> expected = Stream.concat(
                        Stream.of(ErrorCode.values())
                                .filter(code -> !NONE.contains(code))
                                .map(ErrorCode::name),
                        OWN.stream())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(advised).isEqualTo(expected);
    }
}
