package dev.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.harness.Await;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InStepTest {
    private static final int MUCH = 20 * InStep.WINDOW;

    private final EventLoop loop = new DefaultEventLoop();

    @AfterEach
    void end() {
        var _ = loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    @Test
    void atMostTwoWindowsWaitForAnEventLoopThatIsBusy() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        loop.execute(() -> awaited(busy));
        AtomicLong written = new AtomicLong();
        Thread writer = Thread.ofVirtual().start(() -> write(new InStep(counting(written), loop)));

        Await.until("the writer waits", Duration.ofSeconds(30), () -> writer.getState() == Thread.State.WAITING);
        assertThat(written).hasValue(2L * InStep.WINDOW);
        busy.countDown();
        writer.join();

        assertThat(written).hasValue(MUCH);
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(OutputStream out) {
        try {
            out.write(new byte[MUCH]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static OutputStream counting(AtomicLong written) {
        return new OutputStream() {
            @Override
            public void write(int b) {
                written.incrementAndGet();
            }

            @Override
            public void write(byte[] bytes, int off, int len) {
                written.addAndGet(len);
            }
        };
    }

    @Property(tries = 50)
    void allBytesComeInTheirOrder(@ForAll @IntRange(max = 5) int writes, @ForAll long seed) throws IOException {
        EventLoop one = new DefaultEventLoop();
        Random random = new Random(seed);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        OutputStream inStep = new InStep(written, one);
        for (int i = 0; i < writes; i++) {
            byte[] bytes = new byte[random.nextInt(3 * InStep.WINDOW)];
            random.nextBytes(bytes);
            expected.write(bytes);
            inStep.write(bytes);
            expected.write(i);
            inStep.write(i);
        }

        var _ = one.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        assertThat(written.toByteArray()).isEqualTo(expected.toByteArray());
    }

    @Test
    void anEventLoopThatHasEndedIsAFailure() throws Exception {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();

        assertThatThrownBy(() -> new InStep(OutputStream.nullOutputStream(), loop).write(new byte[MUCH]))
                .isInstanceOf(IOException.class);
    }
}
