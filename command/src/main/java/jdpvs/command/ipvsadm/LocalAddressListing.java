package jdpvs.command.ipvsadm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import jdpvs.command.Columns;
import jdpvs.command.CommandFailure;
import jdpvs.command.Console;
import jdpvs.control.Endpoint;
import jdpvs.control.Views;

/** {@code ipvsadm -G}: the local addresses of services, always in numbers (facts: cli §4.6 (g)). */
final class LocalAddressListing {
    private LocalAddressListing() {}

    static void list(Line line, Changes changes, Console console) throws CommandFailure, IOException {
        Listing.wholeBalancer(line);
        List<Views.Service> services;
        if (line.service() == null) {
            services = new ArrayList<>(console.control().services());
            services.sort(Listing.SERVICE_ORDER);
        } else {
            services = List.of(Listing.find(changes.service(line), console));
        }
        StringBuilder text = new StringBuilder(256);
        row(text, "VIP:VPORT", "TOTAL", "SNAT_IP", "CONFLICTS", "CONNS");
        console.out().append(text);
        for (Views.Service service : services) {
            text.setLength(0);
            Endpoint vip = new Endpoint(service.key().address(), service.key().port());
            Columns.left(text, vip.toString(), 20).append(' ');
            Columns.left(text, service.localAddresses().size(), 8).append(" \n");
            for (Views.LocalAddress local : service.localAddresses()) {
                row(
                        text,
                        "",
                        "",
                        local.address().toString(),
                        Long.toString(local.conflicts()),
                        Long.toString(local.connections()));
            }
            console.out().append(text);
        }
    }

    private static void row(StringBuilder text, String vip, String total, String lip, String conflicts, String conns) {
        Columns.left(text, vip, 20).append(' ');
        Columns.left(text, total, 8).append(' ');
        Columns.left(text, lip, 20).append(' ');
        Columns.left(text, conflicts, 10).append(' ');
        Columns.left(text, conns, 10).append('\n');
    }
}
