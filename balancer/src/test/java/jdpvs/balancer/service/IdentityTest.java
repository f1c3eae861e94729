package jdpvs.balancer.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The life of ids beyond configurations. */
class IdentityTest {
    private static final VirtualEndpoint WEB = Fixture.tcp("10.10.1.100", 80);
    private static final ServerEndpoint ONE = Fixture.server("10.10.2.2", 80);
    private static final ServerEndpoint TWO = Fixture.server("10.10.2.3", 80);
    private static final int LIP = Fixture.address("10.10.2.200");

    private final Fixture fixture = new Fixture(2);

    private Server only(ServiceConfiguration configuration) {
        return Objects.requireNonNull(configuration.service(WEB)).servers()[0];
    }

    private ServiceConfiguration add(ServerEndpoint server) throws ServiceException {
        return fixture.table
                .begin()
                .addService(WEB, ServiceSettings.of("rr"))
                .addServer(WEB, server, ServerSettings.weight(1))
                .addLocalAddress(WEB, LIP, 1)
                .commit();
    }

    @Test
    void anIdIsFreedOnlyAfterItsLastConnectionOnAllWorkers() throws ServiceException {
        Server server = only(add(ONE));
        fixture.counters.get(1).created(server.id());
        long version = fixture.table.begin().clear().commit().version();
        assertThat(fixture.table.reclaim(version, id -> true))
                .as("the local address")
                .isEqualTo(1);
        assertThat(fixture.table.current().server(server.id())).isNull();
        fixture.counters.get(1).becameActive(server.id());
        assertThat(fixture.table.reclaim(version, id -> true)).isZero();
        fixture.counters.get(1).ended(server.id(), true);
        assertThat(fixture.table.reclaim(version, id -> true))
                .as("server and service")
                .isEqualTo(2);
        Server next = only(add(TWO));
        assertThat(next.id()).isEqualTo(server.id());
        assertThat(next.generation()).isEqualTo(server.generation() + 1);
        assertThat(fixture.statistics.counts(next)).isEqualTo(Counts.ZERO);
    }

    @Test
    void nothingIsFreedWhileAWorkerMayWorkWithAnOlderConfiguration() throws ServiceException {
        long before = add(ONE).version();
        long after = fixture.table.begin().clear().commit().version();
        assertThat(after).isGreaterThan(before);
        assertThat(fixture.table.reclaim(before, id -> true)).isZero();
        assertThat(fixture.table.reclaim(after, id -> false)).isEqualTo(2);
        assertThat(fixture.table.reclaim(after, id -> id == 0)).isEqualTo(1);
    }

    @Test
    void aServerThatComesBackWhileItDrainsGetsItsOldConnections() throws ServiceException {
        Server server = only(add(ONE));
        fixture.counters.get(0).created(server.id());
        fixture.counters.get(0).in(server.id(), 3, 180);
        assertThat(fixture.statistics.counts(server)).isEqualTo(new Counts(1, 3, 0, 180, 0));
        fixture.table
                .begin()
                .deleteServer(WEB, ONE)
                .addServer(WEB, TWO, ServerSettings.weight(1))
                .commit();
        fixture.table.begin().addServer(WEB, ONE, ServerSettings.weight(4)).commit();
        Server again = only(fixture.table.current());
        assertThat(again.id()).isEqualTo(server.id());
        assertThat(again.generation()).isEqualTo(server.generation());
        assertThat(again.weight()).isEqualTo(4);
        assertThat(fixture.statistics.inactive(again.id())).isEqualTo(1);
        assertThat(fixture.statistics.counts(again))
                .as("counted since it was added")
                .isEqualTo(Counts.ZERO);
        assertThat(fixture.table.retired()).isZero();
    }

    @Test
    void clearAndRestoreInOneTransactionKeepsIds() throws ServiceException {
        ServiceConfiguration before = add(ONE);
        ServiceConfiguration after = fixture.table
                .begin()
                .clear()
                .addService(WEB, ServiceSettings.of("wlc"))
                .addServer(WEB, TWO, ServerSettings.weight(1))
                .addServer(WEB, ONE, ServerSettings.weight(1))
                .addLocalAddress(WEB, LIP, 1)
                .commit();
        assertThat(only(after).id()).isEqualTo(only(before).id());
        assertThat(Objects.requireNonNull(after.service(WEB)).id())
                .isEqualTo(Objects.requireNonNull(before.service(WEB)).id());
        assertThat(fixture.table.retired()).isZero();
        assertThat(fixture.table.reclaim(after.version(), id -> true)).isZero();
    }

    @Test
    void aDroppedTransactionLeavesNoTrace() throws ServiceException {
        add(ONE);
        ServiceTransaction dropped = fixture.table.begin().clear();
        dropped.addService(WEB, ServiceSettings.of("rr")).addServer(WEB, TWO, ServerSettings.weight(1));
        assertThat(fixture.table.retired()).isZero();
        fixture.table.begin().addServer(WEB, TWO, ServerSettings.weight(1)).commit();
        assertThat(only(fixture.table.current()).id()).isEqualTo(1);
        assertThatThrownBy(dropped::commit)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("services changed since this transaction began");
        assertThat(fixture.table.retired()).isZero();
        assertThat(fixture.table.current().services()).hasSize(1);
    }
}
