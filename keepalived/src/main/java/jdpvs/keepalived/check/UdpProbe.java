package jdpvs.keepalived.check;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

    private boolean answers(ByteBuffer reply) throws Unexpected {
        int length = reply.remaining();
        if (length < settings.minimumLength() || length > settings.maximumLength()) {
            throw new Unexpected("reply of " + length + " bytes, not " + settings.minimumLength() + " to "
                    + settings.maximumLength());
        }
        if (settings.reply() != null) {
            byte[] wanted = settings.reply().getBytes(StandardCharsets.UTF_8);
            if (length < wanted.length || !Arrays.equals(reply.array(), 0, wanted.length, wanted, 0, wanted.length)) {
                String said = new String(reply.array(), 0, Math.min(length, 256), StandardCharsets.ISO_8859_1);
                throw new Unexpected("reply " + Unexpected.quote(said) + " does not begin with "
                        + Unexpected.quote(settings.reply()));
            }
        }
        return true;
    }
}
