package jdpvs.keepalived.configuration;

import java.util.List;
import java.util.Objects;
import jdpvs.config.Messages;
import jdpvs.config.ValueType;
import jdpvs.control.IpAddress;
import jdpvs.control.Protocol;
import jdpvs.control.ServiceOptions;
import org.jspecify.annotations.Nullable;

/** Makes the options of a service out of the keys of its virtual_server. */
final class ServiceRules {
    private static final int DEFAULT_PERSISTENCE = 360;

    private final Messages messages;

    ServiceRules(Messages messages) {
        this.messages = messages;
    }

    ServiceOptions of(Node node, Protocol protocol, List<AddressGroups.Place> places) {
        String scheduler = Objects.requireNonNull(node.text("lb_algo"));
        boolean portless = protocol == Protocol.ICMP || protocol == Protocol.ICMPV6;
        boolean anyPort = !portless && places.stream().anyMatch(place -> place.port() == 0);
        int persistence = node.number("persistence_timeout", anyPort ? DEFAULT_PERSISTENCE : 0);
        return new ServiceOptions(
                scheduler,
                persistence,
                mask(node, places.getFirst().address().ipv6()),
                udpOnly(node, "ops", protocol),
                node.flag("syn_proxy"),
                hashTarget(node, scheduler, protocol),
                node.flag("expire_quiescent_conn"),
                node.number("establish_timeout", 0),
                "disable".equals(node.text("proxy_protocol")) ? null : node.text("proxy_protocol"),
                udpOnly(node, "quic", protocol),
                List.of());
    }

    private boolean udpOnly(Node node, String key, Protocol protocol) {
        if (node.flag(key) && protocol != Protocol.UDP) {
            messages.warn(node.place(key), key + " is for UDP services only; it is ignored");
            return false;
        }
        return node.flag(key);
    }

    private @Nullable String hashTarget(Node node, String scheduler, Protocol protocol) {
        String target = node.text("hash_target");
        if (!scheduler.equals("conhash")) {
            if (target != null) {
                messages.warn(node.place("hash_target"), "hash_target is for lb_algo conhash only; it is ignored");
            }
            return null;
        }
        if ("qid".equals(target) && protocol != Protocol.UDP) {
            messages.warn(node.place("hash_target"), "hash_target qid is for UDP services only; sip is used");
            return "sip";
        }
        return Objects.requireNonNullElse(target, "sip");
    }

    /** IPv4: the mask, IPv6: the length; null = single addresses. */
    private @Nullable String mask(Node node, boolean ipv6) {
        String word = node.text("persistence_granularity");
        if (word == null) {
            return null;
        }
        int bits = ipv6 ? 128 : 32;
        if (new ValueType.Whole(1, bits, null).value(word) instanceof Long length) {
            if (length == bits) {
                return null;
            }
            return ipv6
                    ? word
                    : IpAddress.ofIpv4(-1 << (32 - length.intValue())).toString();
        }
        IpAddress mask = ipv6 ? null : WordType.address(word);
        if (mask != null) {
            int value = mask.toIpv4();
            // Ones, then zeros: the complement plus one is a power of two.
            if (value == -1) {
                return null;
            }
            if (value != 0 && (~value & (~value + 1)) == 0) {
                return word;
            }
        }
        messages.warn(
                node.place("persistence_granularity"),
                "persistence_granularity " + Messages.quote(word) + " must be "
                        + (ipv6 ? "a length 1 … 128" : "a mask such as 255.255.255.0 or a length 1 … 32")
                        + "; single addresses are used");
        return null;
    }
}
