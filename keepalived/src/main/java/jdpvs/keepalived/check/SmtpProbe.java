package jdpvs.keepalived.check;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import jdpvs.keepalived.configuration.CheckSettings;

/** SMTP_CHECK: greeting, HELO, QUIT, each answered as RFC 5321 §4.3.2 says. */
final class SmtpProbe implements Probe {
    /** RFC 5321 §4.5.3.1.5 allows 512 a line. */
    private static final int MOST_LINE = 2048;

    private static final int MOST_LINES = 100;

    private final CheckSettings.Smtp settings;

    SmtpProbe(CheckSettings.Smtp settings) {
        this.settings = settings;
    }

    @Override
    public Result run(boolean up) throws InterruptedException {
        return Connection.talk(settings.target(), settings.timing().connectTimeout(), connection -> {
            connection.phase("no greeting");
            expect(connection.input(), "the greeting", "220");
            connection.phase("no answer to HELO");
            connection.send(line("HELO " + settings.greeting().replaceAll("[\\r\\n]", "")));
            expect(connection.input(), "HELO", "250");
            connection.phase("no answer to QUIT");
            connection.send(line("QUIT"));
            expect(connection.input(), "QUIT", "221");
            return Result.success();
        });
    }

    private static byte[] line(String command) {
        return (command + "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    /** All lines of a reply but the last have a hyphen after the code. */
    private static void expect(InputStream input, String to, String code) throws IOException {
        for (int i = 0; i < MOST_LINES; i++) {
            String line = line(input, to);
            if (!line.startsWith(code)) {
                throw new Unexpected("reply to " + to + " is " + Unexpected.quote(line) + ", not " + code);
            }
            if (line.length() == code.length() || line.charAt(code.length()) != '-') {
                return;
            }
        }
        throw new Unexpected("reply to " + to + " has no end");
    }

    private static String line(InputStream input, String to) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = input.read(); c != '\n'; c = input.read()) {
            if (c < 0) {
                throw new Unexpected("the connection was closed before the reply to " + to);
            }
            if (line.length() >= MOST_LINE) {
                throw new Unexpected("reply to " + to + " has no end");
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }
}
