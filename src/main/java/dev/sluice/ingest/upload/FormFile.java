package dev.sluice.ingest.upload;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.fileupload2.core.FileUploadSizeException;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.apache.commons.fileupload2.core.MultipartInput.MalformedStreamException;

/**
 * The one file of a form ({@code multipart/form-data}, RFC 7578), streamed: a buffer of it is in memory and nothing is kept. The
 * end of the file is the end of this stream only if the rest of the form is as it should be, so that a load fails before it publishes.
 */
public final class FormFile extends InputStream {
    /** Bytes that a form may have before its file, and again after it: boundaries, fields, whatever stands around the parts. */
    static final int MAX_BESIDE = 64 * 1024;

    /** Bytes of the headers of one part. */
    static final int MAX_HEADERS = 8 * 1024;

    private static final int BUFFER = 16 * 1024;

    private final FormBody body;
    private final MultipartInput form;
    private InputStream file;
    private boolean ended;

    private FormFile(FormBody body, MultipartInput form) {
        this.body = body;
        this.form = form;
    }

    /** Whether a body of this {@code Content-Type} is a form, or has other parts. */
    public static boolean isMultipart(String contentType) {
        return contentType != null
                && contentType.strip().regionMatches(true, 0, "multipart/", 0, "multipart/".length());
    }

    /**
     * The bytes of the file that a body holds: all of them, unless it is a form.
     *
     * @param contentType of the request; {@code null} if it has none
     * @throws ProblemException {@code MEDIA_TYPE_UNSUPPORTED}, {@code REQUEST_INVALID}
     */
    public static InputStream of(String contentType, InputStream body) throws IOException {
        if (!isMultipart(contentType)) {
            return body;
        }
        FormBody form = new FormBody(body, MAX_BESIDE + BUFFER);
        MultipartInput parts = MultipartInput.builder()
                .setInputStream(form)
                .setBufferSize(BUFFER)
                .setMaxPartHeaderSize(MAX_HEADERS)
                .setBoundary(PartHeaders.boundary(contentType))
                .get();
        parts.setHeaderCharset(StandardCharsets.UTF_8);
        return new FormFile(form, parts);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /**
     * {@inheritDoc}
     *
     * @throws ProblemException {@code FORM_INVALID} if the form has no file, or more than one; {@code REQUEST_INVALID}, {@code
     *     BODY_INCOMPLETE}, {@code BODY_TOO_LARGE}, and what reading the body throws
     */
    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        if (len == 0 || ended) {
            return len == 0 ? 0 : -1;
        }
        try {
            if (file == null) {
                begin();
            }
            int n = file.read(b, off, len);
            if (n < 0) {
                end();
            }
            return n;
        } catch (FileUploadSizeException e) {
            throw invalid("The headers of a part of the form have more than " + MAX_HEADERS + " bytes.", e);
        } catch (MalformedStreamException e) {
            throw malformed(e);
        }
    }

    private void begin() throws IOException {
        boolean more = form.skipPreamble();
        if (!more && body.hasEnded()) {
            throw malformed(null);
        }
        if (!more || !nextFile()) {
            throw unfit("The form has no file: no part of it has a filename.");
        }
        file = form.newInputStream();
        body.allowAnything();
    }

    private void end() throws IOException {
        body.allow(MAX_BESIDE);
        if (form.readBoundary() && nextFile()) {
            throw unfit("The form has more than one file.");
        }
        body.skipRest();
        ended = true;
    }

    /** Skips parts that are no files; false if all parts are. */
    private boolean nextFile() throws IOException {
        while (!PartHeaders.of(form.readHeaders()).isFile()) {
            form.discardBodyData();
            if (!form.readBoundary()) {
                return false;
            }
        }
        return true;
    }

    private ProblemException malformed(IOException cause) {
        return body.hasEnded()
                ? problem(
                        ErrorCode.BODY_INCOMPLETE,
                        "The form ended without the closing boundary that its Content-Type names.",
                        cause)
                : invalid("A boundary of the form is followed by something else than a line's end.", cause);
    }

    private static ProblemException unfit(String detail) {
        return problem(ErrorCode.FORM_INVALID, detail, null);
    }

    private static ProblemException invalid(String detail, IOException cause) {
        return problem(ErrorCode.REQUEST_INVALID, detail, cause);
    }

    private static ProblemException problem(ErrorCode code, String detail, IOException cause) {
        ProblemException problem = new ProblemException(code, detail);
        problem.initCause(cause);
        return problem;
    }
}
