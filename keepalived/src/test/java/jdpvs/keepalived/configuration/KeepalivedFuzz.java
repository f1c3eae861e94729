package jdpvs.keepalived.configuration;

import java.nio.charset.StandardCharsets;
import jdpvs.config.Message;
import jdpvs.control.Forwarding;

/** Whatever stands in the file: messages, never an exception. The entry is also one for a fuzzing engine. */
public class KeepalivedFuzz {
    /** No includes: a fuzzer must not read the machine's files. */
    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8).replace("include", "exclude");
        int lines = 1 + (int) text.chars().filter(c -> c == '\n').count();
        KeepalivedFile.Loaded loaded = Conf.parse(text, "id");
        for (Message message : loaded.messages()) {
            check(message.at().line() >= 0 && message.at().line() <= lines, "line");
            check(message.text().chars().noneMatch(c -> c < ' '), "control character");
        }
        KeepalivedConfiguration configuration = loaded.configuration();
        for (VrrpInstance instance : configuration.instances()) {
            check(instance.virtualRouterId() >= 1 && instance.virtualRouterId() <= 255, "virtual_router_id");
            check(instance.priority() >= 1 && instance.priority() <= 255, "priority");
            check(!instance.advertisementInterval().isZero(), "advert_int");
            check(instance.addresses().stream().allMatch(a -> a.address().ipv6() == instance.ipv6()), "family");
            check(!instance.addresses().isEmpty(), "addresses");
            check(
                    instance.version() == 3
                            || (!instance.ipv6()
                                    && instance.advertisementInterval().toMillis() % 1000 == 0),
                    "version");
        }
        for (VirtualServer server : configuration.virtualServers()) {
            check(!server.services().isEmpty(), "services");
            check(!server.servers().isEmpty() || server.sorryServer() != null, "servers");
            check(server.hysteresis() < server.quorum(), "hysteresis");
            boolean ipv6 = server.services().getFirst().address().ipv6();
            for (RealServer real : server.servers()) {
                check(
                        real.endpoint().address().ipv6() == ipv6
                                || (ipv6 && real.options().forwarding() == Forwarding.FULLNAT),
                        "family of a server");
            }
        }
        check(loaded.unusable() == loaded.flat().isEmpty(), "unusable");
        again(loaded);
    }

    /** The statements as they counted give the same things, and nothing more is to be said of them. */
    static void again(KeepalivedFile.Loaded loaded) {
        KeepalivedFile.Loaded again = Conf.parse(loaded.flat());
        check(loaded.flat().equals(again.flat()), "flat");
        check(loaded.configuration().equals(again.configuration()), "flat configuration");
        check(
                ConfigurationDifference.lines(loaded.configuration(), again.configuration())
                        .isEmpty(),
                "difference");
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }
}
