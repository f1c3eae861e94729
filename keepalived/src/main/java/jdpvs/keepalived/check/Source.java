package jdpvs.keepalived.check;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.NetworkChannel;
import jdpvs.control.IpAddress;
import jdpvs.keepalived.configuration.CheckSettings.Target;
import jdpvs.linux.InternetSockets;
import jdpvs.linux.Sockets;
import org.jspecify.annotations.Nullable;

/** Where a probe's packets come from: {@code bindto}, {@code bind_port}, {@code bind_if}, {@code fwmark}. */
final class Source {
    private Source() {}

    static StandardProtocolFamily family(Target target) {
        return target.destination().address().ipv6() ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    }

    static InetSocketAddress destination(Target target) throws IOException {
        return new InetSocketAddress(
                address(target.destination().address(), target.sourceInterface()),
                target.destination().port());
    }

    /** @param networkInterface the scope of a link-local address; null = none */
    static InetAddress address(IpAddress address, @Nullable String networkInterface) throws IOException {
        byte[] bytes = address.ipv6()
                ? ByteBuffer.allocate(16)
                        .putLong(address.high())
                        .putLong(address.low())
                        .array()
                : ByteBuffer.allocate(4).putInt(address.toIpv4()).array();
        InetAddress plain = InetAddress.getByAddress(bytes);
        if (networkInterface == null || !(plain instanceof Inet6Address) || !plain.isLinkLocalAddress()) {
            return plain;
        }
        NetworkInterface scope = NetworkInterface.getByName(networkInterface);
        if (scope == null) {
            throw new UnknownHostException("no interface " + networkInterface);
        }
        return Inet6Address.getByAddress(null, bytes, scope);
    }

    /** Whether anything is said of it: the socket is bound to a port of its own then. */
    static boolean isChosen(Target target) {
        return target.source() != null || target.sourcePort() != 0 || isInKernel(target);
    }

    private static boolean isInKernel(Target target) {
        return target.sourceInterface() != null || target.mark() != 0;
    }

    /** To be called before the channel is opened. @return for {@link #apply} */
    static int nextDescriptor(Target target) {
        return isInKernel(target) ? InternetSockets.next() : 0;
    }

    /**
     * To be called before the channel is connected.
     *
     * @param type {@link Sockets#SOCK_STREAM} or {@link Sockets#SOCK_DGRAM}
     * @throws jdpvs.linux.SystemCallException when the kernel refuses the interface or the mark
     */
    static void apply(NetworkChannel channel, int type, Target target, int nextDescriptor) throws IOException {
        if (!isChosen(target)) {
            return;
        }
        if (target.sourcePort() != 0) {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        }
        IpAddress any = target.destination().address().ipv6() ? new IpAddress(true, 0, 0) : IpAddress.ofIpv4(0);
        IpAddress source = target.source() == null ? any : target.source();
        channel.bind(new InetSocketAddress(address(source, target.sourceInterface()), target.sourcePort()));
        if (isInKernel(target)) {
            int descriptor = InternetSockets.find(type, (InetSocketAddress) channel.getLocalAddress(), nextDescriptor);
            if (target.sourceInterface() != null) {
                Sockets.bindToDevice(descriptor, target.sourceInterface());
            }
            if (target.mark() != 0) {
                Sockets.setMark(descriptor, target.mark());
            }
        }
    }
}
