package jdpvs.keepalived.check;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Reads an answer to a GET (RFC 9112), never more of it than bounds allow. */
final class HttpAnswer {
    static final long MOST_BODY = 4L << 20;
    private static final int MOST_HEAD = 64 << 10;
    private static final int MOST_CHUNK_LINE = 1024;
    private static final int MOST_INTERIM = 16;
    private static final String BAD_CHUNK = "bad chunk";
    private static final Pattern STATUS = Pattern.compile("HTTP/\\d\\.\\d (\\d{3})(?: .*)?");

    private final InputStream input;
    private int headLeft = MOST_HEAD;
    private int status;
    private boolean chunked;
    private long length = -1;

    HttpAnswer(InputStream input) {
        this.input = input;
    }

    /** Gets the body piece by piece. */
    interface Body {
        void add(byte[] bytes, int count) throws IOException;
    }

    /**
     * Reads up to the body, and skips interim answers.
     *
     * @return the status code
     */
    int head() throws IOException {
        for (int i = 0; i < MOST_INTERIM; i++) {
            readHead();
            if (status >= 200) {
                return status;
            }
        }
        throw new Unexpected("more than " + MOST_INTERIM + " interim answers");
    }

    private void readHead() throws IOException {
        String line = headLine();
        Matcher matcher = STATUS.matcher(line);
        if (!matcher.matches()) {
            throw new Unexpected("not HTTP: " + Unexpected.quote(line));
        }
        status = Integer.parseInt(matcher.group(1));
        chunked = false;
        length = -1;
        for (String field = headLine(); !field.isEmpty(); field = headLine()) {
            int colon = field.indexOf(':');
            if (colon > 0) {
                header(
                        field.substring(0, colon).toLowerCase(Locale.ROOT),
                        field.substring(colon + 1).strip());
            }
        }
    }

    private void header(String name, String value) throws Unexpected {
        if (name.equals("transfer-encoding")) {
            chunked = value.toLowerCase(Locale.ROOT).endsWith("chunked");
        } else if (name.equals("content-length")) {
            try {
                length = Long.parseLong(value);
            } catch (NumberFormatException _) {
                length = -2;
            }
            if (length < 0) {
                throw new Unexpected("bad Content-Length " + Unexpected.quote(value));
            }
        }
    }

    /**
     * Reads the body.
     *
     * @return whether that was all of it; false = it is longer than {@link #MOST_BODY}, and so much was given
     */
    boolean body(Body body) throws IOException {
        if (status == 204 || status == 304) {
            return true;
        }
        if (chunked) {
            return chunks(body);
        }
        if (length >= 0) {
            exactly(Math.min(length, MOST_BODY), body);
            return length <= MOST_BODY;
        }
        return untilEnd(body);
    }

    private boolean chunks(Body body) throws IOException {
        long total = 0;
        while (true) {
            long size = chunkSize();
            if (size == 0) {
                skipTrailers();
                return true;
            }
            long taken = Math.min(size, MOST_BODY - total);
            exactly(taken, body);
            total += taken;
            if (taken < size) {
                return false;
            }
            if (!line(1, BAD_CHUNK).isEmpty()) {
                throw new Unexpected(BAD_CHUNK);
            }
        }
    }

    private void skipTrailers() throws IOException {
        String trailer;
        do {
            trailer = headLine();
        } while (!trailer.isEmpty());
    }

    private long chunkSize() throws IOException {
        String line = line(MOST_CHUNK_LINE, BAD_CHUNK);
        int extension = line.indexOf(';');
        String digits = (extension < 0 ? line : line.substring(0, extension)).strip();
        try {
            if (!digits.startsWith("-") && !digits.startsWith("+")) {
                return Long.parseLong(digits, 16);
            }
        } catch (NumberFormatException _) {
            // As bad as a sign.
        }
        throw new Unexpected("bad size of a chunk: " + Unexpected.quote(line));
    }

    private void exactly(long bytes, Body body) throws IOException {
        byte[] buffer = new byte[4096];
        long left = bytes;
        while (left > 0) {
            int count = input.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (count < 0) {
                throw new Unexpected("the body ended " + left + " bytes early");
            }
            body.add(buffer, count);
            left -= count;
        }
    }

    /** A connection that ends without the farewell of TLS ends the body all the same: many servers do that. */
    private boolean untilEnd(Body body) throws IOException {
        byte[] buffer = new byte[4096];
        long total = 0;
        while (total < MOST_BODY) {
            int count;
            try {
                count = input.read(buffer, 0, (int) Math.min(MOST_BODY - total, buffer.length));
            } catch (SSLException | EOFException _) {
                return true;
            }
            if (count < 0) {
                return true;
            }
            body.add(buffer, count);
            total += count;
        }
        return false;
    }

    private String headLine() throws IOException {
        String line = line(headLeft, "headers longer than " + MOST_HEAD + " bytes");
        headLeft -= line.length() + 1;
        return line;
    }

    /** Up to the next line feed, without it and a carriage return before it. */
    private String line(int most, String tooLong) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int c = input.read();
            if (c < 0) {
                throw new Unexpected(
                        headLeft == MOST_HEAD && line.isEmpty()
                                ? "the connection was closed without an answer"
                                : "the connection was closed in the middle of the answer");
            }
            if (c == '\n') {
                int last = line.length() - 1;
                if (last >= 0 && line.charAt(last) == '\r') {
                    line.setLength(last);
                }
                return line.toString();
            }
            if (line.length() >= most) {
                throw new Unexpected(tooLong);
            }
            line.append((char) c);
        }
    }
}
