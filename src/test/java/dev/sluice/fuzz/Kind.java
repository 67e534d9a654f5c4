package dev.sluice.fuzz;

import net.jqwik.api.Arbitrary;

/** What a request is to try. */
enum Kind {
    QUERY,
    HEADERS,
    UPLOAD,
    IDS,
    JSON;

    /** Most of these are right, or nearly so. */
    Arbitrary<Draft> drafts() {
        return switch (this) {
            case QUERY -> QueryGrammar.drafts();
            case HEADERS -> HeaderGrammar.drafts();
            case UPLOAD -> UploadGrammar.drafts();
            case IDS -> IdGrammar.drafts();
            case JSON -> JsonGrammar.drafts();
        };
    }
}
