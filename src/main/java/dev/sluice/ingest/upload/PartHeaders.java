package dev.sluice.ingest.upload;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.fileupload2.core.ParameterParser;

/**
 * What the headers of a form's part say of it.
 *
 * @param isFile whether it has the name of a file: a browser sends an empty one for a file that was not chosen
 */
record PartHeaders(boolean isFile) {
    /** RFC 2046, section 5.1.1. */
    private static final Pattern BOUNDARY =
            Pattern.compile("[0-9A-Za-z'()+_,\\-./:=? ]{0,69}[0-9A-Za-z'()+_,\\-./:=?]");

    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final String DISPOSITION = "content-disposition";

    /** Of a part whose bytes are the file's own. */
    private static final Set<String> PLAIN = Set.of("", "7bit", "8bit", "binary");

    /**
     * The boundary that the {@code Content-Type} of a form names.
     *
     * @throws ProblemException {@code MEDIA_TYPE_UNSUPPORTED} if it is of no form, {@code REQUEST_INVALID}
     */
    static byte[] boundary(String contentType) {
        String type = contentType.split(";", 2)[0].strip();
        if (!type.equalsIgnoreCase("multipart/form-data")) {
            throw new ProblemException(
                    ErrorCode.MEDIA_TYPE_UNSUPPORTED, "Of bodies with several parts only multipart/form-data is read.");
        }
        String boundary = parameters(contentType).get("boundary");
        if (boundary == null || !BOUNDARY.matcher(boundary).matches()) {
            throw invalid("The Content-Type of a form has a boundary of 1 to 70 characters.");
        }
        return boundary.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads the headers of a part.
     *
     * @param lines with their ends, and the empty one after them
     * @throws ProblemException {@code REQUEST_INVALID}
     */
    static PartHeaders of(String lines) {
        Map<String, String> headers = new HashMap<>();
        for (String line : lines.strip().replaceAll("\r\n[ \t]+", " ").split("\r\n", -1)) {
            String[] header = line.split(":", 2);
            String name = header[0].toLowerCase(Locale.ROOT);
            if (header.length < 2 || !NAME.matcher(name).matches() || headers.put(name, header[1].strip()) != null) {
                throw invalid("A part of the form has a header that cannot be read, or one twice.");
            }
        }
        String disposition = headers.getOrDefault(DISPOSITION, "");
        if (!disposition.split(";", 2)[0].strip().equalsIgnoreCase("form-data")) {
            throw invalid("A part of the form has no Content-Disposition: form-data.");
        }
        if (FormFile.isMultipart(headers.get("content-type"))) {
            throw invalid("A part of the form has parts itself.");
        }
        if (!PLAIN.contains(
                headers.getOrDefault("content-transfer-encoding", "").toLowerCase(Locale.ROOT))) {
            throw invalid("A part of the form has a Content-Transfer-Encoding; forms send their files as they are.");
        }
        String filename = parameters(disposition).get("filename");
        return new PartHeaders(filename != null && !filename.isEmpty());
    }

    /** Those of a header's value, names in lower case; one in the encoding of RFC 5987 by its name without the asterisk. */
    private static Map<String, String> parameters(String value) {
        ParameterParser parser = new ParameterParser();
        parser.setLowerCaseNames(true);
        return parser.parse(value, ';');
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCode.REQUEST_INVALID, detail);
    }
}
