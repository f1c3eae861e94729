package jdpvs.config.dpvs;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import jdpvs.config.Location;
import jdpvs.config.Messages;
import jdpvs.config.Severity;
import org.jspecify.annotations.Nullable;

/** How bonds and their slaves must fit together, and which kernel interfaces there are (facts: config §3). */
final class BondRules {
    static final int MAXIMUM_SLAVES = 32;

    private final DpvsConfiguration configuration;
    private final Messages messages;
    private final Set<String> devices = new HashSet<>();
    private final Set<String> bonds = new HashSet<>();
    private final Map<String, String> bondOfSlave = new HashMap<>();
    private final Map<String, String> kernelInterfaces = new HashMap<>();

    BondRules(DpvsConfiguration configuration, Messages messages) {
        this.configuration = configuration;
        this.messages = messages;
        configuration.devices().forEach(device -> devices.add(device.name()));
        configuration.bondings().forEach(bond -> bonds.add(bond.name()));
    }

    void check() {
        configuration.bondings().forEach(this::checkBond);
        for (DeviceSettings device : configuration.devices()) {
            String bond = bondOf(device.name());
            String kernelInterface = device.kernelInterface();
            if (bond == null) {
                checkKernelInterface("device " + device.name(), kernelInterface, device.at());
            } else if (kernelInterface != null) {
                messages.add(
                        Severity.WARNING,
                        "NETIF",
                        device.at(),
                        "device " + device.name() + " is a slave of " + bond + ": its kni_name " + kernelInterface
                                + " is ignored, the bond may have one; omit it");
            }
        }
        for (BondingSettings bond : configuration.bondings()) {
            checkKernelInterface("bonding " + bond.name(), bond.kernelInterface(), bond.at());
        }
        configuration.kernelWorker().ifPresent(this::checkKernelWorker);
    }

    /** The bond that a device is a slave of; null = none. To be asked after the check. */
    @Nullable String bondOf(String device) {
        return bondOfSlave.get(device);
    }

    private void checkBond(BondingSettings bond) {
        String subject = "bonding " + bond.name();
        if (devices.contains(bond.name())) {
            error(bond.at(), subject + " has the name of a device: rename one of them");
        }
        if (bond.slaves().isEmpty()) {
            error(bond.at(), subject + " has no slave: add a line 'slave DEVICE'");
        }
        if (bond.slaves().size() > MAXIMUM_SLAVES) {
            error(bond.at(), subject + " has more than " + MAXIMUM_SLAVES + " slaves: remove some");
        }
        for (String slave : bond.slaves()) {
            if (bonds.contains(slave) && !devices.contains(slave)) {
                error(bond.at(), subject + ": slave " + slave + " is a bond itself: name its slaves here");
                continue;
            }
            if (!devices.contains(slave)) {
                error(
                        bond.at(),
                        subject + ": slave " + slave + " is not a declared device: add a block 'device " + slave
                                + " {'");
            }
            String other = bondOfSlave.putIfAbsent(slave, bond.name());
            if (other != null) {
                error(
                        bond.at(),
                        subject + ": slave " + slave + " belongs to " + other + " already: remove it from one of them");
            }
        }
        if (!bond.slaves().isEmpty() && !bond.slaves().contains(bond.primary())) {
            error(
                    bond.at(),
                    subject + ": primary " + bond.primary() + " is not one of its slaves: name one of "
                            + String.join(", ", bond.slaves()));
        }
    }

    private void checkKernelInterface(String owner, @Nullable String name, Location at) {
        if (name == null) {
            return;
        }
        String other = kernelInterfaces.putIfAbsent(name, owner);
        if (other != null) {
            error(at, owner + ": kni_name " + name + " belongs to " + other + " already: choose another name");
        }
        if (devices.contains(name) || bonds.contains(name)) {
            error(at, owner + ": kni_name " + name + " is the name of a device or bond: choose another name");
        }
    }

    private void checkKernelWorker(WorkerSettings worker) {
        boolean off = !configuration.global().kernelInterfaces();
        if (off || kernelInterfaces.isEmpty()) {
            notice(
                    worker.at(),
                    "worker " + worker.name() + " has no kernel interface to serve: "
                            + (off ? "'kni off' stands in global_defs" : "no device or bond has a kni_name"));
        }
        worker.ports().stream()
                .filter(port -> !port.receiveQueues().isEmpty())
                .findFirst()
                .ifPresent(port -> notice(
                        port.at(),
                        "worker " + worker.name() + ": its rx_queue_ids count in listings only; what is for the"
                                + " kernel reaches it from every queue"));
    }

    private void notice(Location at, String text) {
        messages.add(Severity.NOTICE, "NETIF", at, text);
    }

    private void error(Location at, String text) {
        messages.add(Severity.ERROR, "NETIF", at, text);
    }
}
