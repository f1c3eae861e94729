package jdpvs.port.packet;

import java.util.Set;
import jdpvs.port.Port;
import jdpvs.port.PortOptions;
import jdpvs.port.Ports;

/** A process that opens a port, says so, and waits to be killed. */
final class HeldPort {
    private HeldPort() {}

    public static void main(String[] arguments) throws Exception {
        Port port = Ports.open("dpdk0", arguments[0], new PortOptions(2, 64, true));
        port.own(Packets.owned(Set.of(Packets.ip(arguments[1])), Set.of(), 1));
        System.out.print("held\n");
        System.out.flush();
        Thread.sleep(60_000);
    }
}
