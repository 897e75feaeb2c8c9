package dev.convoke.benchmarks.bus;

import dev.convoke.benchmarks.load.Payload;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/** Tells Vert.x to hand on a payload as it is; nothing goes over a wire here. */
final class SamePayload implements MessageCodec<Payload, Payload> {
    static final String NAME = "same-payload";

    @Override
    public void encodeToWire(Buffer buffer, Payload payload) {
        throw new UnsupportedOperationException("nothing goes over a wire");
    }

    @Override
    public Payload decodeFromWire(int position, Buffer buffer) {
        throw new UnsupportedOperationException("nothing comes over a wire");
    }

    @Override
    public Payload transform(Payload payload) {
        return payload;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1; // not one of Vert.x's own
    }
}
