package jdpvs.control;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Streams what a watch shows, a line of JSON for each event. The answer begins with the first event, so that a refusal can still be one. */
final class WatchAnswer {
    private final ControlHandler.Response response;
    private @Nullable OutputStream out;
    private @Nullable IOException gone;

    WatchAnswer(ControlHandler.Response response) {
        this.response = response;
    }

    /** @throws IOException when the client is gone, which is how a watch ends */
    void run(Control control, WatchRequest request) throws ControlException, IOException {
        control.watch(request, this::write);
        IOException failure = gone;
        if (failure != null) {
            throw failure;
        }
        if (out != null) {
            out.close();
        }
    }

    private boolean write(PacketEvent event) {
        try {
            if (out == null) {
                out = new BufferedOutputStream(response.start(200, ControlPaths.JSON_LINES), 32 << 10);
            }
            out.write(ControlJson.write(event));
            out.write('\n');
            if (event.kind() == PacketEvent.Kind.TICK) {
                out.flush();
            }
            return true;
        } catch (IOException e) {
            gone = e;
            return false;
        }
    }
}
