package jdpvs.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class KernelTest {
    @Test
    void errorsAreNamedAndExplained() {
        assertThat(new SystemCallException("bind", Errno.EACCES)).hasMessage("bind: Permission denied (EACCES)");
        assertThat(new SystemCallException("x", 9999).getMessage()).contains("errno 9999");
        assertThatThrownBy(() -> Sockets.setOption(-1, 1, 2, "SO_REUSEADDR", 1))
                .isInstanceOf(SystemCallException.class)
                .hasMessageContaining("setsockopt SO_REUSEADDR")
                .hasMessageContaining("EBADF");
        assertThatThrownBy(() -> Descriptors.open("/no/such/file", Descriptors.O_RDONLY))
                .hasMessageContaining("/no/such/file")
                .hasMessageContaining("ENOENT");
    }

    @Test
    void aSleeperIsWoken() throws Exception {
        try (var event = new EventDescriptor()) {
            var set = new PollSet(-1, event.descriptor());
            assertThat(set.await(0)).isZero();
            assertThat(set.readable(1)).isFalse();
            event.signal();
            event.signal();
            assertThat(set.await(0)).isEqualTo(1);
            assertThat(set.readable(0)).isFalse();
            assertThat(set.readable(1)).isTrue();
            event.clear();
            event.clear();
            assertThat(set.await(0)).isZero();
            Thread waker = Thread.ofPlatform().start(event::signal);
            assertThat(set.await(10_000)).isEqualTo(1);
            waker.join();
        }
    }

    @Test
    void waitingForAClosedDescriptorDoesNotSpin() {
        var event = new EventDescriptor();
        var set = new PollSet(event.descriptor());
        event.close();
        set.await(0);
        assertThat(set.await(0)).isZero();
    }

    @Test
    void bootTimeRunsAndIsAheadOfNobody() {
        var clock = new BootClock();
        long first = clock.nanos();
        assertThat(first).isPositive();
        assertThat(clock.nanos()).isGreaterThanOrEqualTo(first);
        assertThat(clock.millis()).isBetween(first / 1_000_000, first / 1_000_000 + 60_000);
    }

    @Test
    void aThreadPinsItselfOnly() throws Exception {
        BitSet before = Threads.allowedCpus();
        assertThat(before.cardinality()).isPositive();
        int cpu = before.length() - 1;
        var seen = new AtomicReference<BitSet>();
        Thread thread = Thread.ofPlatform().start(() -> {
            Threads.pin(cpu);
            Threads.setTimerSlack(1);
            seen.set(Threads.allowedCpus());
        });
        thread.join();
        assertThat(seen.get()).isEqualTo(single(cpu));
        assertThat(Threads.allowedCpus()).isEqualTo(before);
        assertThat(Threads.id()).isPositive();
        assertThatThrownBy(() -> Threads.pin(8000))
                .hasMessageContaining("CPU 8000")
                .hasMessageContaining("EINVAL");
        assertThatThrownBy(() -> Threads.pin(-1)).hasMessageContaining("EINVAL");
    }

    @Test
    void theMachineSaysWhatItHas() {
        assertThat(Machine.memoryAvailableBytes()).isGreaterThan(1 << 20);
        assertThat(Machine.kernelAtLeast(2, 6)).isTrue();
        assertThat(Machine.kernelAtLeast(99, 0)).isFalse();
        assertThat(Machine.atLeast("6.6.0-rc1", 6, 6)).isTrue();
        assertThat(Machine.atLeast("6.5.13+", 6, 6)).isFalse();
        assertThat(Machine.atLeast("7.0", 6, 6)).isTrue();
        assertThat(Machine.atLeast("5.15.0-91-generic", 5, 15)).isTrue();
        assertThat(Machine.hasCapability(Machine.CAP_NET_RAW)).isTrue();
    }

    @Test
    void theLoopbackIsADeviceButNoEthernet() {
        try (var loopback = NetworkDevice.find("lo").orElseThrow()) {
            assertThat(loopback.index()).isEqualTo(1);
            assertThat(loopback.hardwareType()).isNotEqualTo(NetworkDevice.ETHERNET);
            assertThat(loopback.macAddress()).isZero();
            assertThat(loopback.mtu()).isPositive();
            assertThat(loopback.wire()).isEmpty();
        }
        assertThat(NetworkDevice.find("nosuchdevice")).isEmpty();
        assertThat(NetworkDevice.find("")).isEmpty();
        assertThat(NetworkDevice.find("a-name-that-is-too-long")).isEmpty();
    }

    @Test
    void callsOfThePacketPathReturnErrnoInsteadOfThrowing() {
        int socket = Sockets.open(Sockets.AF_INET, Sockets.SOCK_DGRAM, 0);
        try (var memory = Mapping.anonymous(64, true)) {
            var state = new CallState();
            assertThat(Sockets.receive(state, socket, memory.address(), 64, Sockets.MSG_DONTWAIT))
                    .isEqualTo(-1);
            assertThat(state.errno()).isEqualTo(Errno.EAGAIN);
            assertThat(Sockets.send(state, socket, memory.address(), 64, Sockets.MSG_DONTWAIT))
                    .isEqualTo(-1);
            assertThat(Errno.text(state.errno())).isEqualTo("Destination address required");
            assertThat(Sockets.sendMany(state, -1, memory.address(), 1, 0)).isEqualTo(-1);
            assertThat(Errno.name(state.errno())).isEqualTo("EBADF");
        } finally {
            Descriptors.close(socket);
        }
    }

    @Test
    void theSystemLogTakesWhatLooksLikeAFormat() {
        Syslog.open("jdpvs-test", Syslog.FACILITY_USER);
        Syslog.log(Syslog.DEBUG, "100 %s and %n are text");
        Syslog.close();
    }

    private static BitSet single(int cpu) {
        var set = new BitSet();
        set.set(cpu);
        return set;
    }

    @Test
    void theLastOfARangeOfCpus() {
        assertThat(Machine.lastOfRange("0\n")).isZero();
        assertThat(Machine.lastOfRange("0-3\n")).isEqualTo(3);
        assertThat(Machine.lastOfRange("0-3,8-11")).isEqualTo(11);
        assertThat(Machine.lastOfRange("0,2")).isEqualTo(2);
        assertThat(Machine.possibleCpus())
                .isGreaterThanOrEqualTo(Runtime.getRuntime().availableProcessors());
    }
}
