package jdpvs.command.dpip;

import java.io.PrintWriter;
import jdpvs.command.Columns;
import jdpvs.control.Views;

/** One device as {@code dpip link show} prints it. */
final class LinkBlock {
    private static final int WIDE = 20;
    private static final int NARROW = 16;
    private static final int DRIVER = 32;

    private LinkBlock() {}

    static void print(Views.Link link, DpipLine line, PrintWriter out) {
        out.append(basics(link));
        if (line.statistics()) {
            Views.LinkCounters c = link.counters();
            Rows.print(
                    out,
                    WIDE,
                    "ipackets opackets ibytes obytes",
                    c.receivedPackets(),
                    c.sentPackets(),
                    c.receivedBytes(),
                    c.sentBytes());
            Rows.print(
                    out,
                    WIDE,
                    "ierrors oerrors imissed rx_nombuf",
                    c.receiveErrors(),
                    c.sendErrors(),
                    c.missed(),
                    c.noBuffer());
            Rows.print(out, WIDE, "mbuf-avail mbuf-inuse", c.buffersAvailable(), c.buffersInUse());
        }
        if (line.verbose()) {
            if (line.statistics()) {
                out.print("    xstats list:\n        not supported\n");
            }
            details(link, out);
        }
    }

    private static StringBuilder basics(Views.Link link) {
        StringBuilder text = new StringBuilder(256);
        text.append(link.id()).append(": ").append(link.name());
        text.append(": socket ").append(link.socket()).append(" mtu ").append(link.mtu());
        text.append(" rx-queue ").append(link.receiveQueues());
        text.append(" tx-queue ").append(link.transmitQueues()).append("\n    ");
        text.append(link.up() ? "UP " : "DOWN ").append(link.speedMegabits()).append(" Mbps ");
        text.append(link.fullDuplex() ? "full-duplex " : "half-duplex ");
        text.append(link.autoNegotiated() ? "auto-nego " : "fixed-nego ");
        for (String flag : link.flags()) {
            text.append(flag).append(' ');
        }
        text.append("\n    addr ").append(link.macAddress()).append(' ');
        for (String offload : link.offloads()) {
            text.append(offload).append(' ');
        }
        return text.append('\n');
    }

    /** Limits that a port of ours does not have are 0. */
    private static void details(Views.Link link, PrintWriter out) {
        Rows.print(out, DRIVER, "pci_addr driver_name", "-", link.kind());
        Rows.print(out, NARROW, "if_index min_rx_bufsize max_rx_pktlen max_mac_addrs", link.interfaceIndex(), 0, 0, 1);
        Rows.print(
                out,
                NARROW,
                "max_rx_queues max_tx_queues max_hash_addrs max_vfs",
                link.receiveQueues(),
                link.transmitQueues(),
                0,
                0);
        Rows.print(out, NARROW, "max_vmdq_pools rx_ol_capa tx_ol_capa reta_size", 0, "0x0", "0x0", 0);
        Rows.print(out, NARROW, "hash_key_size flowtype_rss_ol vmdq_que_base vmdq_que_num", 0, "0x0", 0, 0);
        Rows.print(out, NARROW, "rx_desc_max rx_desc_min rx_desc_align vmdq_pool_base", 0, 0, 0, 0);
        Rows.print(out, NARROW, "tx_desc_max tx_desc_min tx_desc_align speed_capa", 0, 0, 0, "0x0");
        StringBuilder text = new StringBuilder("    Queue Configuration:\n");
        for (Views.QueueBinding queue : link.queues()) {
            Columns.left(text.append("    "), queue.queue(), 12);
            Columns.left(text, queue.worker(), 25).append('\n');
        }
        out.append(text.append("    HW mcast list:\n"));
    }

    /** Per second, between two looks {@code seconds} apart. */
    static void printRates(Views.Link link, Views.LinkCounters old, int seconds, PrintWriter out) {
        Views.LinkCounters now = link.counters();
        out.append(basics(link));
        Rows.print(
                out,
                NARROW,
                "ipackets/pps opackets/pps ibytes/Bps obytes/Bps",
                (now.receivedPackets() - old.receivedPackets()) / seconds,
                (now.sentPackets() - old.sentPackets()) / seconds,
                (now.receivedBytes() - old.receivedBytes()) / seconds,
                (now.sentBytes() - old.sentBytes()) / seconds);
        Rows.print(
                out,
                NARROW,
                "ierrors/pps oerrors/pps imissed/pps rx_nombuf/pps",
                (now.receiveErrors() - old.receiveErrors()) / seconds,
                (now.sendErrors() - old.sendErrors()) / seconds,
                (now.missed() - old.missed()) / seconds,
                (now.noBuffer() - old.noBuffer()) / seconds);
    }
}
