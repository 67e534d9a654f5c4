package dev.sluice.fuzz;

import dev.sluice.harness.Endpoint;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;

/**
 * A client's connection. It is used again after requests that were well-formed, so that what is left of one would be taken
 * for the next; each new one is to the next process.
 */
final class Wire implements AutoCloseable {
    private static final int PATIENCE = 5000;
    /** What is malformed may be waited for more of. */
    private static final int SHORT_PATIENCE = 300;

    private final List<Endpoint> processes;
    private int next;
    private Socket socket;

    Wire(List<Endpoint> processes, int first) {
        this.processes = List.copyOf(processes);
        this.next = first;
    }

    Outcome exchange(Request request) throws IOException {
        boolean reused = socket != null;
        Outcome outcome = sent(request);
        if (reused && outcome instanceof Outcome.Closed) { // before this request came, for all a client can know
            close();
            outcome = sent(request);
        }
        boolean goesOn = request.wellFormed()
                && outcome instanceof Outcome.Answer answer
                && answer.isFramed()
                && !answer.header("connection").equalsIgnoreCase("close");
        if (!goesOn) {
            close();
        }
        return outcome;
    }

    private Outcome sent(Request request) throws IOException {
        if (socket == null) {
            int port = processes.get(next++ % processes.size()).port();
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
        }
        socket.setSoTimeout(request.wellFormed() ? PATIENCE : SHORT_PATIENCE);
        return outcome(request);
    }

    private Outcome outcome(Request request) throws IOException {
        try {
            socket.getOutputStream().write(request.bytes());
        } catch (SocketException e) {
            // it may have been answered before all of it was sent
        }
        try {
            return new AnswerReader(new BufferedInputStream(socket.getInputStream())).read(request.method());
        } catch (SocketTimeoutException e) {
            return new Outcome.Silent();
        } catch (SocketException e) {
            return new Outcome.Closed();
        }
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
