package dev.sluice.table.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.problem.ProblemException.Position;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recognises by the beginning of a file that it is no delimited text: a document, an archive, an image, a page of a web site. A
 * media type alone proves nothing, as servers call tables anything; it is evidence where the bytes leave a doubt.
 */
final class Recognition {
    /** The bytes of a text that are looked at. */
    private static final int HEAD = 64 * 1024;

    /** Tokens of JSON after which a text is not a table. */
    private static final int ENOUGH_TOKENS = 1000;

    /**
     * Elements that begin a page (some of those in WHATWG, MIME Sniffing, section 7.1), not followed by a delimiter: {@code
     * <DATE>,<OPEN>} is the header of a table.
     */
    private static final Pattern HTML = Pattern.compile(
            "<(!doctype\\s+html|html|head|body|script|iframe|style|title|table|div|meta)\\b[^>]*>(?![,;|\t]).*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern COMMENT = Pattern.compile("<!--.*", Pattern.DOTALL);

    /** A declaration, or an element that another one follows. */
    private static final Pattern XML =
            Pattern.compile("(<\\?xml\\s|<!DOCTYPE\\s|<[A-Za-z_][^<>]*>(?!\t)\\s*<[A-Za-z_/!]).*", Pattern.DOTALL);

    private static final Pattern ENTRY = Pattern.compile("PK\u0003\u0004.{22}(..)..", Pattern.DOTALL);

    private Recognition() {}

    /**
     * Refuses what is no delimited text.
     *
     * @param mediaType what its sender calls it; {@code null} if nothing
     * @throws ProblemException {@code NOT_A_TABLE}
     */
    static void check(byte[] b, int length, String mediaType) {
        String head = new String(b, 0, Math.min(length, HEAD), ISO_8859_1);
        FileSignature signature = FileSignature.of(head);
        String what = signature == FileSignature.ZIP
                ? zip(head)
                : signature != null ? signature.description() : text(head, mediaType == null ? "" : mediaType);
        if (what != null) {
            throw new ProblemException(
                    ErrorCode.NOT_A_TABLE,
                    "This is " + what + ". Send the table as delimited text (CSV or TSV).",
                    new Position(null, 0L));
        }
    }

    /** What a ZIP archive is, by the names of its first entries. */
    private static String zip(String head) {
        Matcher entries = ENTRY.matcher(head);
        while (entries.find()) {
            int length = entries.group(1).charAt(0) | entries.group(1).charAt(1) << 8;
            String name = head.substring(entries.end(), Math.min(head.length(), entries.end() + length));
            if (name.startsWith("xl/")) {
                return "an Excel workbook (XLSX)";
            }
            if (name.startsWith("word/")) {
                return "a Word document (DOCX)";
            }
            if (name.startsWith("ppt/")) {
                return "a PowerPoint presentation (PPTX)";
            }
            if (name.equals("mimetype")) {
                boolean sheet =
                        head.startsWith("application/vnd.oasis.opendocument.spreadsheet", entries.end() + length);
                return sheet ? "an OpenDocument spreadsheet (ODS)" : "a ZIP archive of documents";
            }
        }
        return FileSignature.ZIP.description();
    }

    /** What a text is that is no table; {@code null} if it may be one. */
    private static String text(String head, String mediaType) {
        String text = (head.startsWith("\u00ef\u00bb\u00bf") ? head.substring(3) : head).stripLeading();
        String type = mediaType.toLowerCase(Locale.ROOT);
        if (text.startsWith("<")) {
            if (HTML.matcher(text).matches() || type.contains("html")) {
                return "a page in HTML";
            }
            if (XML.matcher(text).matches() || type.contains("xml")) {
                return "a document in XML";
            }
            return COMMENT.matcher(text).matches() ? "a document in HTML or XML" : null;
        }
        boolean mayBeJson = text.startsWith("{") || text.startsWith("[");
        return mayBeJson && (type.contains("json") || isJson(text)) ? "JSON" : null;
    }

    /** Whether a text is JSON, one document or many, as far as it is here. */
    private static boolean isJson(String text) {
        int tokens = 0;
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            while (tokens < ENOUGH_TOKENS && parser.nextToken() != null) {
                tokens++;
            }
            return true;
        } catch (JsonEOFException _) {
            return true; // cut by the end of what is here
        } catch (IOException _) {
            return false;
        }
    }

    /** The encoding that a text seems to be in instead of UTF-8; {@code null} if none. */
    static String encoding(byte[] b, int length) {
        if (length >= 4 && b[0] == 0 && b[1] == 0 && (b[2] & 0xFF) == 0xFE && (b[3] & 0xFF) == 0xFF) {
            return "UTF-32 (big-endian)";
        }
        if (length >= 2 && (b[0] & 0xFF) == 0xFF && (b[1] & 0xFF) == 0xFE) {
            return length >= 4 && b[2] == 0 && b[3] == 0 ? "UTF-32 (little-endian)" : "UTF-16 (little-endian)";
        }
        if (length >= 2 && (b[0] & 0xFF) == 0xFE && (b[1] & 0xFF) == 0xFF) {
            return "UTF-16 (big-endian)";
        }
        int[] zeros = new int[2];
        for (int i = 0; i < length; i++) {
            zeros[i & 1] += b[i] == 0 ? 1 : 0;
        }
        boolean one = Math.min(zeros[0], zeros[1]) == 0;
        if (!one || Math.max(zeros[0], zeros[1]) <= length / 4) { // half of it if all characters are ASCII
            return null;
        }
        return zeros[0] > 0 ? "UTF-16 (big-endian)" : "UTF-16 (little-endian)";
    }
}
