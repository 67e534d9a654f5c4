package dev.sluice.ingest.upload;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormFileTest {
    private static final String TYPE = "multipart/form-data; boundary=--b-1";
    private static final String CONTENT = "id,name\r\n1,a\r\n";

    /** Bytes that look like what ends a part. */
    private static final List<String> FILES = List.of(
            "",
            "\r\n",
            CONTENT,
            CONTENT + "\r\n",
            "\r",
            "--",
            "--\r\n----b-",
            "a\r\n----b-\r\n----b\r\n--b-1--\r\n--x",
            "\r\r\n\r\n--\r\n---\r\n----",
            "----b-1\r\n",
            "a\n----b-1\n",
            "\0\u00ff\u00fe\r\n");

    private static String part(String disposition, String content) {
        return "----b-1\r\nContent-Disposition: " + disposition + "\r\n\r\n" + content + "\r\n";
    }

    private static String file(String content) {
        return part("form-data; name=\"f\"; filename=\"x.csv\"", content);
    }

    private static String field(String content) {
        return part("form-data; name=\"note\"", content);
    }

    private static String form(String... parts) {
        return String.join("", parts) + "----b-1--\r\n";
    }

    private static InputStream bytes(String body) {
        return new ByteArrayInputStream(body.getBytes(ISO_8859_1));
    }

    private static String read(String type, InputStream body) throws IOException {
        return new String(FormFile.of(type, body).readAllBytes(), ISO_8859_1);
    }

    private static String read(String body) throws IOException {
        return read(TYPE, bytes(body));
    }

    private static void assertRefused(ErrorCode code, String type, String body) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, () -> read(type, bytes(body)));
        assertThat(problem).as(body).isNotNull();
        assertThat(problem.code()).as(problem.getMessage()).isEqualTo(code);
    }

    private static void assertRefused(ErrorCode code, String body) {
        assertRefused(code, TYPE, body);
    }

    /** A stream that gives at most {@code size} bytes a read. */
    private static InputStream inChunks(String body, int size) {
        return new FilterInputStream(bytes(body)) {
            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                return super.read(b, off, Math.min(len, size));
            }
        };
    }

    @Test
    void aFileComesBackHoweverItsFormIsCut() throws IOException {
        for (String file : FILES) {
            String form = form(field("\r\n--"), file(file), field("x"));
            for (int size = 1; size <= form.length(); size++) {
                assertThat(read(TYPE, inChunks(form, size)))
                        .as("%s by %d bytes", file, size)
                        .isEqualTo(file);
            }
        }
    }

    @Test
    void aFileComesBackWhereverABufferEnds() throws IOException {
        String random = new String(random(40_000), ISO_8859_1);
        for (int length = 16_200; length < 16_500; length++) {
            String file = random.substring(0, length) + "\r\n----b-x" + random.substring(length);

            assertThat(read(form(file(file))).equals(file)).as("%d", length).isTrue();
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aFormThatIsCutAnywhereIsRefused() {
        String form = form(field("x"), file(CONTENT), field("y"));
        for (int end = 0; end < form.length() - 2; end++) {
            assertRefused(ErrorCode.BODY_INCOMPLETE, form.substring(0, end));
        }
    }

    @Test
    void whatIsNoFormIsLeftAsItIs() throws IOException {
        InputStream body = bytes(CONTENT);
        for (String type : new String[] {null, "", "text/csv", "application/x-www-form-urlencoded", "x; multipart/"}) {
            assertThat(FormFile.of(type, body)).isSameAs(body);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "form-data; name=\"f\"; filename=\"x;y=\\\"z.csv\"",
                "form-data; name=f; filename=x.csv",
                "form-data; name=\"f\"; filename*=UTF-8''%e2%82%ac.csv",
                "Form-Data; filename=\"caf\u00c3\u00a9.csv\"; name=\"f\"",
                "form-data; name=\"f\"; filename=\"x.csv\"\r\nContent-Type: text/csv\r\nContent-Transfer-Encoding: BINARY"
            })
    void aPartWithAFilenameIsTheFile(String disposition) throws IOException {
        assertThat(read(form(part(disposition, CONTENT)))).isEqualTo(CONTENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data; boundary=\"--b-1\"",
                "Multipart/Form-Data ; charset=utf-8;BOUNDARY=--b-1",
                " multipart/form-data; boundary=\"--b-1\"; x=y"
            })
    void theBoundaryIsNamedInManyWays(String type) throws IOException {
        assertThat(read(type, bytes(form(file(CONTENT))))).isEqualTo(CONTENT);
    }

    @Test
    void preambleEpilogueAndPartsThatAreNoFilesMeanNothing() throws IOException {
        String unchosen = part("form-data; name=\"g\"; filename=\"\"\r\nContent-Type: application/octet-stream", "");
        assertThat(read("This is\r\na form.\r\n" + form(field("a,b"), unchosen, file(CONTENT), unchosen, field(""))
                        + "x"))
                .isEqualTo(CONTENT);
    }

    @Test
    void aFormHasExactlyOneFile() {
        assertRefused(ErrorCode.FORM_INVALID, form(file(CONTENT), file(CONTENT)));
        assertRefused(ErrorCode.FORM_INVALID, form(file(CONTENT), field("x"), file("")));
        assertRefused(ErrorCode.FORM_INVALID, form(field(CONTENT)));
        assertRefused(ErrorCode.FORM_INVALID, form(part("form-data; name=\"f\"; filename=\"\"", "")));
        assertRefused(ErrorCode.FORM_INVALID, "----b-1--\r\n");
    }

    @Test
    void allOfTheFileIsHereBeforeASecondOneIsMissed() throws IOException {
        InputStream file = FormFile.of(TYPE, bytes(form(file(CONTENT), file(CONTENT))));

        assertThat(new String(file.readNBytes(CONTENT.length()), ISO_8859_1)).isEqualTo(CONTENT);
        assertThat(catchThrowableOfType(ProblemException.class, file::read).code())
                .isEqualTo(ErrorCode.FORM_INVALID);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "multipart/form-data | REQUEST_INVALID",
                "multipart/form-data; boundary= | REQUEST_INVALID",
                "multipart/form-data; boundary=\"a\u00e9\" | REQUEST_INVALID",
                "multipart/form-data; boundary=\"a \" | REQUEST_INVALID",
                "multipart/form-data; boundary=aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggg1 | REQUEST_INVALID",
                "multipart/form-data; boundary=another | BODY_INCOMPLETE",
                "multipart/mixed; boundary=--b-1 | MEDIA_TYPE_UNSUPPORTED",
                "multipart/ | MEDIA_TYPE_UNSUPPORTED"
            })
    void aFormWithoutItsBoundaryIsRefused(String type, ErrorCode code) {
        assertRefused(code, type, form(file(CONTENT)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "attachment; filename=\"x.csv\"",
                "",
                "form-data; filename=\"x.csv\"\r\nContent-Type: multipart/mixed; boundary=c",
                "form-data; filename=\"x.csv\"\r\nContent-Transfer-Encoding: base64",
                "form-data; filename=\"x.csv\"\r\nContent-Transfer-Encoding: quoted-printable",
                "form-data; filename=\"x.csv\"\r\nContent-Disposition: form-data; name=\"f\"",
                "form-data; filename=\"x.csv\"\r\nno header",
                "form-data; filename=\"x.csv\"\r\n: no name"
            })
    void aPartThatCannotBeReadIsRefused(String disposition) {
        assertRefused(ErrorCode.REQUEST_INVALID, form(part(disposition, CONTENT)));
        assertRefused(ErrorCode.REQUEST_INVALID, form(file(CONTENT), part(disposition, CONTENT)));
    }

    @Test
    void aPartWithoutHeadersAndABoundaryWithMoreAreRefused() {
        assertRefused(ErrorCode.REQUEST_INVALID, "----b-1\r\n\r\n" + CONTENT + "\r\n" + form(file(CONTENT), field("")));
        assertRefused(ErrorCode.REQUEST_INVALID, form(file("a\r\n----b-12")));
    }

    @Test
    void headersOfAPartAreLimited() throws IOException {
        String header = "form-data; filename=\"x.csv\"\r\nX: ";
        int most = FormFile.MAX_HEADERS - ("Content-Disposition: " + header + "\r\n\r\n").length();

        assertThat(read(form(part(header + "x".repeat(most), CONTENT)))).isEqualTo(CONTENT);
        assertRefused(ErrorCode.REQUEST_INVALID, form(part(header + "x".repeat(most + 1), CONTENT)));
    }

    @Test
    void whatAFormHasBesidesItsFileIsLimited() throws IOException {
        String fits = field("x".repeat(60_000));
        String large = field("x".repeat(100_000));
        String huge = "x".repeat(1_000_000);

        assertThat(read(form(fits, file(huge), fits))).isEqualTo(huge);
        assertRefused(ErrorCode.BODY_TOO_LARGE, form(large, file(CONTENT)));
        assertRefused(ErrorCode.BODY_TOO_LARGE, form(file(huge), large));
        assertRefused(ErrorCode.BODY_TOO_LARGE, large.replace("--", "xx") + form(file(CONTENT)));
        assertRefused(ErrorCode.BODY_TOO_LARGE, form(file(CONTENT)) + large);
        assertRefused(ErrorCode.BODY_TOO_LARGE, form(field("").repeat(2000), file(CONTENT)));
    }

    @Test
    void aFormOfAGigabyteTakesNoMoreMemoryThanItsBuffers() throws IOException {
        byte[] piece = "1,some text\r\n".repeat(80).getBytes(ISO_8859_1);
        int pieces = 1024 * 1024 * 1024 / piece.length + 1;
        String[] around = form(file("|")).split("\\|", -1);
        InputStream repeated = new InputStream() {
            private int left = pieces;

            @Override
            public int read() {
                throw new AssertionError("byte by byte");
            }

            @Override
            public int read(byte[] b, int off, int len) {
                if (left == 0) {
                    return -1;
                }
                left--;
                System.arraycopy(piece, 0, b, off, piece.length);
                return piece.length;
            }
        };
        InputStream body =
                new SequenceInputStream(bytes(around[0]), new SequenceInputStream(repeated, bytes(around[1])));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        long read = FormFile.of(TYPE, body).transferTo(OutputStream.nullOutputStream());

        assertThat(read).isEqualTo((long) piece.length * pieces).isGreaterThan(1L << 30);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4_000_000);
    }

    @Test
    void aFormIsReadToItsEndSoThatItsLengthIsCompared() throws IOException {
        InputStream body = bytes(form(file(CONTENT)) + "x".repeat(60_000));

        assertThat(read(TYPE, body)).isEqualTo(CONTENT);
        assertThat(body.available()).isZero();
    }

    @Test
    void aFileIsNotReadAhead() throws IOException {
        String form = form(file("x".repeat(1_000_000)));
        ByteArrayInputStream body = new ByteArrayInputStream(form.getBytes(ISO_8859_1));

        FormFile.of(TYPE, body).readNBytes(1000);

        assertThat(form.length() - body.available()).isLessThan(20_000);
    }
}
