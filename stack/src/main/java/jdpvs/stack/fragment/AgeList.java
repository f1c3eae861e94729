package jdpvs.stack.fragment;

import java.util.Arrays;

/** Lists of datagrams by age, oldest first; each datagram stands in one of them. */
final class AgeList {
    private static final int NONE = -1;

    private final int[] oldest;
    private final int[] newest;
    private final int[] older;
    private final int[] newer;

    AgeList(int lists, int capacity) {
        oldest = new int[lists];
        newest = new int[lists];
        older = new int[capacity];
        newer = new int[capacity];
        Arrays.fill(oldest, NONE);
        Arrays.fill(newest, NONE);
    }

    int oldest(int list) {
        return oldest[list];
    }

    int newer(int member) {
        return newer[member];
    }

    void append(int list, int member) {
        older[member] = newest[list];
        newer[member] = NONE;
        if (newest[list] == NONE) {
            oldest[list] = member;
        } else {
            newer[newest[list]] = member;
        }
        newest[list] = member;
    }

    void remove(int list, int member) {
        if (older[member] == NONE) {
            oldest[list] = newer[member];
        } else {
            newer[older[member]] = newer[member];
        }
        if (newer[member] == NONE) {
            newest[list] = older[member];
        } else {
            older[newer[member]] = older[member];
        }
    }
}
