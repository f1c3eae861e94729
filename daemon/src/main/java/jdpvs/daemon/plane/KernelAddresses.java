package jdpvs.daemon.plane;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jdpvs.balancer.service.ServiceConfiguration;
import jdpvs.daemon.kernel.KernelHas;
import jdpvs.daemon.worker.Snapshot;
import jdpvs.stack.Device;
import jdpvs.stack.InterfaceAddress;
import jdpvs.stack.NetworkConfiguration;
import jdpvs.wire.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the kernel says it has on its interfaces beside the devices. All of it is the kernel's but what dpvs has: an address of dpvs's own stays so, and the address of
 * a service is balanced although the kernel has it too, which then answers what the balancer has no use for.
 */
final class KernelAddresses {
    private static final Logger LOG = LoggerFactory.getLogger("Kni");

    private KernelHas has = KernelHas.NOTHING;
    /** Told once for as long as they last. */
    private final Set<Address> conflicts = new HashSet<>();

    void set(KernelHas now) {
        has = now;
    }

    /** The snapshot with these addresses in it; to be called for every snapshot before it is published. */
    Snapshot follow(Snapshot next) {
        NetworkConfiguration network = next.network();
        Map<Address, Device> kernels = new HashMap<>();
        Set<Address> shared = new HashSet<>();
        has.beside().forEach((id, addresses) -> {
            Device device = network.device(id);
            if (device == null) {
                return;
            }
            for (Address address : addresses) {
                if (!isServed(next.services(), address)) {
                    kernels.put(address, device);
                }
                if (isOurs(network, address)) {
                    shared.add(address);
                    tell(device, address);
                }
            }
        });
        conflicts.retainAll(shared);
        Set<Address> both = has.anywhere().stream().filter(network::isLocal).collect(Collectors.toSet());
        return kernels.equals(network.kernelAddresses()) && both.equals(network.kernelHasToo())
                ? next
                : next.with(
                        network.edit()
                                .kernelAddresses(kernels)
                                .kernelHasToo(both)
                                .build(),
                        next.services());
    }

    private static boolean isServed(ServiceConfiguration services, Address address) {
        return services.isVirtualAddress(address.high(), address.low())
                || services.isLocalAddress(address.high(), address.low());
    }

    private static boolean isOurs(NetworkConfiguration network, Address address) {
        InterfaceAddress own = network.address(address);
        return own != null && !own.automatic();
    }

    private void tell(Device device, Address address) {
        if (conflicts.add(address)) {
            LOG.warn(
                    "the kernel has {} on the kernel interface of {}, but it is an address of dpvs's: dpvs keeps it; delete one of them",
                    address,
                    device.name());
        }
    }
}
