package jdpvs.keepalived.check;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import jdpvs.keepalived.configuration.CheckSettings;

/**
 * UDP_CHECK: nobody says that the port is closed, and a reply, if one comes, is as it should be. Silence is a failure only with {@code require_reply}: many services do not answer what they do not
 * understand. A host that is down is silent too, so whoever knows a payload that is answered should require the reply.
 */
final class UdpProbe implements Probe {
    private static final int RANDOM_BYTES = 32;

    private final CheckSettings.Udp settings;

    UdpProbe(CheckSettings.Udp settings) {
        this.settings = settings;
    }

    @Override
    public Result run(boolean up) throws InterruptedException {
        ByteArrayOutputStream question = new ByteArrayOutputStream();
        if (settings.proxyProtocol() != null && settings.proxyProtocol().startsWith("v2")) {
            question.writeBytes(ProxyPreamble.of(settings.proxyProtocol()));
        }
        question.writeBytes(payload());
        return Datagrams.ask(
                settings.target(),
                settings.timing().connectTimeout(),
                question.toByteArray(),
                settings.maximumLength() + 1,
                this::answers,
                settings.replyRequired()
                        ? Result.failure(Reasons.noAnswer(settings.timing().connectTimeout()))
                        : Result.success());
    }

    private byte[] payload() {
        if (settings.payload() != null) {
            return settings.payload().getBytes(StandardCharsets.UTF_8);
        }
        byte[] random = new byte[RANDOM_BYTES];
        ThreadLocalRandom.current().nextBytes(random);
        return random;
    }

    private boolean answers(byte[] reply) throws Unexpected {
        if (reply.length > settings.maximumLength()) {
            throw new Unexpected("reply longer than " + settings.maximumLength() + " bytes");
        }
        if (reply.length < settings.minimumLength()) {
            throw new Unexpected("reply of " + reply.length + " bytes, shorter than " + settings.minimumLength());
        }
        String said = new String(reply, StandardCharsets.ISO_8859_1);
        if (settings.reply() != null && !said.startsWith(bytes(settings.reply()))) {
            throw new Unexpected(
                    "reply " + Unexpected.quote(said) + " does not begin with " + Unexpected.quote(settings.reply()));
        }
        return true;
    }

    /** A character each, as the reply is read. */
    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
