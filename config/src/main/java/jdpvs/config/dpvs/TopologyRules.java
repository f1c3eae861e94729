package jdpvs.config.dpvs;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import jdpvs.config.Location;
import jdpvs.config.Messages;
import jdpvs.config.Severity;
import jdpvs.config.dpvs.WorkerSettings.PortSettings;
import jdpvs.config.dpvs.WorkerSettings.Role;

/** How devices, bonds and workers must fit together (facts: config §4 Binding rules). Each message says what to do. */
final class TopologyRules {
    static final int MAXIMUM_WORKERS = 64;

    private final DpvsConfiguration configuration;
    private final Location workerBlock;
    private final Messages messages;
    private final BondRules bonds;

    TopologyRules(DpvsConfiguration configuration, Location workerBlock, Messages messages) {
        this.configuration = configuration;
        this.workerBlock = workerBlock;
        this.messages = messages;
        this.bonds = new BondRules(configuration, messages);
    }

    void check() {
        bonds.check();
        checkRoles();
        checkCpus();
        for (WorkerSettings worker : configuration.workers()) {
            worker.ports().forEach(port -> checkPort(worker, port));
        }
        checkQueues("rx", PortSettings::receiveQueues);
        checkQueues("tx", PortSettings::transmitQueues);
        checkBindings();
    }

    private void checkRoles() {
        List<WorkerSettings> workers = configuration.workers();
        Map<Role, WorkerSettings> first = new HashMap<>();
        for (WorkerSettings worker : workers) {
            WorkerSettings before = first.putIfAbsent(worker.role(), worker);
            if (before != null && worker.role() != Role.SLAVE) {
                String role = worker.role() == Role.MASTER ? "master" : "kni worker";
                error(
                        worker.at(),
                        "worker " + worker.name() + " is a second " + role + " after " + before.name() + " (line "
                                + before.at().line() + "): make it 'type slave' or remove it");
            }
            if (worker.role() == Role.MASTER && !worker.ports().isEmpty()) {
                error(
                        worker.at(),
                        "worker " + worker.name()
                                + " is the master and has port blocks: remove them or make it 'type slave'");
            }
            if (worker.role() == Role.SLAVE && worker.ports().isEmpty()) {
                warn(worker.at(), "worker " + worker.name() + " has no port block: it has nothing to do");
            }
        }
        if (!first.containsKey(Role.MASTER)) {
            error(
                    workerBlock,
                    "worker_defs has no master: add a worker with 'type master', a 'cpu_id' and no port block");
        }
        if (!first.containsKey(Role.SLAVE)) {
            error(
                    workerBlock,
                    "worker_defs has no forwarding worker: add one with 'type slave', a 'cpu_id' and a port block per device");
        }
        if (workers.size() > MAXIMUM_WORKERS) {
            error(workers.get(MAXIMUM_WORKERS).at(), "more than " + MAXIMUM_WORKERS + " workers: remove some");
        }
    }

    private void checkCpus() {
        Map<Integer, WorkerSettings> byCpu = new HashMap<>();
        for (WorkerSettings worker : configuration.workers()) {
            if (worker.cpu() < 0) {
                error(worker.at(), "worker " + worker.name() + " has no cpu_id: add a line 'cpu_id N'");
                continue;
            }
            WorkerSettings before = byCpu.putIfAbsent(worker.cpu(), worker);
            if (before != null) {
                error(
                        worker.at(),
                        "worker " + worker.name() + " has cpu_id " + worker.cpu() + " like " + before.name() + " (line "
                                + before.at().line() + "): give each worker a CPU of its own");
            }
        }
    }

    private void checkPort(WorkerSettings worker, PortSettings port) {
        String bond = bonds.bondOf(port.device());
        if (bond != null) {
            error(
                    port.at(),
                    "worker " + worker.name() + ": port " + port.device() + " is a slave of " + bond + ": write 'port "
                            + bond + " {'");
        } else if (!isDeclared(port.device())) {
            error(
                    port.at(),
                    "worker " + worker.name() + ": port " + port.device()
                            + " is neither a declared device nor a bond: add a block 'device " + port.device()
                            + " {' or correct the name");
        }
        if (worker.role() == Role.SLAVE && port.receiveQueues().isEmpty()) {
            warn(
                    port.at(),
                    "worker " + worker.name() + " receives nothing from " + port.device() + ": it has no rx_queue_ids");
        }
        if (worker.role() == Role.SLAVE && port.transmitQueues().isEmpty()) {
            warn(
                    port.at(),
                    "worker " + worker.name() + " cannot send by " + port.device() + ": it has no tx_queue_ids");
        }
    }

    private boolean isDeclared(String name) {
        return configuration.devices().stream().anyMatch(device -> device.name().equals(name))
                || configuration.bondings().stream()
                        .anyMatch(bond -> bond.name().equals(name));
    }

    /** Over all workers every queue id once, from 0 without a gap. */
    private void checkQueues(String direction, Function<PortSettings, List<Integer>> ids) {
        Map<String, TreeMap<Integer, String>> owners = new HashMap<>();
        Map<String, PortSettings> firstPort = new LinkedHashMap<>();
        for (WorkerSettings worker : configuration.workers()) {
            for (PortSettings port : worker.ports()) {
                TreeMap<Integer, String> taken = owners.computeIfAbsent(port.device(), d -> new TreeMap<>());
                for (Integer id : ids.apply(port)) {
                    String owner = taken.putIfAbsent(id, worker.name());
                    if (owner != null) {
                        error(
                                port.at(),
                                "worker " + worker.name() + ": " + direction + " queue " + id + " of " + port.device()
                                        + " belongs to " + (owner.equals(worker.name()) ? "it already" : owner)
                                        + ": give each queue to one worker");
                    }
                }
                firstPort.putIfAbsent(port.device(), port);
            }
        }
        firstPort.forEach((device, port) -> {
            Set<Integer> taken = owners.getOrDefault(device, new TreeMap<>()).keySet();
            for (int id = 0; id < taken.size(); id++) {
                if (!taken.contains(id)) {
                    error(
                            port.at(),
                            device + ": " + direction + " queue " + id + " is missing, workers have "
                                    + taken.stream()
                                            .map(String::valueOf)
                                            .reduce((a, b) -> a + " " + b)
                                            .orElse("none")
                                    + ": number them from 0 without a gap");
                    break;
                }
            }
        });
    }

    private void checkBindings() {
        Map<String, Integer> receive = new HashMap<>();
        Map<String, Integer> transmit = new HashMap<>();
        Set<String> bound = new HashSet<>();
        for (WorkerSettings worker : configuration.workers()) {
            for (PortSettings port : worker.ports()) {
                if (worker.role() == Role.SLAVE) {
                    bound.add(port.device());
                }
                receive.merge(port.device(), port.receiveQueues().size(), Integer::sum);
                transmit.merge(port.device(), port.transmitQueues().size(), Integer::sum);
            }
        }
        for (DeviceSettings device : configuration.devices()) {
            String name = device.name();
            if (bonds.bondOf(name) == null && checkBound(name, device.at(), bound)) {
                compare("rx", name, device.at(), device.receive().queues(), receive.getOrDefault(name, 0));
                compare("tx", name, device.at(), device.transmit().queues(), transmit.getOrDefault(name, 0));
            }
        }
        for (BondingSettings bond : configuration.bondings()) {
            if (checkBound(bond.name(), bond.at(), bound)) {
                checkPrimary(bond, receive.getOrDefault(bond.name(), 0), transmit.getOrDefault(bond.name(), 0));
            }
        }
    }

    private boolean checkBound(String name, Location at, Set<String> bound) {
        if (bound.contains(name)) {
            return true;
        }
        warn(at, "no queues to setup for " + name + ": no worker has a block 'port " + name + " {', it is not started");
        return false;
    }

    /** A bond's slaves may well have more queues than its workers bind; fewer are worth a word. */
    private void checkPrimary(BondingSettings bond, int receive, int transmit) {
        for (DeviceSettings device : configuration.devices()) {
            if (device.name().equals(bond.primary())) {
                if (receive > device.receive().queues()) {
                    compare("rx", bond.name(), device.at(), device.receive().queues(), receive);
                }
                if (transmit > device.transmit().queues()) {
                    compare("tx", bond.name(), device.at(), device.transmit().queues(), transmit);
                }
            }
        }
    }

    private void compare(String direction, String name, Location at, int configured, int used) {
        if (configured >= 0 && configured != used) {
            String queues = direction + "-queues";
            warn(
                    at,
                    queues + " configured in workers (" + used + ") != " + queues + " configured in device ("
                            + configured + "), setup " + used + " " + queues + " for " + name);
        }
    }

    private void error(Location at, String text) {
        messages.add(Severity.ERROR, "NETIF", at, text);
    }

    private void warn(Location at, String text) {
        messages.add(Severity.WARNING, "NETIF", at, text);
    }
}
