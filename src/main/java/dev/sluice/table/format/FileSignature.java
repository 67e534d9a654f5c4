package dev.sluice.table.format;

/**
 * Files that begin with bytes of their own, as the specification of each format has them. What is told here are formats that
 * people send in place of a table.
 */
enum FileSignature {
    ZIP("a ZIP archive", "PK\u0003\u0004"),
    EMPTY_ZIP("an empty ZIP archive", "PK\u0005\u0006"),
    GZIP("a file compressed with gzip", "\u001f\u008b"),
    BZIP2("a file compressed with bzip2", "BZh", 4, "1AY&SY"),
    XZ("a file compressed with xz", "\u00fd7zXZ\u0000"),
    ZSTD("a file compressed with Zstandard", "(\u00b5/\u00fd"),
    LZ4("a file compressed with LZ4", "\u0004\"M\u0018"),
    SEVEN_ZIP("a 7z archive", "7z\u00bc\u00af'\u001c"),
    RAR("a RAR archive", "Rar!\u001a\u0007"),
    TAR("a tar archive", "", 257, "ustar"),
    OLE2(
            "an OLE2 file, as old versions of Excel (XLS) and Word write it",
            "\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1"),
    PDF("a PDF document", "%PDF-"),
    POSTSCRIPT("a PostScript document", "%!PS"),
    RTF("an RTF document", "{\\rtf"),
    PNG("a PNG image", "\u0089PNG\r\n\u001a\n"),
    JPEG("a JPEG image", "\u00ff\u00d8\u00ff"),
    GIF("a GIF image", "GIF8", 5, "a"),
    WEBP("a WebP image", "RIFF", 8, "WEBP"),
    TIFF_LITTLE("a TIFF image", "II*\u0000"),
    TIFF_BIG("a TIFF image", "MM\u0000*"),
    PARQUET("a Parquet file", "PAR1"),
    ARROW("an Arrow file", "ARROW1\u0000\u0000"),
    FEATHER("a Feather file", "FEA1"),
    AVRO("an Avro file", "Obj\u0001"),
    SQLITE("a SQLite database", "SQLite format 3\u0000"),
    HDF5("an HDF5 file", "\u0089HDF\r\n\u001a\n"),
    SPSS("an SPSS file", "$FL2@(#)"),
    GIT_LFS("a pointer of Git LFS to a file, and not that file", "version https://git-lfs.github.com/spec/"),
    FORM(
            "a form (multipart/form-data) that was sent as another media type",
            "--",
            -1,
            "Content-Disposition: form-data");

    /** Where a part of a signature may stand that has no place of its own: behind the first line. */
    private static final int SECOND_LINE = -1;

    private final String description;
    private final String magic;
    private final int at;
    private final String then;

    FileSignature(String description, String magic) {
        this(description, magic, 0, "");
    }

    /**
     * @param magic what the file begins with, a byte a character
     * @param at where {@code then} stands
     */
    FileSignature(String description, String magic, int at, String then) {
        this.description = description;
        this.magic = magic;
        this.at = at;
        this.then = then;
    }

    /** What the file is, with an article. */
    String description() {
        return description;
    }

    /**
     * The signature that the beginning of a file has; {@code null} if it has none of these.
     *
     * @param head a byte a character
     */
    static FileSignature of(String head) {
        for (FileSignature signature : values()) {
            if (signature.matches(head)) {
                return signature;
            }
        }
        return null;
    }

    private boolean matches(String head) {
        int place = at == SECOND_LINE ? head.indexOf('\n') + 1 : at;
        return head.startsWith(magic) && head.startsWith(then, place);
    }
}
