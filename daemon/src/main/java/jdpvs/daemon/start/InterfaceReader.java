package jdpvs.daemon.start;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import jdpvs.config.dpvs.BondingSettings;
import jdpvs.config.dpvs.DeviceSettings;
import jdpvs.config.dpvs.DpvsConfiguration;
import jdpvs.config.dpvs.WorkerSettings;
import jdpvs.port.bond.BondMode;
import jdpvs.port.bond.BondOptions;
import jdpvs.process.StartException;
import org.jspecify.annotations.Nullable;

/**
 * Devices and bonds: which of them are opened, how, and their ids. Opened is what a worker serves, and the slaves of what a worker serves; ids count the devices in the
 * order of the file, then the bonds.
 */
final class InterfaceReader {
    private static final String PACKET = "packet:";

    /** What workers may serve: a device that is no slave, or a bond. */
    record Served(int id, String name) {}

    private final DpvsConfiguration configuration;
    private final Options options;
    private final List<DeviceSettings> devices;
    private final List<BondingSettings> bonds;

    InterfaceReader(DpvsConfiguration configuration, Options options) {
        this.configuration = configuration;
        this.options = options;
        this.bonds = configuration.bondings().stream()
                .filter(bond -> boundBy(bond.name()) > 0)
                .toList();
        this.devices = configuration.devices().stream()
                .filter(device -> boundBy(device.name()) > 0 || bondOf(device) != null)
                .toList();
    }

    static boolean serves(WorkerSettings worker, String name) {
        return worker.ports().stream().anyMatch(port -> port.device().equals(name));
    }

    List<Served> served() {
        List<Served> served = new ArrayList<>();
        for (int id = 0; id < devices.size(); id++) {
            if (bondOf(devices.get(id)) == null) {
                served.add(new Served(id, devices.get(id).name()));
            }
        }
        for (int i = 0; i < bonds.size(); i++) {
            served.add(new Served(devices.size() + i, bonds.get(i).name()));
        }
        return served;
    }

    List<DaemonPlan.DevicePlan> devices() throws StartException {
        checkOptions();
        List<DaemonPlan.DevicePlan> plans = new ArrayList<>();
        for (DeviceSettings device : devices) {
            plans.add(device(device));
        }
        return plans;
    }

    List<DaemonPlan.BondPlan> bonds() {
        return bonds.stream().map(this::bond).toList();
    }

    private void checkOptions() throws StartException {
        for (String name : new TreeSet<>(options.ports().keySet())) {
            for (BondingSettings bond : bonds) {
                if (bond.name().equals(name)) {
                    throw new StartException("--port names " + name + ", which is a bond; name its slaves: "
                            + String.join(", ", bond.slaves()));
                }
            }
            if (devices.stream().noneMatch(device -> device.name().equals(name))) {
                throw new StartException("--port names device " + name + ", which " + configuration.file()
                        + " does not have or no worker serves");
            }
        }
    }

    private DaemonPlan.DevicePlan device(DeviceSettings device) throws StartException {
        BondingSettings bond = bondOf(device);
        DeviceSettings queues = bond == null ? device : device(bond.primary());
        String kernelInterface = bond == null ? kernelInterface(device.kernelInterface()) : null;
        boolean control = bond == null
                ? kernelInterface != null
                : bond.mode() == BondMode.LACP.number() || kernelInterface(bond.kernelInterface()) != null;
        return new DaemonPlan.DevicePlan(
                device.name(),
                specification(device, bond),
                device.mtuConfigured() ? device.mtu() : 0,
                device.promiscuous(),
                device.allMulticast(),
                boundBy(bond == null ? device.name() : bond.name()),
                queues.receive().descriptors(),
                kernelInterface,
                control);
    }

    private String specification(DeviceSettings device, @Nullable BondingSettings bond) throws StartException {
        String given = options.ports().get(device.name());
        String configured = device.port();
        String specification = given != null ? given : configured != null ? configured : PACKET + device.name();
        if (bond == null || !specification.startsWith(PACKET)) {
            return specification;
        }
        List<String> words =
                Stream.of(specification.split(",", -1)).map(String::strip).toList();
        if (words.contains("share")) {
            throw new StartException(
                    (given != null ? "--port " + device.name() : device.at() + ": device " + device.name())
                            + ": '" + specification + "' shares the interface with the kernel, and as a slave of "
                            + bond.name() + " it is dpvs's alone; write " + words.getFirst() + ",exclusive");
        }
        return words.contains("exclusive") ? specification : specification + ",exclusive";
    }

    private DaemonPlan.BondPlan bond(BondingSettings bond) {
        BondMode mode = Objects.requireNonNull(BondMode.of(bond.mode()), "checked by the configuration");
        List<Integer> slaves = bond.slaves().stream()
                .map(slave -> devices.indexOf(device(slave)))
                .toList();
        int mtu = bond.slaves().stream()
                .map(this::device)
                .filter(DeviceSettings::mtuConfigured)
                .mapToInt(DeviceSettings::mtu)
                .min()
                .orElse(0);
        return new DaemonPlan.BondPlan(
                bond.name(),
                BondOptions.of(mode, bond.slaves().indexOf(bond.primary())),
                slaves,
                mtu,
                kernelInterface(bond.kernelInterface()));
    }

    private @Nullable String kernelInterface(@Nullable String configured) {
        return configuration.global().kernelInterfaces() ? configured : null;
    }

    private DeviceSettings device(String name) {
        return configuration.devices().stream()
                .filter(device -> device.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private @Nullable BondingSettings bondOf(DeviceSettings device) {
        for (BondingSettings bond : bonds) {
            if (bond.slaves().contains(device.name())) {
                return bond;
            }
        }
        return null;
    }

    private int boundBy(String name) {
        return (int) configuration.slaves().stream()
                .filter(worker -> serves(worker, name))
                .count();
    }
}
