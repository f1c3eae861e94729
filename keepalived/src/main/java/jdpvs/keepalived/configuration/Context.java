package jdpvs.keepalived.configuration;

import java.util.LinkedHashMap;
import java.util.Map;
import jdpvs.config.Location;
import jdpvs.config.Messages;

/** What all rules need: the tree, the messages, and the programs' makers. */
final class Context {
    final Node root;
    final Node global;
    final Messages messages;
    final Commands commands;
    final String hostName;
    private final Map<String, Location> places = new LinkedHashMap<>();

    Context(Node root, Messages messages, Host host) {
        this.root = root;
        this.messages = messages;
        global = root.one("global_defs");
        hostName = host.name();
        commands = new Commands(global, messages, host);
    }

    boolean has(String thing) {
        return places.containsKey(thing);
    }

    /** What the file says of this thing later is left out: the first one counts. */
    boolean first(String thing, Location at) {
        Location before = places.putIfAbsent(thing, at);
        if (before != null) {
            messages.error(at, thing + " stands at " + before + " already, this one is left out");
        }
        return before == null;
    }
}
