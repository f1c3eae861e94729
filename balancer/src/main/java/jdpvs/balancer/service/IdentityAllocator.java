package jdpvs.balancer.service;

import java.util.ArrayDeque;

/** Hands out small ids; every owner of an id has another generation, from 1. Freed ids come first, the longest free before others. */
final class IdentityAllocator {
    private final int[] generations;
    private final ArrayDeque<Integer> freed = new ArrayDeque<>();
    private int fresh;

    IdentityAllocator(int capacity) {
        this.generations = new int[capacity];
    }

    int available() {
        return generations.length - fresh + freed.size();
    }

    /** To be called only while {@link #available} is above 0. */
    int allocate() {
        Integer reused = freed.poll();
        int id = reused != null ? reused : fresh++;
        generations[id]++;
        return id;
    }

    int generation(int id) {
        return generations[id];
    }

    void free(int id) {
        freed.add(id);
    }
}
