package jdpvs.keepalived.configuration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a reload would do. */
public final class ConfigurationDifference {
    private static final String OF = " of ";

    private ConfigurationDifference() {}

    /**
     * One line for each thing that is removed ({@code -}), changed ({@code ~}, with the keys and their values before and after) or added ({@code +}), in words of the file; empty when nothing is. Real
     * servers of a virtual server that goes or comes whole have no lines of their own, that one tells their number.
     */
    public static List<String> lines(KeepalivedConfiguration before, KeepalivedConfiguration after) {
        Map<String, Map<String, String>> old = Description.of(before).things();
        Map<String, Map<String, String>> now = Description.of(after).things();
        Map<String, Integer> oldServers = servers(old);
        Map<String, Integer> newServers = servers(now);
        List<String> lines = new ArrayList<>();
        old.forEach((name, keys) -> {
            if (!now.containsKey(name) && !within(name, old, now)) {
                lines.add("- " + name + count(name, oldServers));
            }
        });
        now.forEach((name, keys) -> {
            Map<String, String> was = old.get(name);
            if (was != null && !was.equals(keys)) {
                lines.add("~ " + name + ": " + String.join(", ", changes(was, keys)));
            } else if (was == null && !within(name, now, old)) {
                lines.add("+ " + name + count(name, newServers));
            }
        });
        return lines;
    }

    /** The virtual server of a real server; empty for other things. */
    private static String owner(String name) {
        int of = name.startsWith("real_server ") ? name.indexOf(OF) : -1;
        return of < 0 ? "" : name.substring(of + OF.length());
    }

    /** Whether it belongs to a thing that comes or goes itself. */
    private static boolean within(
            String name, Map<String, Map<String, String>> here, Map<String, Map<String, String>> there) {
        String owner = owner(name);
        return here.containsKey(owner) && !there.containsKey(owner);
    }

    /** How many real servers each virtual server has. */
    private static Map<String, Integer> servers(Map<String, Map<String, String>> things) {
        Map<String, Integer> counts = new HashMap<>();
        things.keySet().forEach(name -> counts.merge(owner(name), 1, Integer::sum));
        return counts;
    }

    private static String count(String name, Map<String, Integer> servers) {
        if (!name.startsWith("virtual_server ")) {
            return "";
        }
        int count = Objects.requireNonNullElse(servers.get(name), 0);
        return " (" + count + (count == 1 ? " real server)" : " real servers)");
    }

    private static List<String> changes(Map<String, String> was, Map<String, String> is) {
        List<String> changes = new ArrayList<>();
        Map<String, String> keys = new LinkedHashMap<>(was);
        keys.putAll(is);
        for (String key : keys.keySet()) {
            String old = Objects.requireNonNullElse(was.get(key), "none");
            String now = Objects.requireNonNullElse(is.get(key), "none");
            if (!old.equals(now)) {
                // Differences go to terminals and logs, where a password has no place.
                changes.add(key.equals("auth_pass") ? "auth_pass is another one" : key + " " + old + " -> " + now);
            }
        }
        return changes;
    }
}
