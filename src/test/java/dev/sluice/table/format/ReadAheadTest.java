package dev.sluice.table.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.harness.Await;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
    private static final Dialect COMMA = Dialect.RFC_4180;
    private static final int RECORDS = 1_000_000;

    private static byte[] source() {
        StringBuilder text = new StringBuilder("a,b\n");
        for (int i = 1; i <= RECORDS; i++) {
            text.append(i % 1000 == 0 ? "short\n" : i + ",x\n");
        }
        return text.toString().getBytes(UTF_8);
    }

    private static CsvReader reader(InputStream in) throws IOException {
        return CsvReader.open(in, null, CsvOptions.of(COMMA, 1 << 20));
    }

    @Test
    void handsOutWhatTheReaderReadsInItsOrder() throws IOException {
        int records = 0;
        int rejects = 0;
        try (ReadAhead ahead = new ReadAhead(reader(new ByteArrayInputStream(source())))) {
            for (RecordBatch batch; (batch = ahead.next()) != null; ) {
                rejects += batch.rejects().size();
                for (int r = 0; r < batch.size(); r++) {
                    records++;
                    String number =
                            new String(batch.bytes(), batch.start(r, 0), batch.end(r, 0) - batch.start(r, 0), UTF_8);
                    assertThat(batch.row(r)).isEqualTo(Long.parseLong(number));
                }
            }
            assertThat(ahead.next()).isNull();
        }

        assertThat(records).isEqualTo(RECORDS - RECORDS / 1000);
        assertThat(rejects).isEqualTo(RECORDS / 1000);
    }

    @Test
    void throwsWhatTheSourceThrowsBehindAllThatWasRead() throws IOException {
        IOException failure = new IOException("gone");
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw failure;
            }

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                return read();
            }
        };
        CsvReader reader = reader(new SequenceInputStream(new ByteArrayInputStream(source()), failing));
        long last = 0;
        try (ReadAhead ahead = new ReadAhead(reader)) {
            while (last < RECORDS - 100_000) {
                RecordBatch batch = ahead.next();
                last = batch.row(batch.size() - 1);
            }
            assertThatThrownBy(() -> {
                        while (ahead.next() != null) {}
                    })
                    .isSameAs(failure);
        }
    }

    @Test
    void readsNoFurtherWhileALongRecordIsInUse() throws IOException {
        int record = 3 * RecordBatch.CAPACITY * 2;
        AtomicLong read = new AtomicLong();
        String line = "x".repeat(record) + ",y\n";
        InputStream counted =
                new FilterInputStream(new ByteArrayInputStream(("a,b\n" + line.repeat(6)).getBytes(UTF_8))) {
                    @Override
                    public int read(byte[] b, int off, int len) throws IOException {
                        int n = super.read(b, off, len);
                        read.addAndGet(n);
                        return n;
                    }
                };
        CsvReader reader = CsvReader.open(counted, null, CsvOptions.of(COMMA, 2 * record));
        int records = 0;
        try (ReadAhead ahead = new ReadAhead(reader)) {
            for (RecordBatch batch; (batch = ahead.next()) != null; records += batch.size()) {
                assertThat(batch.size()).isEqualTo(1);
                long most = (records + 2L) * record;
                Await.until("the reader waits", Duration.ofSeconds(10), ReadAheadTest::readerWaitsOrHasEnded);
                assertThat(read.get()).isLessThan(most);
            }
        }

        assertThat(records).isEqualTo(6);
    }

    private static boolean readerWaitsOrHasEnded() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("read-ahead"))
                .allMatch(thread -> thread.getState() == Thread.State.WAITING);
    }

    @Test
    void endsItsThreadWhileThatWaitsForTheSource() throws IOException, InterruptedException {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        InputStream silent = new InputStream() {
            @Override
            public int read() throws IOException {
                waiting.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException _) {
                    interrupted.countDown();
                    throw new InterruptedIOException();
                }
                return -1;
            }

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                return read();
            }
        };
        byte[] some = "a,b\n".repeat(RecordBatch.CAPACITY / 3).getBytes(UTF_8);
        ReadAhead ahead = new ReadAhead(reader(new SequenceInputStream(new ByteArrayInputStream(some), silent)));
        waiting.await();

        ahead.close();

        assertThat(interrupted.getCount()).isZero();
    }
}
