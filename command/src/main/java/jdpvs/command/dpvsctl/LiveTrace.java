package jdpvs.command.dpvsctl;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import jdpvs.command.Console;
import jdpvs.control.ControlException;
import jdpvs.control.Endpoint;
import jdpvs.control.IpAddress;
import jdpvs.control.PacketEvent;
import jdpvs.control.PacketEvent.Kind;
import jdpvs.control.Protocol;
import jdpvs.control.StepText;
import jdpvs.control.Views;
import jdpvs.control.WatchRequest;
import org.jspecify.annotations.Nullable;

/**
 * {@code dpvsctl trace --live}: the packets of a flow as they pass, with every step between. The client's packets are known by their addresses; a server's
 * only by what they become, so they are shown when they leave, or are dropped.
 */
final class LiveTrace {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS").withZone(ZoneId.systemDefault());
    private static final int MOST_STORIES = 256;
    private static final int MOST_ADDRESSES = 100;

    private final Console console;
    private final Protocol protocol;
    private final Endpoint client;
    private final Endpoint virtual;
    private final long mostPackets;
    private final long deadlineNanos;

    private final List<String> devices = new ArrayList<>();
    /** Packets of servers that have not left yet, by worker and number: the lines of each. */
    private final Map<Long, StringBuilder> pending = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, StringBuilder> eldest) {
            return size() > MOST_STORIES;
        }
    };

    private final Map<Long, Boolean> clients = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > MOST_STORIES;
        }
    };

    private long packets;
    private long notShown;
    private boolean dropped;

    /**
     * @param client port 0 = any
     * @param virtual port 0 = any
     */
    LiveTrace(Console console, Protocol protocol, Endpoint client, Endpoint virtual, long mostPackets, long seconds) {
        this.console = console;
        this.protocol = protocol;
        this.client = client;
        this.virtual = virtual;
        this.mostPackets = mostPackets;
        this.deadlineNanos = System.nanoTime() + Math.min(seconds, 1L << 32) * 1_000_000_000L;
    }

    /** @return 1 when a packet of the flow was dropped, else 0 */
    int run() throws ControlException, IOException {
        for (Views.Link link : console.control().links()) {
            devices.add(link.name());
        }
        console.control().watch(new WatchRequest(null, filter(), 256, true), this::show);
        console.out()
                .print(packets + (packets == 1 ? " packet" : " packets")
                        + (notShown == 0 ? "" : ", " + notShown + " events not shown") + "\n");
        return dropped ? 1 : 0;
    }

    /** The client's packets, and everything that servers send to the service's local addresses. */
    private String filter() throws IOException {
        StringBuilder text = new StringBuilder(256);
        text.append("(src host ").append(client.address());
        text.append(" and dst host ").append(virtual.address()).append(')');
        TreeSet<IpAddress> locals = new TreeSet<>();
        for (Views.Service service : console.control().services()) {
            if (service.key().address().equals(virtual.address())) {
                service.localAddresses().forEach(local -> locals.add(local.address()));
            }
        }
        locals.stream()
                .limit(MOST_ADDRESSES)
                .forEach(local -> text.append(" or dst host ").append(local));
        return text.toString();
    }

    private boolean show(PacketEvent event) {
        notShown = event.notShown();
        if (event.kind() == Kind.TICK) {
            console.out().flush();
            return !console.out().checkError() && System.nanoTime() < deadlineNanos;
        }
        if (event.packet() != 0) {
            long story = (long) event.worker() << 48 | event.packet();
            String line = line(event);
            if (clients.containsKey(story) || (isReceived(event) && goes(event.bytes(), client, virtual))) {
                if (clients.put(story, true) == null) {
                    packets++;
                }
                console.out().print(line);
                dropped |= event.kind() == Kind.DROPPED;
            } else {
                pending.computeIfAbsent(story, key -> new StringBuilder(256)).append(line);
                boolean returned = event.kind() == Kind.SENT && goes(event.bytes(), virtual, client);
                if (returned || event.kind() == Kind.DROPPED) {
                    packets++;
                    dropped |= event.kind() == Kind.DROPPED;
                    console.out().append(pending.get(story));
                }
                if (event.kind() == Kind.SENT || event.kind() == Kind.DROPPED) {
                    pending.remove(story);
                }
            }
        }
        return packets < mostPackets || !isOver(event);
    }

    private static boolean isReceived(PacketEvent event) {
        return event.kind() == Kind.RECEIVED || event.kind() == Kind.TAKEN_OVER;
    }

    private static boolean isOver(PacketEvent event) {
        return event.kind() == Kind.SENT || event.kind() == Kind.DROPPED;
    }

    /** Whether a frame goes from one to the other, by the protocol asked for. */
    private boolean goes(ByteBuffer bytes, Endpoint from, Endpoint to) {
        boolean ipv6 = from.address().ipv6();
        if (bytes.remaining() < (ipv6 ? 54 : 34) || (bytes.getShort(12) & 0xffff) != (ipv6 ? 0x86dd : 0x0800)) {
            return false;
        }
        TransportBytes transport = ipv6
                ? TransportBytes.find(bytes, 14)
                : new TransportBytes(bytes.get(23), 14 + (bytes.get(14) & 15) * 4, 0, 0);
        int at = transport.at();
        return transport.protocol() == (protocol == Protocol.UDP ? 17 : 6)
                && bytes.remaining() >= at + 4
                && source(bytes, ipv6).equals(from.address())
                && destination(bytes, ipv6).equals(to.address())
                && (from.port() == 0 || from.port() == (bytes.getShort(at) & 0xffff))
                && (to.port() == 0 || to.port() == (bytes.getShort(at + 2) & 0xffff));
    }

    private static IpAddress source(ByteBuffer bytes, boolean ipv6) {
        return ipv6 ? new IpAddress(true, bytes.getLong(22), bytes.getLong(30)) : IpAddress.ofIpv4(bytes.getInt(26));
    }

    private static IpAddress destination(ByteBuffer bytes, boolean ipv6) {
        return ipv6 ? new IpAddress(true, bytes.getLong(38), bytes.getLong(46)) : IpAddress.ofIpv4(bytes.getInt(30));
    }

    private String line(PacketEvent event) {
        String what = switch (event.kind()) {
            case RECEIVED -> "in    " + event.device() + "  " + PacketText.of(event.bytes());
            case TAKEN_OVER -> "over  from another worker";
            case SENT -> "out   " + event.device() + "  " + PacketText.of(event.bytes());
            case DROPPED -> "drop  " + event.name() + ": " + event.sentence();
            case STEP -> "step  " + StepText.of(event, this::device);
            case TICK -> "";
        };
        Instant time = Instant.ofEpochSecond(0, event.timeNanos());
        return TIME.format(time) + "  " + event.worker() + "#" + event.packet() + "  " + what + "\n";
    }

    private String device(long id) {
        return id >= 0 && id < devices.size() ? devices.get((int) id) : "device " + id;
    }

    /** {@code ADDRESS}, {@code ADDRESS:*} or {@code ADDRESS:PORT}; null when it is none of them. */
    static @Nullable Endpoint flowEnd(String word) {
        String text = word.endsWith(":*") ? word.substring(0, word.length() - 2) : word;
        try {
            return new Endpoint(IpAddress.parse(text), 0);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
