package jdpvs.control;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Streams events, a line of JSON for each. The answer begins with the first event, so that a refusal can still be one. */
final class StreamAnswer<E> {
    /** Shows events to a visitor until it answers false. */
    interface Source<E> {
        void show(Predicate<E> visitor) throws ControlException, IOException;
    }

    private final ControlHandler.Response response;
    private final Predicate<E> flushes;
    private @Nullable OutputStream out;
    private @Nullable IOException gone;

    private StreamAnswer(ControlHandler.Response response, Predicate<E> flushes) {
        this.response = response;
        this.flushes = flushes;
    }

    /** @param flushes after which events the client gets what has gathered */
    static <E> StreamAnswer<E> of(ControlHandler.Response response, Predicate<E> flushes) {
        return new StreamAnswer<>(response, flushes);
    }

    /** @throws IOException when the client is gone, which is how most streams end */
    void run(Source<E> source) throws ControlException, IOException {
        source.show(this::write);
        IOException failure = gone;
        if (failure != null) {
            throw failure;
        }
        if (out != null) {
            out.close();
        }
    }

    private boolean write(E event) {
        try {
            if (out == null) {
                out = new BufferedOutputStream(response.start(200, ControlPaths.JSON_LINES), 32 << 10);
            }
            out.write(ControlJson.write(event));
            out.write('\n');
            if (flushes.test(event)) {
                out.flush();
            }
            return true;
        } catch (IOException e) {
            gone = e;
            return false;
        }
    }
}
