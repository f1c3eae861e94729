package jdpvs.control;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * One step of a transaction. The JSON form is the record with a {@code "change"} member that names its type.
 *
 * <p>Refusals, whose numbers become exit codes (facts: cli §3, §4.7):
 *
 * <pre>
 * address    EXISTS on adding one that is there; NOT_EXIST for an absent address or device, also on announcing
 * route      INVALID without a device; adding what is there and deleting what is not succeed
 * VLAN       EXISTS for its name or its id on the link; NOT_EXIST; NO_ROOM; BUSY on deleting one with a service's local address
 * neighbour  NOT_EXIST for an absent entry or device
 * service    EXISTS on adding one that is there; NOT_EXIST for an unknown scheduler; INVALID for an absent service
 * server     INVALID for an absent service; EXISTS, NOT_EXIST for the server
 * LIP        NO_SERVICE for an absent service; NOT_EXIST for an absent device or local address; EXISTS
 * any        NOT_SUPPORTED for what this balancer does not do
 * </pre>
 *
 * <p>The message of a refusal names the thing without repeating the code's phrase, for example {@code address 10.0.0.1/32 on dpdk0}: the tools print
 * {@code already exist: address 10.0.0.1/32 on dpdk0}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "change")
public sealed interface Change {

    /**
     * @param prefixLength 32 or 128 for a lone address; shorter also makes a link route
     * @param broadcast null = none
     * @param scope {@code host}, {@code link}, {@code global} or a number as written
     * @param validSeconds -1 = forever
     * @param pool {@code sapool}: the address serves as source address of connections
     * @param immediate true = used and announced at once, without asking the link for duplicates (RFC 4862 §5.4): a virtual router's address is to answer as soon as its router is
     *     master (RFC 9568 §6.4.3), and the link would still be asked of the former one; null = not so
     */
    record AddressAdd(
            IpAddress address,
            int prefixLength,
            String device,
            @Nullable IpAddress broadcast,
            String scope,
            long validSeconds,
            long preferredSeconds,
            boolean pool,
            @Nullable Boolean immediate)
            implements Change {
        public AddressAdd {
            immediate = Boolean.TRUE.equals(immediate) ? Boolean.TRUE : null;
        }

        /** As {@code dpip addr add} gives it. */
        public AddressAdd(
                IpAddress address,
                int prefixLength,
                String device,
                @Nullable IpAddress broadcast,
                String scope,
                long validSeconds,
                long preferredSeconds,
                boolean pool) {
            this(address, prefixLength, device, broadcast, scope, validSeconds, preferredSeconds, pool, null);
        }
    }

    record AddressDelete(IpAddress address, int prefixLength, String device) implements Change {}

    record AddressFlush(String device) implements Change {}

    /**
     * Tells the link once more where an address is, once: gratuitous ARP as request and as reply (RFC 5227 §3), or an unsolicited neighbour advertisement with override (RFC 4861 §7.2.6).
     * A tentative address is announced when it has become assigned, anyway.
     */
    record AddressAnnounce(IpAddress address, String device) implements Change {}

    /**
     * @param gateway null = on the link
     * @param mtu 0 = the device's
     * @param scope {@code host}, {@code kni_host}, {@code link}, {@code global}, or null to derive it
     */
    record RouteAdd(
            IpAddress prefix,
            int prefixLength,
            @Nullable IpAddress gateway,
            @Nullable String device,
            @Nullable IpAddress source,
            int mtu,
            int metric,
            @Nullable String scope)
            implements Change {}

    record RouteDelete(
            IpAddress prefix,
            int prefixLength,
            @Nullable IpAddress gateway,
            @Nullable String device,
            @Nullable String scope)
            implements Change {}

    /** @param device null = all */
    record RouteFlush(boolean ipv6, @Nullable String device) implements Change {}

    /** @param macAddress lower-case hex octets with colons */
    record NeighbourAdd(IpAddress address, String macAddress, String device) implements Change {}

    record NeighbourDelete(IpAddress address, String device) implements Change {}

    /** @param item a word of {@code dpip link set}, for example {@code promisc}; value as written */
    record LinkSet(String device, String item, String value) implements Change {}

    /**
     * A VLAN device with the MAC address, MTU and link of the device that carries its frames.
     *
     * @param name null = the link's, a dot, and the id
     * @param protocol {@code 802.1q} or {@code vlan}; null = that
     * @param id 1 to 4095
     */
    record VlanAdd(
            @Nullable String name, String link, @Nullable String protocol, int id) implements Change {}

    /**
     * A VLAN device goes with its addresses, routes and neighbours.
     *
     * @param name null = named by link and id
     */
    record VlanDelete(@Nullable String name, @Nullable String link, int id) implements Change {}

    record ServiceAdd(ServiceKey service, ServiceOptions options) implements Change {}

    record ServiceEdit(ServiceKey service, ServiceOptions options) implements Change {}

    record ServiceDelete(ServiceKey service) implements Change {}

    /** All services go. */
    record ServiceClear() implements Change {}

    record ServerAdd(ServiceKey service, Endpoint server, ServerOptions options) implements Change {}

    record ServerEdit(ServiceKey service, Endpoint server, ServerOptions options) implements Change {}

    record ServerDelete(ServiceKey service, Endpoint server) implements Change {}

    /** Also puts the address on the device, with a pool; an address that is already there is not an error. */
    record LocalAddressAdd(ServiceKey service, IpAddress address, String device) implements Change {}

    /** Also takes the address off the device unless another service uses it. */
    record LocalAddressDelete(ServiceKey service, IpAddress address, String device) implements Change {}

    /** Statistics back to zero; null = of every service. */
    record Zero(@Nullable ServiceKey service) implements Change {}
}
