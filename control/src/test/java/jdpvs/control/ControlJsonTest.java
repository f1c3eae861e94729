package jdpvs.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ControlJsonTest {
    private static final RandomGenerator RANDOM =
            RandomGeneratorFactory.of("L64X128MixRandom").create(20261123);

    @Test
    void changesComeBackAsTheyWent() throws ControlJson.JsonException {
        Samples samples = new Samples(RANDOM);
        for (int i = 0; i < 500; i++) {
            List<Change> changes = samples.changes(RANDOM.nextInt(10));
            assertThat(ControlJson.readChanges(ControlJson.writeChanges(changes)))
                    .isEqualTo(changes);
        }
    }

    @Test
    void viewsComeBackAsTheyWent() throws ControlJson.JsonException {
        Samples samples = new Samples(RANDOM);
        for (Class<?> type : List.of(
                Views.Status.class,
                Views.Link.class,
                Views.Address.class,
                Views.Route.class,
                Views.Neighbour.class,
                Views.Service.class,
                Views.Connection.class,
                Views.Drop.class,
                ErrorReply.class,
                Event.class,
                KeepalivedReport.class,
                Views.Keepalived.class,
                CommandStream.Request.class)) {
            for (int i = 0; i < 100; i++) {
                Object value = samples.of(type);
                byte[] json = ControlJson.write(value);
                assertThat(json).doesNotContain('\n');
                assertThat(ControlJson.read(json, type)).isEqualTo(value);
            }
        }
    }

    /** Clients from before there was {@code immediate} still add addresses. */
    @Test
    void anAddressIsNotImmediateUnlessItSaysSo() throws ControlJson.JsonException {
        for (String member : List.of("", ",\"immediate\":null", ",\"immediate\":false", ",\"immediate\":true")) {
            String json =
                    "[{\"change\":\"AddressAdd\",\"address\":\"10.0.0.1\",\"prefixLength\":32,\"device\":\"dpdk0\",\"scope\":\"global\","
                            + "\"validSeconds\":-1,\"preferredSeconds\":-1,\"pool\":false" + member + "}]";
            Boolean immediate = member.endsWith("true") ? Boolean.TRUE : null;
            assertThat(ControlJson.readChanges(json.getBytes(StandardCharsets.UTF_8)))
                    .as(member)
                    .containsExactly(new Change.AddressAdd(
                            IpAddress.parse("10.0.0.1"), 32, "dpdk0", null, "global", -1, -1, false, immediate));
        }
    }

    @Test
    void theFormIsReadable() {
        Change add = new Change.ServerAdd(
                new ServiceKey(Protocol.TCP, IpAddress.parse("10.0.0.1"), 80),
                new Endpoint(IpAddress.parse("10.0.1.1"), 8080),
                new ServerOptions(Forwarding.FULLNAT, 1, 0, 0));
        assertThat(new String(
                        ControlJson.writeChanges(List.of(add, new Change.ServiceClear())), StandardCharsets.UTF_8))
                .isEqualTo(
                        "[{\"change\":\"ServerAdd\",\"service\":{\"protocol\":\"TCP\",\"address\":\"10.0.0.1\",\"port\":80},"
                                + "\"server\":{\"address\":\"10.0.1.1\",\"port\":8080},"
                                + "\"options\":{\"forwarding\":\"FULLNAT\",\"weight\":1,\"upperThreshold\":0,\"lowerThreshold\":0}},"
                                + "{\"change\":\"ServiceClear\"}]");
    }

    @Test
    void membersThatMayBeNullMayBeMissing() throws ControlJson.JsonException {
        assertThat(read("[{\"change\":\"RouteFlush\",\"ipv6\":true},{\"change\":\"Zero\"}]"))
                .containsExactly(new Change.RouteFlush(true, null), new Change.Zero(null));
    }

    @TestFactory
    List<DynamicTest> refused() {
        record Row(String json, String sentence) {}
        return List.of(
                        new Row("", "list of changes"),
                        new Row("null", "it is null"),
                        new Row("{}", "list of changes"),
                        new Row("[null]", "element 0 of the list is null"),
                        new Row("[1]", "[0]"),
                        new Row("[{}]", "missing type id property 'change'"),
                        new Row("[{\"change\":\"Frob\"}]", "type id 'Frob'"),
                        new Row("[{\"change\":\"ServiceClear\",\"frob\":1}]", "Unrecognized field \"frob\""),
                        new Row("[{\"change\":\"ServiceClear\"}] x", "x"),
                        new Row("[{\"change\":\"AddressFlush\"}]", "Missing required creator property 'device'"),
                        new Row("[{\"change\":\"AddressFlush\",\"device\":null}]", "device"),
                        new Row("[{\"change\":\"AddressFlush\",\"device\":\"a\",\"device\":\"b\"}]", "Duplicate"),
                        new Row("[{\"change\":\"RouteFlush\"}]", "ipv6"),
                        new Row("[{\"change\":\"RouteFlush\",\"ipv6\":null}]", "ipv6"),
                        new Row("[{\"change\":\"RouteFlush\",\"ipv6\":\"true\"}]", "ipv6"),
                        new Row(
                                "[{\"change\":\"ServiceDelete\",\"service\":{\"protocol\":\"TCP\",\"address\":\"10.0.0.400\",\"port\":1}}]",
                                "[0].service.address: '10.0.0.400' is not an IP address"),
                        new Row(
                                "[{\"change\":\"ServiceDelete\",\"service\":{\"protocol\":\"TCP\",\"address\":\"10.0.0.4\",\"port\":1.5}}]",
                                "[0].service.port"),
                        new Row(
                                "[{\"change\":\"ServiceDelete\",\"service\":{\"protocol\":\"TCP\",\"address\":\"10.0.0.4\",\"port\":99999999999}}]",
                                "[0].service.port"),
                        new Row(
                                "[{\"change\":\"ServiceDelete\",\"service\":{\"protocol\":1,\"address\":\"10.0.0.4\",\"port\":1}}]",
                                "[0].service.protocol"))
                .stream()
                .map(row -> DynamicTest.dynamicTest(
                        "'" + row.json + "'",
                        () -> assertThatThrownBy(() -> read(row.json))
                                .isInstanceOf(ControlJson.JsonException.class)
                                .hasMessageContaining(row.sentence)))
                .toList();
    }

    private static List<Change> read(String json) throws ControlJson.JsonException {
        return ControlJson.readChanges(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void mutatedTextNeverDoesMoreThanBeRefused() {
        Samples samples = new Samples(RANDOM);
        for (int i = 0; i < 5_000; i++) {
            byte[] json = ControlJson.writeChanges(samples.changes(1 + RANDOM.nextInt(3)));
            for (int m = 1 + RANDOM.nextInt(4); m > 0; m--) {
                json[RANDOM.nextInt(json.length)] = (byte) RANDOM.nextInt();
            }
            ControlJsonFuzz.fuzzerTestOneInput(json);
        }
    }
}
