package jdpvs.keepalived.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdpvs.keepalived.configuration.CheckSettings.Http.Url;

/**
 * {@code regex} and its companions on a body. Both are taken as bytes, each a character, so that offsets are bytes and every body has a meaning; literals of UTF-8 match.
 *
 * <p>An expression can take exponential time, and the body is the server's: it looks at the clock.
 */
final class BodyPattern {
    private static final ExecutorService SEARCHES = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("regex").factory());

    private final Pattern pattern;
    private final Url url;

    /** @throws java.util.regex.PatternSyntaxException when it is none */
    BodyPattern(String regex, Url url) {
        this.pattern = Pattern.compile(
                new String(regex.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1), url.regexFlags());
        this.url = url;
    }

    /**
     * On a thread of its own: on a virtual one a long search would keep other checks from working.
     *
     * @param deadline by {@link System#nanoTime}
     * @throws Unexpected when the body is not as it should be, or nobody can tell
     * @throws Reasons.Here when this host has no memory to tell
     */
    void check(byte[] body, long deadline) throws IOException, InterruptedException {
        boolean found;
        try {
            found = SEARCHES.submit(() -> found(new Clocked(new String(body, StandardCharsets.ISO_8859_1), deadline)))
                    .get();
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case OutOfTime _ -> new Unexpected("regex took too long");
                case OutOfMemoryError _ -> new Reasons.Here("regex cannot be judged: " + e.getCause());
                case StackOverflowError _ -> new Unexpected("regex needs too much stack for this body");
                case null, default -> new Unexpected("regex cannot be judged: " + e.getCause());
            };
        }
        if (found == url.regexAbsent()) {
            throw new Unexpected(found ? "regex matched" : "regex did not match");
        }
    }

    private boolean found(CharSequence text) {
        int from = url.regexMinimumOffset();
        if (from > text.length()) {
            return false;
        }
        Matcher matcher = pattern.matcher(text);
        return matcher.find(from) && (url.regexMaximumOffset() < 0 || matcher.start() <= url.regexMaximumOffset());
    }

    private static final class OutOfTime extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OutOfTime() {
            super("out of time", null, false, false);
        }
    }

    /** Text that cannot be read for ever. */
    private static final class Clocked implements CharSequence {
        private static final int READS = 1 << 12;

        private final String text;
        private final long deadline;
        private int reads;

        Clocked(String text, long deadline) {
            this.text = text;
            this.deadline = deadline;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++reads % READS == 0 && System.nanoTime() - deadline >= 0) {
                throw new OutOfTime();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
