package jdpvs.keepalived.vrrp;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jdpvs.control.IpAddress;
import jdpvs.keepalived.configuration.VrrpInstance;
import jdpvs.wire.Address;
import jdpvs.wire.vrrp.Advertisement;
import jdpvs.wire.vrrp.Refusal;
import org.jspecify.annotations.Nullable;

/** What an instance asks of an advertisement beside its bytes' soundness (RFC 3768 §7.1, RFC 9568 §7.1). */
final class AdvertisementChecks {
    private final VrrpInstance instance;
    private final List<Address> addresses;
    private final Set<Address> peers;
    private final @Nullable String password;

    AdvertisementChecks(VrrpInstance instance) {
        this.instance = instance;
        List<IpAddress> peerList = instance.peers();
        addresses = instance.addresses().stream()
                .map(address -> address.address().toAddress())
                .toList();
        peers = peerList == null
                ? Set.of()
                : peerList.stream().map(IpAddress::toAddress).collect(Collectors.toUnmodifiableSet());
        password = instance.password() == null ? null : Advertisement.password(instance.password());
    }

    /** What this host advertises. */
    Advertisement advertisement(int priority) {
        return new Advertisement(
                instance.version(), instance.virtualRouterId(), priority, intervalHundredths(), password, addresses);
    }

    /**
     * @param own this host's address that the instance advertises from
     * @return null when the advertisement counts
     */
    @Nullable Refusal refusal(Heard heard, @Nullable Address own) {
        Advertisement advertisement = heard.advertisement();
        boolean unicast = instance.peers() != null;
        if (unicast == heard.destination().isMulticast()) {
            return Refusal.OTHER_DESTINATION;
        }
        // Peers may be on other links.
        if (!unicast && heard.hopLimit() != Advertisement.HOP_LIMIT) {
            return Refusal.HOP_LIMIT;
        }
        if (heard.source().equals(own)) {
            return Refusal.OWN_SOURCE;
        }
        if (unicast && instance.checkUnicastSource() && !peers.contains(heard.source())) {
            return Refusal.STRANGER;
        }
        if (advertisement.version() != instance.version()) {
            return Refusal.OTHER_VERSION;
        }
        if (instance.version() == 2) {
            String theirs = advertisement.password();
            if ((theirs == null) != (password == null)) {
                return Refusal.OTHER_AUTHENTICATION;
            }
            if (theirs != null && !theirs.equals(password)) {
                return Refusal.OTHER_PASSWORD;
            }
            if (advertisement.intervalHundredths() != intervalHundredths()) {
                return Refusal.OTHER_INTERVAL;
            }
        }
        // The addresses' owner is believed (RFC 3768 §7.1).
        if (!instance.acceptsAdvertisedAddressesUnchecked()
                && advertisement.priority() != VirtualRouter.OWNER
                && !new HashSet<>(advertisement.addresses()).equals(new HashSet<>(addresses))) {
            return Refusal.OTHER_ADDRESSES;
        }
        return null;
    }

    private int intervalHundredths() {
        return (int) (instance.advertisementInterval().toMillis() / 10);
    }
}
