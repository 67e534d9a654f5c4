package dev.sluice.platform.memory;

import io.netty.channel.ChannelHandler;

/** In the pipeline of a connection: knows when the client has taken an answer. */
public interface Taking extends ChannelHandler {
    /** Does something once the client has taken all of the answer that is made now, or has gone; by any thread. */
    void whenTaken(Runnable action);
}
