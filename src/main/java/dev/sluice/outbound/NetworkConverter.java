package dev.sluice.outbound;

import java.io.Serial;
import org.eclipse.microprofile.config.spi.Converter;

/** Networks as configuration writes them; what is none stops the start. Public, since the configuration makes it. */
public final class NetworkConverter implements Converter<Network> {
    @Serial
    private static final long serialVersionUID = 1;

    @Override
    public Network convert(String value) {
        return Network.of(value.trim());
    }
}
