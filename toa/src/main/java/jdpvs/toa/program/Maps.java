package jdpvs.toa.program;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jdpvs.linux.bpf.BpfMap;
import jdpvs.linux.bpf.Codec;

/**
 * What the programs know: the clients of sockets, whom to trust, counters. Programs of a later version work on the maps of an earlier one, so that
 * connections keep their clients.
 */
public final class Maps implements AutoCloseable {
    public static final int MOST_PREFIXES = 1024;
    private static final String CLIENTS = "map_clients";
    private static final String TRUSTED = "map_trusted";
    private static final String COUNTERS = "map_counters";

    /** Their names in the directory. */
    public static final List<String> PINS = List.of(CLIENTS, TRUSTED, COUNTERS);

    final BpfMap<Integer, byte[]> clients;
    final BpfMap<Prefix, Integer> trusted;
    final BpfMap<Integer, Long> counters;

    private Maps(BpfMap<Integer, byte[]> clients, BpfMap<Prefix, Integer> trusted, BpfMap<Integer, Long> counters) {
        this.clients = clients;
        this.trusted = trusted;
        this.counters = counters;
    }

    public static Maps create() {
        try (var description = ClientOption.Description.load()) {
            return new Maps(
                    BpfMap.socketStorage(
                            "toa_clients",
                            description.btf(),
                            description.key(),
                            description.value(),
                            ClientOption.BYTES),
                    BpfMap.create(
                            BpfMap.Type.LPM_TRIE,
                            "toa_trusted",
                            TrustedKey.CODEC,
                            Codec.INT,
                            MOST_PREFIXES,
                            BpfMap.NO_PREALLOC),
                    BpfMap.create(
                            BpfMap.Type.PERCPU_ARRAY,
                            "toa_counters",
                            Codec.INT,
                            Codec.LONG,
                            Counter.values().length,
                            0));
        }
    }

    /**
     * Those that are pinned in a directory.
     *
     * @throws IllegalStateException when another version's programs left maps of another shape there
     */
    public static Maps pinned(Path directory) {
        return new Maps(
                BpfMap.pinned(
                        directory.resolve(CLIENTS), BpfMap.Type.SK_STORAGE, Codec.INT, Codec.bytes(ClientOption.BYTES)),
                BpfMap.pinned(directory.resolve(TRUSTED), BpfMap.Type.LPM_TRIE, TrustedKey.CODEC, Codec.INT),
                BpfMap.pinned(directory.resolve(COUNTERS), BpfMap.Type.PERCPU_ARRAY, Codec.INT, Codec.LONG));
    }

    public void pin(Path directory) {
        clients.pin(directory.resolve(CLIENTS));
        trusted.pin(directory.resolve(TRUSTED));
        counters.pin(directory.resolve(COUNTERS));
    }

    public List<Prefix> trusted() {
        return trusted.keys().stream().sorted().distinct().toList();
    }

    /** Whether so many prefixes find a place besides those that are trusted; one that is trusted already counts once. */
    public boolean hasRoomFor(List<Prefix> prefixes) {
        Set<Prefix> all = new HashSet<>(trusted());
        all.addAll(prefixes);
        return all.size() <= MOST_PREFIXES;
    }

    /** There is room. */
    public void trust(Prefix prefix) {
        trusted.put(prefix, 1);
    }

    /** Returns whether it was trusted. */
    public boolean distrust(Prefix prefix) {
        return trusted.remove(prefix);
    }

    /** Since the maps were made. */
    public long count(Counter counter) {
        return counters.valuesOfCpus(counter.ordinal()).stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    @Override
    public void close() {
        clients.close();
        trusted.close();
        counters.close();
    }
}
