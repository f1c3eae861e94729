package jdpvs.balancer.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import jdpvs.balancer.service.ServiceException.Kind;
import jdpvs.wire.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ServiceTransactionTest {
    private static final VirtualEndpoint WEB = Fixture.tcp("10.10.1.100", 80);
    private static final VirtualEndpoint MISSING = Fixture.tcp("10.10.1.100", 99);
    private static final ServerEndpoint ONE = Fixture.server("10.10.2.2", 80);
    private static final ServerEndpoint TWO = Fixture.server("10.10.2.3", 80);
    private static final int LIP = Fixture.address("10.10.2.200");

    interface Change {
        void apply(ServiceTransaction transaction) throws ServiceException;
    }

    record Refusal(Kind kind, String sentence, Change change) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    private static Refusal refused(Kind kind, String sentence, Change change) {
        return new Refusal(kind, sentence, change);
    }

    private static ServerSettings server(Forwarding forwarding, int weight, int upper, int lower) {
        return new ServerSettings(forwarding, weight, upper, lower);
    }

    private static ServiceSettings service(
            int timeout,
            int persistent,
            boolean ops,
            boolean synProxy,
            String hash,
            String proxy,
            boolean quic,
            String check) {
        return new ServiceSettings(
                "rr",
                timeout,
                false,
                persistent,
                null,
                ops,
                synProxy,
                hash.isEmpty() ? null : hash,
                proxy.isEmpty() ? null : proxy,
                quic,
                check.isEmpty() ? List.of() : List.of(check));
    }

    /** Facts: cli §4.7 and the recorded transcript. */
    static List<Refusal> refusals() {
        ServiceSettings rr = ServiceSettings.of("rr");
        ServerSettings weight1 = ServerSettings.weight(1);
        return List.of(
                refused(
                        Kind.EXISTS,
                        "service TCP 10.10.1.100:80; edit it or delete it first",
                        t -> t.addService(WEB, rr)),
                refused(
                        Kind.NOT_EXIST,
                        "service TCP 10.10.1.100:99: scheduler 'nosuch'; use rr, wrr or wlc",
                        t -> t.addService(MISSING, ServiceSettings.of("nosuch"))),
                refused(
                        Kind.NOT_SUPPORTED,
                        "service TCP 10.10.1.100:99: scheduler mh; use rr, wrr or wlc",
                        t -> t.addService(MISSING, ServiceSettings.of("mh"))),
                refused(
                        Kind.NOT_SUPPORTED,
                        "service TCP 10.10.1.100:80: scheduler conhash; use rr, wrr or wlc",
                        t -> t.editService(WEB, ServiceSettings.of("conhash"))),
                refused(Kind.INVALID, "service TCP 10.10.1.100:99 does not exist", t -> t.editService(MISSING, rr)),
                refused(Kind.INVALID, "service TCP 10.10.1.100:99 does not exist", t -> t.deleteService(MISSING)),
                refused(
                        Kind.INVALID,
                        "service TCP 10.10.1.100:99 does not exist",
                        t -> t.addServer(MISSING, ONE, server(Forwarding.ROUTE, 1, 0, 0))),
                refused(
                        Kind.INVALID,
                        "service TCP 10.10.1.100:99 does not exist",
                        t -> t.editServer(MISSING, ONE, weight1)),
                refused(Kind.INVALID, "service TCP 10.10.1.100:99 does not exist", t -> t.deleteServer(MISSING, ONE)),
                refused(
                        Kind.EXISTS,
                        "server 10.10.2.2:80 of service TCP 10.10.1.100:80; edit it or delete it first",
                        t -> t.addServer(WEB, ONE, weight1)),
                refused(
                        Kind.NOT_EXIST,
                        "server 10.10.2.3:80 of service TCP 10.10.1.100:80",
                        t -> t.editServer(WEB, TWO, weight1)),
                refused(
                        Kind.NOT_EXIST,
                        "server 10.10.2.3:80 of service TCP 10.10.1.100:80",
                        t -> t.deleteServer(WEB, TWO)),
                refused(
                        Kind.INVALID,
                        "server 10.10.2.3:80 of service TCP 10.10.1.100:80: lower threshold 50 is above the upper threshold 10",
                        t -> t.addServer(WEB, TWO, server(Forwarding.FULLNAT, 1, 10, 50))),
                refused(
                        Kind.INVALID,
                        "server 10.10.2.3:80 of service TCP 10.10.1.100:80: weight 65536 is outside 0…65535",
                        t -> t.addServer(WEB, TWO, ServerSettings.weight(65536))),
                refused(
                        Kind.INVALID,
                        "server 10.10.2.3:80 of service TCP 10.10.1.100:80: threshold -1 is negative",
                        t -> t.addServer(WEB, TWO, server(Forwarding.FULLNAT, 1, -1, -1))),
                refused(
                        Kind.NOT_SUPPORTED,
                        "server 10.10.2.3:80 of service TCP 10.10.1.100:80: forwarding by direct routing (-g); use full-NAT (-b)",
                        t -> t.addServer(WEB, TWO, server(Forwarding.ROUTE, 1, 0, 0))),
                refused(
                        Kind.INVALID,
                        "real server 10.10.2.3:0: port 0 is outside 1…65535",
                        t -> t.addServer(WEB, Fixture.server("10.10.2.3", 0), weight1)),
                refused(
                        Kind.INVALID,
                        "real server 224.0.0.1 in 224.0.0.1:80 is not a unicast address",
                        t -> t.addServer(WEB, Fixture.server("224.0.0.1", 80), weight1)),
                refused(
                        Kind.INVALID,
                        "service TCP 10.10.1.100:0: port 0 (every port) needs a persistent service",
                        t -> t.addService(Fixture.tcp("10.10.1.100", 0), rr)),
                refused(Kind.NO_SERVICE, "TCP 10.10.1.100:99; add it first", t -> t.addLocalAddress(MISSING, LIP, 1)),
                refused(
                        Kind.NO_SERVICE,
                        "TCP 10.10.1.100:99; add it first",
                        t -> t.deleteLocalAddress(MISSING, Address.ofIpv4(LIP))),
                refused(
                        Kind.EXISTS,
                        "local address 10.10.2.200 of service TCP 10.10.1.100:80",
                        t -> t.addLocalAddress(WEB, LIP, 1)),
                refused(
                        Kind.NOT_EXIST,
                        "local address 10.10.2.201 of service TCP 10.10.1.100:80",
                        t -> t.deleteLocalAddress(WEB, Address.ofIpv4(LIP + 1))),
                refused(
                        Kind.NOT_SUPPORTED,
                        "service TCP 10.10.1.100:80: persistence (-p, -M); leave it out",
                        t -> t.editService(WEB, service(0, 60, false, false, "", "", false, ""))),
                refused(
                        Kind.NOT_SUPPORTED,
                        "service TCP 10.10.1.100:80: one-packet scheduling (-o); leave it out",
                        t -> t.editService(WEB, service(0, 0, true, false, "", "", false, ""))),
                refused(
                        Kind.NOT_SUPPORTED,
                        "service TCP 10.10.1.100:80: SYN proxy (-j enable); leave it out",
                        t -> t.editService(WEB, service(0, 0, false, true, "", "", false, ""))),
                refused(
                        Kind.NOT_SUPPORTED,
                        "service TCP 10.10.1.100:80: hash target (--hash-target); leave it out",
                        t -> t.editService(WEB, service(0, 0, false, false, "sip", "", false, ""))),
                refused(
                        Kind.INVALID,
                        "service TCP 10.10.1.100:80: PROXY protocol 'v3'; use v1, v2, v1-insecure or v2-insecure",
                        t -> t.editService(WEB, service(0, 0, false, false, "", "v3", false, ""))),
                refused(
                        Kind.INVALID,
                        "service UDP 10.10.1.100:80: PROXY protocol v1 is of TCP only; use v2",
                        t -> t.addService(
                                new VirtualEndpoint(Protocol.UDP, WEB.address(), 80),
                                ServiceSettings.of("rr").withProxyProtocol("v1"))),
                refused(
                        Kind.NOT_SUPPORTED,
                        "service TCP 10.10.1.100:80: QUIC server ids (--quic); leave it out",
                        t -> t.editService(WEB, service(0, 0, false, false, "", "", true, ""))),
                refused(
                        Kind.NOT_SUPPORTED,
                        "service TCP 10.10.1.100:80: destination checks (--dest-check default); leave it out",
                        t -> t.editService(WEB, service(0, 0, false, false, "", "", false, "default"))),
                refused(
                        Kind.INVALID,
                        "service TCP 10.10.1.100:80: connection time-out -1 is outside 0…31535999 seconds",
                        t -> t.editService(WEB, service(-1, 0, false, false, "", "", false, "disable"))));
    }

    private static Fixture web() throws ServiceException {
        Fixture fixture = new Fixture(1);
        fixture.table
                .begin()
                .addService(WEB, ServiceSettings.of("rr"))
                .addServer(WEB, ONE, ServerSettings.weight(1))
                .addLocalAddress(WEB, LIP, 1)
                .commit();
        return fixture;
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesAndChangesNothing(Refusal refusal) throws ServiceException {
        Fixture fixture = web();
        ServiceConfiguration before = fixture.table.current();
        ServiceTransaction transaction = fixture.table.begin();
        assertThatThrownBy(() -> refusal.change.apply(transaction))
                .isInstanceOf(ServiceException.class)
                .hasMessage(refusal.sentence)
                .extracting(e -> ((ServiceException) e).kind())
                .isEqualTo(refusal.kind);
        assertThat(fixture.table.current()).isSameAs(before);
        assertThat(transaction.commit().services()).isEqualTo(before.services());
    }

    @Test
    void endpointsThatAreNotBalancedAreNamed() {
        record Case(int protocol, boolean ipv6, String sentence) {}
        for (Case each : List.of(
                new Case(132, false, "SCTP services; use TCP or UDP"),
                new Case(1, false, "ICMP services; use TCP or UDP"),
                new Case(58, true, "ICMPv6 services; use TCP or UDP"))) {
            assertThatThrownBy(() ->
                            VirtualEndpoint.of(each.protocol, each.ipv6 ? new Address(1, 2) : Address.ofIpv4(LIP), 80))
                    .hasMessage(each.sentence)
                    .extracting(e -> ((ServiceException) e).kind())
                    .isEqualTo(Kind.NOT_SUPPORTED);
        }
    }

    @Test
    void lookups() throws ServiceException {
        Fixture fixture = web();
        VirtualEndpoint dns = new VirtualEndpoint(Protocol.UDP, WEB.address(), 53);
        ServiceConfiguration now =
                fixture.table.begin().addService(dns, ServiceSettings.of("wlc")).commit();
        assertThat(now.lookup(6, WEB.address().ipv4(), 80))
                .isSameAs(now.service(WEB))
                .isNotNull();
        assertThat(now.lookup(17, WEB.address().ipv4(), 53))
                .isSameAs(now.service(dns))
                .isNotNull();
        assertThat(now.lookup(17, WEB.address().ipv4(), 80)).isNull();
        assertThat(now.lookup(6, WEB.address().ipv4() + 1, 80)).isNull();
        assertThat(now.lookup(6, 0, 0)).isNull();
        assertThat(now.isVirtualAddress(WEB.address().ipv4())).isTrue();
        assertThat(now.isVirtualAddress(LIP)).isFalse();
        assertThat(now.isVirtualAddress(0)).isFalse();
        assertThat(now.isLocalAddress(LIP)).isTrue();
        assertThat(now.isLocalAddress(WEB.address().ipv4())).isFalse();
        Service web = Objects.requireNonNull(now.service(WEB));
        assertThat(now.service(web.id())).isSameAs(web);
        assertThat(now.server(web.servers()[0].id())).isSameAs(web.servers()[0]);
        assertThat(now.server(200)).isNull();
        assertThat(now.service(63)).isNull();
        assertThat(now.services()).extracting(Service::endpoint).containsExactly(WEB, dns);
    }

    @Test
    void editingKeepsIdsAndOrder() throws ServiceException {
        Fixture fixture = web();
        Service before = Objects.requireNonNull(fixture.table.current().service(WEB));
        Service after = Objects.requireNonNull(fixture.table
                .begin()
                .addServer(WEB, TWO, ServerSettings.weight(2))
                .editServer(WEB, ONE, server(Forwarding.FULLNAT, 7, 100, 50))
                .editService(
                        WEB, ServiceSettings.of("wrr").withConnectionTimeout(60).withExpireQuiescent())
                .commit()
                .service(WEB));
        assertThat(after.id()).isEqualTo(before.id());
        assertThat(after.servers()).extracting(Server::endpoint).containsExactly(TWO, ONE);
        assertThat(after.servers()[1].id()).isEqualTo(before.servers()[0].id());
        assertThat(after.servers()[1].settings()).isEqualTo(server(Forwarding.FULLNAT, 7, 100, 50));
        assertThat(after.scheduler().name()).isEqualTo("wrr");
        assertThat(after.connectionTimeoutSeconds()).isEqualTo(60);
        assertThat(after.expireQuiescent()).isTrue();
        assertThat(after.localAddresses()).extracting(LocalAddress::id).containsExactly(0);
    }

    @Test
    void oneLocalAddressOfSeveralServicesHasOneId() throws ServiceException {
        Fixture fixture = web();
        VirtualEndpoint other = Fixture.tcp("10.10.1.101", 80);
        ServiceTransaction transaction = fixture.table.begin().addService(other, ServiceSettings.of("rr"));
        assertThatThrownBy(() -> transaction.addLocalAddress(other, LIP, 2))
                .hasMessage("local address 10.10.2.200 serves another service on another device;"
                        + " use it on that device for service TCP 10.10.1.101:80 too");
        ServiceConfiguration now = transaction
                .addLocalAddress(other, LIP, 1)
                .addLocalAddress(other, LIP + 1, 1)
                .commit();
        assertThat(Objects.requireNonNull(now.service(other)).localAddresses())
                .extracting(LocalAddress::id)
                .containsExactly(0, 1);
        ServiceTransaction removal = fixture.table.begin().deleteLocalAddress(WEB, Address.ofIpv4(LIP));
        assertThat(removal.usesLocalAddress(Address.ofIpv4(LIP))).isTrue();
        removal.deleteLocalAddress(other, Address.ofIpv4(LIP));
        assertThat(removal.usesLocalAddress(Address.ofIpv4(LIP))).isFalse();
        assertThat(removal.commit().isLocalAddress(LIP)).isFalse();
    }

    @Test
    void fullTablesRefuse() throws ServiceException {
        Fixture fixture = new Fixture(1, new Limits(1, 2, 1));
        ServiceTransaction transaction = fixture.table
                .begin()
                .addService(WEB, ServiceSettings.of("rr"))
                .addServer(WEB, ONE, ServerSettings.weight(1))
                .addServer(WEB, TWO, ServerSettings.weight(1))
                .addLocalAddress(WEB, LIP, 1);
        assertThatThrownBy(() -> transaction.addService(MISSING, ServiceSettings.of("rr")))
                .hasMessage("service TCP 10.10.1.100:99: all 1 service ids are taken");
        assertThatThrownBy(() -> transaction.addServer(WEB, Fixture.server("10.0.0.9", 1), ServerSettings.weight(1)))
                .hasMessage("server 10.0.0.9:1 of service TCP 10.10.1.100:80: all 2 server ids are taken");
        assertThatThrownBy(() -> transaction.addLocalAddress(WEB, LIP + 1, 1))
                .hasMessage(
                        "local address 10.10.2.201 of service TCP 10.10.1.100:80: all 1 local address ids are taken");
        // What leaves the draft again makes room in it.
        transaction.deleteServer(WEB, TWO).addServer(WEB, Fixture.server("10.0.0.9", 1), ServerSettings.weight(1));
        transaction.deleteLocalAddress(WEB, Address.ofIpv4(LIP)).addLocalAddress(WEB, LIP + 1, 1);
        transaction.deleteService(WEB).addService(MISSING, ServiceSettings.of("rr"));
        assertThat(transaction.commit().services()).hasSize(1);
    }

    @Test
    void tenThousandChangesAreOneTransaction() throws ServiceException {
        Fixture fixture = new Fixture(1, Limits.DEFAULT);
        ServiceTransaction transaction = fixture.table.begin();
        for (int i = 0; i < 1_000; i++) {
            VirtualEndpoint endpoint = Fixture.tcp("10.10." + i / 250 + "." + i % 250, 80);
            transaction.addService(endpoint, ServiceSettings.of("wrr"));
            for (int s = 0; s < 8; s++) {
                transaction.addServer(endpoint, Fixture.server("10.20.0." + (s + 1), 8080), ServerSettings.weight(s));
            }
            transaction.addLocalAddress(endpoint, LIP + i % 16, 1);
        }
        VirtualEndpoint big = Fixture.tcp("10.30.0.1", 80);
        transaction.addService(big, ServiceSettings.of("wlc"));
        for (int s = 0; s < 10_000; s++) {
            transaction.addServer(
                    big, Fixture.server("10.40." + s / 250 + "." + s % 250, 80), ServerSettings.weight(1));
        }
        for (int s = 0; s < 10_000; s += 2) {
            transaction.deleteServer(big, Fixture.server("10.40." + s / 250 + "." + s % 250, 80));
        }
        ServiceConfiguration now = transaction.commit();
        assertThat(now.services()).hasSize(1_001);
        assertThat(Objects.requireNonNull(now.service(big)).servers()).hasSize(5_000);
        assertThat(fixture.table.begin().clear().commit().services()).isEmpty();
        assertThat(fixture.table.reclaim(now.version(), id -> true)).isZero();
        assertThat(fixture.table.reclaim(now.version() + 1, id -> true)).isEqualTo(8_000 + 5_000 + 1_001 + 16);
        assertThat(fixture.table.retired()).isZero();
    }
}
