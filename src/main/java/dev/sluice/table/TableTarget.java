package dev.sluice.table;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The table that {@link TableWriter} fills. */
public interface TableTarget {
    /** Begins a stream of binary COPY. */
    void beginCopy() throws IOException;

    /** Sends bytes of that stream. They may be overwritten after the call. */
    void copy(byte[] bytes, int length) throws IOException;

    /** Ends the stream: all rows sent are in the table. */
    void endCopy() throws IOException;

    /** Changes the types of columns. Not called between {@link #beginCopy} and {@link #endCopy}. */
    void widen(List<Widening> widenings) throws IOException;

    /**
     * The cells of columns as their source texts in CSV, behind a header: NULL is an empty cell, all else is quoted. Not
     * called between {@link #beginCopy} and {@link #endCopy}.
     */
    InputStream sourceCells(List<TableColumn> columns) throws IOException;
}
