package jdpvs.config.dpvs;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import jdpvs.config.Message;

/** Whatever stands in the file: messages, never an exception. The entry is also one for a fuzzing engine. */
public class ConfigurationFuzz {
    /** No includes: a fuzzer must not read the machine's files. */
    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8).replace("include", "exclude");
        int lines = 1 + (int) text.chars().filter(c -> c == '\n').count();
        LoadResult result = DpvsConfiguration.parse(text, Path.of("f.conf"));
        DpvsConfiguration conf = result.configuration();
        check(conf.tcpTimeouts().established() >= 1, "established");
        check(conf.connections().poolSize() >= 65_535, "pool");
        check((conf.connections().poolSize() & (conf.connections().poolSize() + 1)) == 0, "2^n - 1");
        for (DeviceSettings device : conf.devices()) {
            check(device.mtu() >= 1 && device.mtu() <= 9000, "mtu");
            check(Integer.bitCount(device.receive().descriptors()) == 1, "descriptors");
            check(!device.name().isEmpty() && device.name().length() <= 15, "name");
        }
        for (Message message : result.messages()) {
            check(message.at().line() >= 0 && message.at().line() <= lines, "line");
            check(message.text().chars().noneMatch(c -> c < ' '), "control character");
        }
        if (!result.hasErrors()) {
            check(conf.master().isPresent() && !conf.slaves().isEmpty(), "workers");
        }
        check(conf.reloadedWith(conf).changed().isEmpty(), "reload");
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }
}
