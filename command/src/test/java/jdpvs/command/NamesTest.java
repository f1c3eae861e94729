package jdpvs.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jdpvs.control.Endpoint;
import jdpvs.control.IpAddress;
import jdpvs.control.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamesTest {
    @Test
    void namesComeFromTheMachinesFiles(@TempDir Path directory) throws IOException {
        Path hosts = Files.writeString(
                directory.resolve("hosts"),
                "127.0.0.1 localhost\n10.0.0.1\tWeb1 web # front\nfrob x\n2001:db8::1 six\n");
        Path services = Files.writeString(
                directory.resolve("services"), "# comment\nhttp 80/tcp www\ndomain 53/udp\nbad x/tcp\nlone\n");
        Names names = new Names(hosts, services);
        assertThat(names.address("WEB")).isEqualTo(IpAddress.parse("10.0.0.1"));
        assertThat(names.address("frob")).isNull();
        assertThat(names.port("www", Protocol.TCP)).isEqualTo(80);
        assertThat(names.port("www", Protocol.UDP)).isEqualTo(-1);
        assertThat(names.port("bad", Protocol.TCP)).isEqualTo(-1);
        assertThat(names.endpoint(new Endpoint(IpAddress.parse("10.0.0.1"), 80), Protocol.TCP))
                .isEqualTo("Web1:http");
        assertThat(names.endpoint(new Endpoint(IpAddress.parse("2001:db8::2"), 53), Protocol.UDP))
                .isEqualTo("[2001:db8::2]:domain");
    }

    @Test
    void aMachineWithoutTheFilesHasNoNames(@TempDir Path directory) {
        Names names = new Names(directory.resolve("a"), directory.resolve("b"));
        assertThat(names.endpoint(new Endpoint(IpAddress.parse("10.0.0.1"), 80), Protocol.TCP))
                .isEqualTo("10.0.0.1:80");
    }
}
