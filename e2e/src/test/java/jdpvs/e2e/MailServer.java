package jdpvs.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A mail server (Exim) on port 25 of a host, with a configuration, spool and log of its own beside the lab's other files: the system's mail is not touched. Mails for whomever but {@link #UNKNOWN} come
 * into one mailbox. It ends with what runs in the lab.
 *
 * <p>Exim gives up root for its own user, which therefore owns the directory; {@code deliver_drop_privilege} has that user deliver too, for with a configuration of its own Exim would not become
 * another. Without {@code tls_advertise_hosts =} it makes a key at the first connection.
 */
final class MailServer {
    /** Who is not known here: the server refuses mails to them. */
    static final String UNKNOWN = "nobody-here@jdpvs.test";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern FIRST_LINE = Pattern.compile("(?m)^From (\\S+) .*\\n");
    private static final String USER = "Debian-exim";

    private final Host host;
    private final Path directory;
    private Running process;

    /** How it receives a connection. */
    enum Mood {
        WELL,
        REFUSES,
        GREETS_LATE
    }

    /**
     * A mail that came.
     *
     * @param sender of the envelope
     * @param text headers and body
     */
    record Mail(String sender, String text) {
        /** A header's value on one line; empty when there is none. */
        String header(String name) {
            Matcher line = Pattern.compile("(?m)^" + name + ": (.*(?:\\n[ \\t].*)*)")
                    .matcher(text.substring(0, text.indexOf("\n\n")));
            return line.find() ? line.group(1).replaceAll("\\n[ \\t]+", " ") : "";
        }

        String body() {
            return text.substring(text.indexOf("\n\n")).strip();
        }
    }

    private MailServer(Host host) {
        this.host = host;
        this.directory = host.directory().resolve(host.name() + "-mail");
        try {
            Files.createDirectories(directory.resolve("spool"));
            Files.createDirectories(directory.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Dpvs.write(directory.resolve("exim.conf"), """
                primary_hostname = HOST.jdpvs.test
                spool_directory = DIRECTORY/spool
                log_file_path = DIRECTORY/log/%s
                log_selector = +smtp_no_mail
                keep_environment =
                notifier_socket =
                disable_ipv6
                local_interfaces = 0.0.0.0
                daemon_smtp_ports = 25
                daemon_startup_retries = 0
                tls_advertise_hosts =
                deliver_drop_privilege
                acl_smtp_connect = connection
                acl_smtp_rcpt = recipient

                begin acl
                connection:
                  deny condition = ${if exists{DIRECTORY/REFUSES}}
                       message = not today
                  warn condition = ${if exists{DIRECTORY/GREETS_LATE}}
                       delay = 20s
                  accept
                recipient:
                  deny recipients = UNKNOWN
                       message = no such user
                  accept

                begin routers
                everything:
                  driver = accept
                  transport = mailbox

                begin transports
                mailbox:
                  driver = appendfile
                  file = DIRECTORY/mailbox
                """.replace("DIRECTORY", directory.toString())
                .replace("HOST", host.name())
                .replace("UNKNOWN", UNKNOWN));
        Shell.run(PATIENCE, List.of("chown", "-R", USER, directory.toString()), Map.of(), "")
                .succeeded();
        Shell.run(
                        PATIENCE,
                        List.of("chown", "root", directory.resolve("exim.conf").toString()),
                        Map.of(),
                        "")
                .succeeded();
        this.process = launch();
    }

    /** Starts and waits until it listens. */
    static MailServer start(Host host) {
        return new MailServer(host);
    }

    private Running launch() {
        long before = listenings();
        Running daemon =
                host.start("exim4 -C " + directory.resolve("exim.conf") + " -oP " + directory.resolve("pid") + " -bdf");
        Await.until(PATIENCE, () -> listenings() > before, () -> "a mail server; it says: " + daemon.printed() + log());
        return daemon;
    }

    private long listenings() {
        return log().lines().filter(line -> line.contains("listening for SMTP")).count();
    }

    void kill() {
        process.signal("KILL");
        process.awaitExit(PATIENCE);
    }

    void startAgain() {
        process = launch();
    }

    /** From the next connection on. */
    void become(Mood mood) {
        try {
            for (Mood each : Mood.values()) {
                Files.deleteIfExists(directory.resolve(each.name()));
            }
            Files.createFile(directory.resolve(mood.name()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String log() {
        return read("log/main");
    }

    /** How often a client said HELO and QUIT, and nothing else. */
    long greetings(String clientName, String clientAddress) {
        String client = "(" + clientName + ") [" + clientAddress + "]";
        return log().lines()
                .filter(line -> line.contains(client) && line.endsWith(" C=HELO,QUIT"))
                .count();
    }

    List<Mail> mails() {
        String mailbox = read("mailbox");
        List<Mail> mails = new ArrayList<>();
        Matcher first = FIRST_LINE.matcher(mailbox);
        boolean more = first.find();
        while (more) {
            String sender = first.group(1);
            int begin = first.end();
            more = first.find();
            mails.add(new Mail(sender, mailbox.substring(begin, more ? first.start() : mailbox.length())));
        }
        return mails;
    }

    Stream<Mail> mails(String subject) {
        return mails().stream().filter(mail -> mail.header("Subject").equals(subject));
    }

    /** Waits until there are so many of this subject, and returns the last. */
    Mail await(String subject, int number) {
        Await.until(
                PATIENCE,
                () -> mails(subject).count() >= number,
                () -> number + " mails '" + subject + "'; there are:\n"
                        + String.join(
                                "\n",
                                mails().stream()
                                        .map(mail -> mail.header("Subject"))
                                        .toList())
                        + "\nthe server says:\n" + log());
        return mails(subject).toList().getLast();
    }

    private String read(String name) {
        Path file = directory.resolve(name);
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
