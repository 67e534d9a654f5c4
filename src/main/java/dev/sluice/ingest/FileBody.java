package dev.sluice.ingest;

import dev.sluice.ingest.upload.FormFile;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of a request that sends a file: the file itself, or a form with it.
 *
 * @param length as announced; {@code null} if it was not
 * @param contentType {@code null} if the request has none
 */
record FileBody(InputStream in, Long length, String contentType) {
    /** The bytes of the file. The limits hold for all that is sent. */
    InputStream file(LoadConfig limits) throws IOException {
        return FormFile.of(contentType, new UploadStream(in, length, limits));
    }

    /** What the sender calls the file; {@code null} if it does not say, or says what the form is. */
    String mediaType() {
        return FormFile.isMultipart(contentType) ? null : contentType;
    }

    /** The bytes of the file as announced; {@code null} if they were not, as those of a form are not. */
    Long fileLength() {
        return FormFile.isMultipart(contentType) ? null : length;
    }
}
