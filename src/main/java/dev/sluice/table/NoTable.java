package dev.sluice.table;

import java.io.InputStream;
import java.util.List;

/** Keeps nothing: for a {@link TableWriter} of which only the types and the rejects are wanted. */
final class NoTable implements TableTarget {
    @Override
    public void beginCopy() {}

    @Override
    public void copy(byte[] bytes, int length) {}

    @Override
    public void endCopy() {}

    @Override
    public void widen(List<Widening> widenings) {}

    @Override
    public InputStream sourceCells(List<TableColumn> columns) {
        throw new UnsupportedOperationException("there are no cells");
    }
}
