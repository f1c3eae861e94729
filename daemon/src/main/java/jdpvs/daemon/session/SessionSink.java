package jdpvs.daemon.session;

import java.io.IOException;

/** Where the session log's lines go; used by one thread. */
interface SessionSink extends AutoCloseable {
    /** @param lines whole ones, each with its end of line */
    void write(CharSequence lines) throws IOException;

    /** Looks whether the place is still the one that the operator named; about once a second, and at SIGHUP. */
    void follow(boolean anyway) throws IOException;

    @Override
    void close();
}
