package jdpvs.keepalived.configuration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdpvs.config.BlockValues.Setting;
import jdpvs.control.IpAddress;
import jdpvs.keepalived.configuration.VirtualServer.LocalAddress;
import org.jspecify.annotations.Nullable;

/** The groups that virtual servers name, each list of addresses written out. */
final class AddressGroups {
    /** Services of one group; a range of IPv6 may have 65536 addresses. */
    static final int MOST_SERVICES = 4096;

    private final Context context;
    private final Map<String, List<LocalAddress>> local = new HashMap<>();
    private final Map<String, Boolean> lists = new HashMap<>();
    private final Map<String, List<Place>> services = new HashMap<>();

    /** Of a service, without its protocol. */
    record Place(IpAddress address, int port) {}

    AddressGroups(Context context) {
        this.context = context;
        for (Node node : context.root.all("local_address_group")) {
            if (context.first("local_address_group " + node.name(), node.at)) {
                Set<LocalAddress> all = new LinkedHashSet<>();
                for (Setting entry : node.entries()) {
                    EntryType.Local.Row value = (EntryType.Local.Row) entry.value();
                    value.range().addresses().forEach(address -> all.add(new LocalAddress(address, value.device())));
                }
                local.put(node.name(), List.copyOf(all));
            }
        }
        for (String kind : List.of("deny_address_group", "allow_address_group")) {
            for (Node node : context.root.all(kind)) {
                if (context.first(kind + " " + node.name(), node.at)) {
                    lists.put(kind + " " + node.name(), !node.entries().isEmpty());
                }
            }
        }
        for (Node node : context.root.all("virtual_server_group")) {
            if (context.first("virtual_server_group " + node.name(), node.at)) {
                services.put(node.name(), places(node));
            }
        }
    }

    private List<Place> places(Node node) {
        String thing = "virtual_server_group " + node.name();
        Set<Place> all = new LinkedHashSet<>();
        for (Setting entry : node.entries()) {
            EntryType.Service.Places value = (EntryType.Service.Places) entry.value();
            AddressRange range = value.range();
            if (range == null) {
                context.messages.error(entry.at(), thing + ": dpvs has no services by mark, fwmark is left out");
            } else if (!all.isEmpty()
                    && all.iterator().next().address().ipv6() != range.first().ipv6()) {
                context.messages.error(
                        entry.at(),
                        thing + ": " + range.first()
                                + " is not of the first one's family, it is left out: a group has one family");
            } else if (all.size() + range.count() > MOST_SERVICES) {
                context.messages.error(
                        entry.at(),
                        thing + ": more than " + MOST_SERVICES + " services, " + range.first() + " is left out");
            } else {
                range.addresses().forEach(address -> all.add(new Place(address, value.port())));
            }
        }
        return new ArrayList<>(all);
    }

    @Nullable List<LocalAddress> local(String group) {
        return local.get(group);
    }

    @Nullable List<Place> services(String group) {
        return services.get(group);
    }

    /** Whether a deny_address_group or allow_address_group names somebody; null = there is no such group. */
    @Nullable Boolean names(String kind, String group) {
        return lists.get(kind + " " + group);
    }
}
