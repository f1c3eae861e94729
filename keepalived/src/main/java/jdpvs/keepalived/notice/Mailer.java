package jdpvs.keepalived.notice;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import jdpvs.config.Messages;
import jdpvs.keepalived.configuration.GlobalSettings.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Mails of transitions ({@code smtp_alert}), one after the other: many servers that fail at once must not become as many connections. What waits beyond a bound is lost, and that is logged. */
final class Mailer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("Keepalived_mail");
    private static final int BACKLOG = 256;
    private static final long LOOK_MILLIS = 100;
    private static final Duration LAST_MAILS = Duration.ofSeconds(3);

    private record Letter(Mail to, String subject, Instant date) {}

    private final BlockingQueue<Letter> letters = new ArrayBlockingQueue<>(BACKLOG);
    private volatile boolean closing;
    private final Thread sender = Thread.ofPlatform().daemon().name("mails").start(this::send);

    /** @param subject says everything; the text repeats it */
    void write(Mail to, String subject) {
        if (!letters.offer(new Letter(to, subject, Instant.now()))) {
            LOG.warn("{} mails wait for {}:{} already: lost '{}'", BACKLOG, to.server(), to.port(), subject);
        }
    }

    private void send() {
        try {
            while (!closing || !letters.isEmpty()) {
                Letter letter = letters.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (letter == null) {
                    continue;
                }
                try {
                    Transport.send(message(letter));
                } catch (MessagingException e) {
                    LOG.warn(
                            "the mail '{}' cannot be sent{} by {}:{}: {}",
                            letter.subject(),
                            refused(e),
                            letter.to().server(),
                            letter.to().port(),
                            reasons(e));
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Those whom the server does not take, for good or for now, if it says so: the others have got the mail. */
    private static String refused(MessagingException e) {
        if (!(e instanceof SendFailedException failed)) {
            return "";
        }
        List<Address> refused = new ArrayList<>();
        if (failed.getInvalidAddresses() != null) {
            refused.addAll(List.of(failed.getInvalidAddresses()));
        }
        if (someGotIt(failed) && failed.getValidUnsentAddresses() != null) {
            refused.addAll(List.of(failed.getValidUnsentAddresses()));
        }
        return refused.isEmpty()
                ? ""
                : " to " + refused.stream().map(Address::toString).collect(Collectors.joining(", "));
    }

    private static boolean someGotIt(SendFailedException failed) {
        return failed.getValidSentAddresses() != null && failed.getValidSentAddresses().length > 0;
    }

    /** What was refused, and in which words, stands in the links behind the first. */
    private static String reasons(MessagingException e) {
        // Where it took some, it has said "250" last, which is no reason.
        boolean some = e instanceof SendFailedException failed && someGotIt(failed);
        List<String> reasons = new ArrayList<>();
        for (Exception link = some ? e.getNextException() : e; link != null; ) {
            // An answer may have several lines, and anything in them.
            reasons.add(Messages.printable(String.valueOf(link.getMessage())).strip());
            link = link instanceof MessagingException more ? more.getNextException() : null;
        }
        return String.join("; ", reasons);
    }

    private static MimeMessage message(Letter letter) throws MessagingException {
        Mail to = letter.to();
        Properties properties = new Properties();
        properties.setProperty("mail.transport.protocol", "smtp");
        properties.setProperty("mail.smtp.host", to.server());
        properties.setProperty("mail.smtp.port", Integer.toString(to.port()));
        properties.setProperty("mail.smtp.localhost", to.greeting());
        // One address that the server refuses must not keep the mail from the others.
        properties.setProperty("mail.smtp.sendpartial", "true");
        // Message-ID ends with it; else this host's name would be looked for, and name servers may be what is down.
        properties.setProperty("mail.from", to.from());
        String millis = Long.toString(to.connectTimeout().toMillis());
        for (String phase : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
            properties.setProperty("mail.smtp." + phase, millis);
        }
        MimeMessage message = new MimeMessage(Session.getInstance(properties));
        message.setFrom(new InternetAddress(to.from()));
        for (String recipient : to.recipients()) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(recipient));
        }
        message.setSubject(letter.subject(), StandardCharsets.UTF_8.name());
        message.setText(letter.subject() + "\n", StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(letter.date()));
        return message;
    }

    /** Those that wait still go, for a few seconds. */
    @Override
    public void close() {
        closing = true;
        try {
            if (!sender.join(LAST_MAILS)) {
                sender.interrupt();
            }
        } catch (InterruptedException _) {
            sender.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
