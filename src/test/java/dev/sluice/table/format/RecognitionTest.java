package dev.sluice.table.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecognitionTest {
    private static void check(byte[] bytes, String mediaType) {
        Recognition.check(bytes, bytes.length, mediaType);
    }

    private static void assertRefused(byte[] bytes, String mediaType, String what) {
        assertThatThrownBy(() -> check(bytes, mediaType)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.NOT_A_TABLE);
            assertThat(e.getMessage()).startsWith("This is " + what + ".");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", quoteCharacter = '~', textBlock = """
            <!doctype html><title>Sign in</title> => a page in HTML
            <!DOCTYPE HTML PUBLIC "x">\\n<html> => a page in HTML
            \\n\\n  <html lang="en">\\n<head> => a page in HTML
            \uFEFF<html> => a page in HTML
            <table border=1><tr><td>1</table> => a page in HTML
            <?xml version="1.0"?><a/> => a document in XML
            <Error><Code>AccessDenied</Code></Error> => a document in XML
            <rss version="2.0">\\n<channel> => a document in XML
            <!-- a comment --> anything => a document in HTML or XML
            {"error": "Not found"} => JSON
            {} => JSON
            [] => JSON
            [{"a": 1}, {"a" => JSON
            {"a": 1}\\n{"a": 2}\\n => JSON
            [1, 2.5, null] => JSON
            %PDF-1.7 => a PDF document
            %!PS-Adobe => a PostScript document
            GIF89a => a GIF image
            PAR1 => a Parquet file
            SQLite format 3\\0 => a SQLite database
            version https://git-lfs.github.com/spec/v1\\n => a pointer of Git LFS to a file, and not that file
            --x\\r\\nContent-Disposition: form-data; name="f" => a form (multipart/form-data) that was sent as another media type
            """)
    void textThatIsNoTableIsNamed(String text, String what) {
        assertRefused(bytes(text), null, what);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", quoteCharacter = '~', textBlock = """
            7b5c72746631 => an RTF document
            1f8b0800 => a file compressed with gzip
            425a683931415926535900 => a file compressed with bzip2
            fd377a585a00 => a file compressed with xz
            28b52ffd00 => a file compressed with Zstandard
            04224d18 => a file compressed with LZ4
            377abcaf271c => a 7z archive
            526172211a0700 => a RAR archive
            d0cf11e0a1b11ae1 => an OLE2 file, as old versions of Excel (XLS) and Word write it
            89504e470d0a1a0a => a PNG image
            ffd8ffe0 => a JPEG image
            52494646000000005745425056 => a WebP image
            49492a00 => a TIFF image
            4d4d002a => a TIFF image
            4152524f57310000 => an Arrow file
            4f626a01 => an Avro file
            894844460d0a1a0a => an HDF5 file
            """)
    void fileIsNamedByItsFirstBytes(String hex, String what) {
        assertRefused(HexFormat.of().parseHex(hex), null, what);
    }

    @ParameterizedTest
    @CsvSource({
        "xl/workbook.xml, an Excel workbook (XLSX)",
        "word/document.xml, a Word document (DOCX)",
        "ppt/presentation.xml, a PowerPoint presentation (PPTX)",
        "table.csv, a ZIP archive"
    })
    void archiveIsNamedByItsEntries(String entry, String what) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("[Content_Types].xml"));
            zip.write(new byte[1000]);
            zip.putNextEntry(new ZipEntry(entry));
        }

        assertRefused(bytes.toByteArray(), "text/csv", what);
    }

    @Test
    void tarArchiveIsNamedByItsMark() {
        byte[] bytes = new byte[512];
        System.arraycopy("data.csv".getBytes(UTF_8), 0, bytes, 0, 8);
        System.arraycopy("ustar".getBytes(UTF_8), 0, bytes, 257, 5);

        assertRefused(bytes, null, "a tar archive");
    }

    @Test
    void longJsonIsNamedWhereverItIsCut() {
        byte[] all = ("[" + "{\"id\": 1.5, \"ok\": true, \"x\": \"é\"}, ".repeat(3000)).getBytes(UTF_8);
        for (int length = 60_000; length < 60_040; length++) {
            byte[] bytes = Arrays.copyOf(all, length);
            assertRefused(bytes, null, "JSON");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", quoteCharacter = '~', textBlock = """
            text/html; charset=utf-8 => <p>Please sign in => a page in HTML
            application/xml => <a>1</a> => a document in XML
            application/json => {error: 1} => JSON
            """)
    void mediaTypeIsEvidenceWhereTheBytesLeaveADoubt(String mediaType, String text, String what) {
        assertRefused(bytes(text), mediaType, what);
        assertThatCode(() -> check(bytes(text), "text/csv")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a,b\\n1,2\\n",
                "<DATE>,<TIME>,<OPEN>\\n20240101,10,1\\n",
                "<TICKER>\\t<PER>\\nA\\tB\\n",
                "<table>,<b>\\n1,2\\n",
                "[id],[name]\\n1,a\\n",
                "[null],[x]\\n1,a\\n",
                "{id};{name}\\n1;a\\n",
                "BZhang,PKa\\n1,2\\n",
                "PAR,GIF8\\n1,2\\n",
                "--,Content-Disposition: form-data\\n",
                "Rar!,x\\n",
                ""
            })
    void tableIsNotRefusedWhateverItIsCalled(String text) {
        for (String mediaType : new String[] {null, "text/csv", "text/html", "application/json", "application/pdf"}) {
            if (mediaType == null || !text.startsWith("<") && !text.startsWith("{") && !text.startsWith("[")) {
                assertThatCode(() -> check(bytes(text), mediaType)).doesNotThrowAnyException();
            }
        }
    }

    @Test
    void otherEncodingsAreNamed() {
        String text = "id,name\n1,é\n";
        assertThat(encoding(text, UTF_16LE)).isEqualTo("UTF-16 (little-endian)");
        assertThat(encoding(text, UTF_16BE)).isEqualTo("UTF-16 (big-endian)");
        assertThat(encoding("\uFEFF" + text, UTF_16LE)).isEqualTo("UTF-16 (little-endian)");
        assertThat(encoding("\uFEFF" + text, UTF_16BE)).isEqualTo("UTF-16 (big-endian)");
        assertThat(encoding("\uFEFF" + text, Charset.forName("UTF-32LE"))).isEqualTo("UTF-32 (little-endian)");
        assertThat(encoding("\uFEFF" + text, Charset.forName("UTF-32BE"))).isEqualTo("UTF-32 (big-endian)");
        assertThat(encoding(text, ISO_8859_1)).isNull();
        assertThat(encoding("a,b\n1,\0\n", UTF_8)).isNull();
    }

    private static String encoding(String text, Charset charset) {
        byte[] bytes = text.getBytes(charset);
        return Recognition.encoding(bytes, bytes.length);
    }

    private static byte[] bytes(String text) {
        return text.replace("\\n", "\n")
                .replace("\\r", "\r")
                .replace("\\t", "\t")
                .replace("\\0", "\0")
                .getBytes(UTF_8);
    }
}
