package dev.sluice.query;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A few rows, all of them in memory: the connection they came by is free again before anybody is sent one. */
final class PageRows implements RowStream {
    private final List<byte[]> texts = new ArrayList<>();
    private final List<Long> numbers = new ArrayList<>();
    private final Runnable release;
    private int next;
    private boolean closed;

    private PageRows(Runnable release) {
        this.release = release;
    }

    /**
     * Reads all that a statement yields: a row's text and maybe its number.
     *
     * @param release to be run when it is closed, and not if this fails
     */
    static PageRows of(PreparedStatement statement, Runnable release) throws SQLException {
        PageRows page = new PageRows(release);
        try (ResultSet found = statement.executeQuery()) {
            boolean numbered = found.getMetaData().getColumnCount() > 1;
            while (found.next()) {
                page.add(found.getBytes(1), numbered ? found.getLong(2) : 0);
            }
        }
        return page;
    }

    /** Reads all that another stream yields; the same. */
    static PageRows of(RowStream stream, Runnable release) {
        PageRows page = new PageRows(release);
        while (stream.next()) {
            page.add(Arrays.copyOf(stream.text(), stream.length()), stream.number());
        }
        return page;
    }

    private void add(byte[] text, long number) {
        texts.add(text);
        numbers.add(number);
    }

    @Override
    public boolean next() {
        return ++next <= texts.size();
    }

    @Override
    public byte[] text() {
        return texts.get(next - 1);
    }

    @Override
    public int length() {
        return text().length;
    }

    @Override
    public long number() {
        return numbers.get(next - 1);
    }

    @Override
    public Long count() {
        return (long) texts.size();
    }

    @Override
    public Long last() {
        return numbers.isEmpty() ? null : numbers.getLast();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            release.run();
        }
    }
}
