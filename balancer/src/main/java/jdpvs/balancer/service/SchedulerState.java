package jdpvs.balancer.service;

import java.util.Arrays;

/**
 * One worker's cursors per service id; only that worker touches them.
 *
 * <pre>
 *  per service 8 ints:  0 generation | 1 position last chosen | 2 its server id | 3 level of wrr, 0 = not begun
 *                       4 cursor over local addresses | 5…7 unused
 * </pre>
 */
public final class SchedulerState {
    private static final int STRIDE = 8;
    private static final int GENERATION = 0;
    private static final int POSITION = 1;
    private static final int SERVER = 2;
    private static final int LEVEL = 3;
    private static final int LOCAL_ADDRESS = 4;

    private final int worker;
    private final int workers;
    private final int[] cursors;

    /**
     * @param worker from 0
     * @param services the number of service ids, {@link Limits#services}
     */
    public SchedulerState(int worker, int workers, int services) {
        this(worker, workers, new int[services * STRIDE]);
    }

    private SchedulerState(int worker, int workers, int[] cursors) {
        this.worker = worker;
        this.workers = workers;
        this.cursors = cursors;
    }

    /** As it is now, more or less: for somebody in another thread who wants to know what a scheduler would do next. */
    public SchedulerState copy() {
        return new SchedulerState(worker, workers, cursors.clone());
    }

    public int worker() {
        return worker;
    }

    public int workers() {
        return workers;
    }

    public int cursor(int service) {
        return cursors[service * STRIDE + POSITION];
    }

    public void setCursor(int service, int value) {
        cursors[service * STRIDE + POSITION] = value;
    }

    public int weightCursor(int service) {
        return cursors[service * STRIDE + LEVEL];
    }

    public void setWeightCursor(int service, int value) {
        cursors[service * STRIDE + LEVEL] = value;
    }

    /** Not negative; begins with the worker's index so that workers begin at different addresses. To be taken modulo their number. */
    public int localAddressCursor(int service) {
        return cursors[service * STRIDE + LOCAL_ADDRESS];
    }

    public void setLocalAddressCursor(int service, int value) {
        cursors[service * STRIDE + LOCAL_ADDRESS] = value;
    }

    /** Makes the cursors those of this owner of the service id; a new owner begins afresh. */
    void adopt(Service service) {
        int base = service.id() * STRIDE;
        if (cursors[base + GENERATION] != service.generation()) {
            Arrays.fill(cursors, base, base + STRIDE, 0);
            cursors[base + GENERATION] = service.generation();
            cursors[base + SERVER] = -1;
            cursors[base + LOCAL_ADDRESS] = worker;
        }
    }

    /**
     * The position last chosen, found again after servers came and went; a service that was never scheduled begins at this worker's part of
     * the table.
     *
     * @return −1 … servers − 1, where −1 means that the first of the table is next
     */
    int resume(Service service) {
        adopt(service);
        Server[] servers = service.servers();
        int base = service.id() * STRIDE;
        int id = cursors[base + SERVER];
        int position = cursors[base + POSITION];
        if (id < 0) {
            return (int) ((long) worker * servers.length / workers);
        }
        if (position < servers.length && servers[position].id() == id) {
            return position;
        }
        for (int at = 0; at < servers.length; at++) {
            if (servers[at].id() == id) {
                return at;
            }
        }
        // It is gone: its successor moved to its place and is next.
        return Math.min(position, servers.length) - 1;
    }

    void chose(Service service, int position, int server) {
        int base = service.id() * STRIDE;
        cursors[base + POSITION] = position;
        cursors[base + SERVER] = server;
    }
}
