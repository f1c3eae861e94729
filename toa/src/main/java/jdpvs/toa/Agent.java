package jdpvs.toa;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import jdpvs.linux.Descriptors;
import jdpvs.linux.Machine;
import jdpvs.linux.ResourceLimits;
import jdpvs.linux.SystemCallException;
import jdpvs.linux.bpf.Link;
import jdpvs.linux.bpf.VerifierException;
import jdpvs.toa.program.Maps;
import jdpvs.toa.program.Prefix;
import jdpvs.toa.program.Programs;

/**
 * Attaches the programs to a control group and pins them, so that they work on without a process. All of it lies in one directory of a bpffs:
 *
 * <pre>
 * map_agent  map_clients  map_counters  map_trusted  link_established  link_peername4  link_peername6  link_sockopt
 * </pre>
 *
 * Call from a thread that sees the first process's mounts ({@link Host#amongFirstMounts}).
 */
final class Agent {
    static final Path DEFAULT_PINS = Path.of("/sys/fs/bpf/jdpvs-toa");

    private final Path pins;
    private final String version;

    /** @param pins the directory */
    Agent(Path pins, String version) {
        this.pins = pins;
        this.version = version;
    }

    /** What {@link #load} did. */
    record Outcome(boolean upgraded, LoadRecord record, List<Prefix> trusted) {}

    /**
     * Attaches the programs, or replaces those that are attached; connections keep their clients then.
     *
     * @param controlGroup where to, or nothing for the root of cgroup2
     * @param trust addresses of balancers; none leaves the list of the programs that are attached as it is
     */
    Outcome load(Optional<Path> controlGroup, List<Prefix> trust) throws AgentException {
        try {
            if (!Machine.kernelAtLeast(5, 11)) {
                ResourceLimits.unlimitLockedMemory();
            }
            return isLoaded() ? upgrade(controlGroup, trust) : loadFirst(controlGroup, trust);
        } catch (VerifierException e) {
            throw new AgentException(refusal(Machine.kernelRelease(), e.sentence()), e);
        } catch (SystemCallException e) {
            throw new AgentException(refusal(Machine.kernelRelease(), String.valueOf(e.getMessage())), e);
        } catch (IllegalStateException e) {
            throw anotherVersion(e);
        }
    }

    /** @param release the running kernel's, which may be to blame */
    static String refusal(String release, String reason) {
        return Machine.atLeast(release, 5, 10)
                ? "the programs cannot be loaded: " + reason
                : "this kernel, " + release + ", is older than 5.10, the oldest that the programs are meant for: "
                        + reason;
    }

    private AgentException anotherVersion(IllegalStateException e) {
        return new AgentException(
                "another version of toa has left what this one cannot take over (" + e.getMessage()
                        + "); unload it first: toa unload --pin " + pins,
                e);
    }

    private Outcome loadFirst(Optional<Path> wanted, List<Prefix> trust) throws AgentException {
        if (trust.isEmpty()) {
            throw new AgentException(
                    "nobody would be believed: name the balancer's local addresses: toa load --trust 192.168.229.204");
        }
        Path controlGroup = wanted.isPresent() ? wanted.get() : Host.rootControlGroup();
        Host.requireControlGroup(controlGroup);
        Host.requireBpffs(pins);
        boolean made = makeDirectory();
        List<Link> links = new ArrayList<>();
        boolean complete = false;
        int descriptor = Descriptors.open(controlGroup.toString(), Descriptors.O_RDONLY);
        try (Maps maps = Maps.create();
                Programs programs = Programs.load(maps)) {
            trust(maps, trust);
            LoadRecord record = new LoadRecord(version, now(), controlGroup, programs.mptcp());
            record.write(pins);
            maps.pin(pins);
            for (Programs.Loaded loaded : programs.all()) {
                Link link = Link.toControlGroup(loaded.program(), descriptor, loaded.attachType());
                links.add(link);
                link.pin(link(loaded.name()));
            }
            complete = true;
            return new Outcome(false, record, maps.trusted());
        } finally {
            links.forEach(Link::close);
            Descriptors.close(descriptor);
            if (!complete) {
                removePins(made);
            }
        }
    }

    /**
     * Replaces the programs, and attaches again what is attached no more: a control group that was removed and made anew, as a service manager does when it
     * starts a service again, has lost them.
     */
    private Outcome upgrade(Optional<Path> wanted, List<Prefix> trust) throws AgentException {
        LoadRecord before = LoadRecord.read(pins);
        if (wanted.isPresent() && !wanted.get().equals(before.controlGroup())) {
            throw new AgentException("what is pinned in " + pins + " is attached to " + before.controlGroup()
                    + ", not to " + wanted.get() + "; choose another --pin, or unload first");
        }
        Host.requireControlGroup(before.controlGroup());
        int descriptor = Descriptors.open(before.controlGroup().toString(), Descriptors.O_RDONLY);
        // All are loaded before the first is replaced: a kernel that refuses one of them leaves everything as it was.
        try (Maps maps = Maps.pinned(pins);
                Programs programs = Programs.load(maps)) {
            requireRoom(maps, trust);
            for (Programs.Loaded loaded : programs.all()) {
                replace(loaded, descriptor);
            }
            trust.forEach(maps::trust);
            if (!trust.isEmpty()) {
                maps.trusted().stream()
                        .filter(prefix -> !trust.contains(prefix))
                        .forEach(maps::distrust);
            }
            LoadRecord record = new LoadRecord(version, now(), before.controlGroup(), programs.mptcp());
            record.write(pins);
            return new Outcome(true, record, maps.trusted());
        } finally {
            Descriptors.close(descriptor);
        }
    }

    private void replace(Programs.Loaded loaded, int controlGroup) throws AgentException {
        Path pin = link(loaded.name());
        Optional<Link> attached = attached(pin);
        if (attached.isPresent()) {
            try (Link link = attached.get()) {
                link.update(loaded.program());
            }
        } else {
            try (Link link = Link.toControlGroup(loaded.program(), controlGroup, loaded.attachType())) {
                removePin(pin);
                link.pin(pin);
            }
        }
    }

    /** The link that is pinned there, unless it has been severed; the caller closes it. */
    private static Optional<Link> attached(Path pin) {
        if (!Files.exists(pin)) {
            return Optional.empty();
        }
        Link link = Link.pinned(pin);
        if (link.isAttachedToControlGroup()) {
            return Optional.of(link);
        }
        link.close();
        return Optional.empty();
    }

    /** Believes more prefixes, all or none. */
    static void trust(Maps maps, List<Prefix> more) throws AgentException {
        requireRoom(maps, more);
        more.forEach(maps::trust);
    }

    private static void requireRoom(Maps maps, List<Prefix> more) throws AgentException {
        if (!maps.hasRoomFor(more)) {
            throw new AgentException(
                    "at most " + Maps.MOST_PREFIXES
                            + " prefixes can be trusted, and these would be more; name networks instead of addresses, or take some away: toa trust del PREFIX");
        }
    }

    /** Works with whatever version's programs. @return where they were attached */
    String unload() throws AgentException {
        requirePins();
        String controlGroup;
        try {
            controlGroup = LoadRecord.read(pins).controlGroup().toString();
        } catch (IllegalStateException notOurs) {
            controlGroup = "where another version of toa had attached them";
        }
        // Backwards, as they were attached; and before the pins go, so that nothing happens any more when this returns.
        for (String name : Programs.NAMES.reversed()) {
            attached(link(name)).ifPresent(link -> {
                try (link) {
                    link.detach();
                }
            });
        }
        removePins(true);
        return controlGroup;
    }

    boolean isLoaded() {
        return Host.onBpffs(pins) && LoadRecord.isPinned(pins);
    }

    /** A program that is attached, by the kernel's ids. */
    record Attached(String name, int programId, int linkId) {}

    /** Those that are, in the order of {@link Programs#NAMES}: fewer when the control group was removed, or a pin. */
    List<Attached> attached() {
        List<Attached> result = new ArrayList<>();
        for (String name : Programs.NAMES) {
            attached(link(name)).ifPresent(link -> {
                try (link) {
                    result.add(new Attached(name, link.programId(), link.id()));
                }
            });
        }
        return result;
    }

    private void requirePins() throws AgentException {
        if (!isLoaded()) {
            throw new AgentException("nothing is loaded in " + pins + "; load it: toa load --trust ADDRESS");
        }
    }

    LoadRecord requireLoaded() throws AgentException {
        requirePins();
        try {
            return LoadRecord.read(pins);
        } catch (IllegalStateException e) {
            throw anotherVersion(e);
        }
    }

    /** The maps of the programs that are attached; the caller closes them. */
    Maps maps() throws AgentException {
        requireLoaded();
        try {
            return Maps.pinned(pins);
        } catch (IllegalStateException e) {
            throw anotherVersion(e);
        }
    }

    private Path link(String name) {
        return pins.resolve("link_" + name);
    }

    private boolean makeDirectory() throws AgentException {
        try {
            boolean made = !Files.exists(pins);
            Files.createDirectories(pins);
            return made;
        } catch (IOException e) {
            throw new AgentException("the directory " + pins + " cannot be made: " + e.getMessage(), e);
        }
    }

    /** Lets go of everything: first of the link that finds clients, last of the record that tells where all of it was. */
    private void removePins(boolean directory) throws AgentException {
        List<String> names = new ArrayList<>();
        Programs.NAMES.forEach(name -> names.add("link_" + name));
        Collections.reverse(names);
        names.addAll(Maps.PINS);
        names.add(LoadRecord.NAME);
        for (String name : names) {
            removePin(pins.resolve(name));
        }
        if (directory) {
            removePin(pins);
        }
    }

    private void removePin(Path pin) throws AgentException {
        try {
            Files.deleteIfExists(pin);
        } catch (DirectoryNotEmptyException e) {
            throw new AgentException(pin + " holds what is not toa's and stays; the rest is removed", e);
        } catch (IOException e) {
            throw new AgentException("what is pinned in " + pins + " cannot be removed: " + e.getMessage(), e);
        }
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }
}
