package jdpvs.keepalived.check;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import jdpvs.keepalived.configuration.CheckSettings;

/**
 * DNS_CHECK: a query is answered without an error (RFC 1035 §4.1).
 *
 * <pre>
 * header: 0 id | 2 QR(1) opcode(4) AA TC RD | 3 RA Z(3) rcode(4) | 4 questions | 6 answers | 8 authorities | 10 additionals
 * </pre>
 */
final class DnsProbe implements Probe {
    private static final int HEADER_BYTES = 12;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int CLASS_IN = 1;
    private static final int MOST_NAME = 255;
    private static final int MOST_LABEL = 63;
    private static final String[] CODES = {
        "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED",
    };

    private final CheckSettings.Dns settings;
    private final byte[] name;

    /** @throws IllegalArgumentException when the name cannot be asked for, with a sentence that names it */
    DnsProbe(CheckSettings.Dns settings) {
        this.settings = settings;
        this.name = encode(settings.name());
    }

    @Override
    public Result run(boolean up) throws InterruptedException {
        int id = ThreadLocalRandom.current().nextInt(1 << 16);
        ByteBuffer query = ByteBuffer.allocate(HEADER_BYTES + name.length + 4)
                .putShort((short) id)
                .putShort((short) RECURSION_DESIRED)
                .putShort((short) 1)
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0)
                .put(name)
                .putShort((short) settings.type())
                .putShort((short) CLASS_IN);
        return Datagrams.ask(
                settings.target(),
                settings.timing().connectTimeout(),
                query.array(),
                HEADER_BYTES,
                reply -> answers(reply, id),
                Result.failure(Reasons.noAnswer(settings.timing().connectTimeout())));
    }

    /** An answer to something else may be a late one to an earlier query: the right one may still come. */
    private static boolean answers(byte[] reply, int id) throws Unexpected {
        if (reply.length < HEADER_BYTES
                || (((reply[0] & 0xff) << 8) | (reply[1] & 0xff)) != id
                || (reply[2] & 0x80) == 0) {
            return false;
        }
        int code = reply[3] & 0xf;
        if (code != 0) {
            throw new Unexpected("rcode " + code + (code < CODES.length ? " (" + CODES[code] + ")" : ""));
        }
        return true;
    }

    /** Labels, each after its length (RFC 1035 §3.1). */
    static byte[] encode(String name) {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        String relative = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        for (String label : relative.isEmpty() ? new String[0] : relative.split("\\.", -1)) {
            byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
            if (bytes.length == 0 || bytes.length > MOST_LABEL) {
                throw new IllegalArgumentException("'" + name + "' is no domain name: a label has 1 to 63 bytes");
            }
            encoded.write(bytes.length);
            encoded.writeBytes(bytes);
        }
        encoded.write(0);
        if (encoded.size() > MOST_NAME) {
            throw new IllegalArgumentException("'" + name + "' is longer than a domain name may be, 255 bytes");
        }
        return encoded.toByteArray();
    }
}
