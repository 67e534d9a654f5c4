package dev.sluice.query;

import java.util.List;

/**
 * What is asked of a relation.
 *
 * @param limit absent for all rows
 */
record RowsQuery(List<Output> outputs, List<Filter> filters, List<SortKey> order, Long limit, long offset) {

    /** @param alias the name in the answer; absent for the field's own */
    record Output(Field field, String alias) {
        String name() {
            return alias == null ? field.name() : alias;
        }

        String label() {
            return alias == null ? field.label() : alias;
        }
    }

    /** @param nullsFirst absent for PostgreSQL's default: last if ascending */
    record SortKey(Field field, boolean descending, Boolean nullsFirst) {}
}
