package jdpvs.daemon.worker;

import jdpvs.linux.PollSet;
import jdpvs.port.PortQueue;

/** How a worker sleeps: until one of its queues has input, somebody rings its alarm, or time is up. */
final class IdleWait {
    private final Alarm alarm;
    private final PollSet pollSet;
    private final int alarmPlace;
    private final boolean mustAsk;

    IdleWait(Alarm alarm, Worker.Input[] inputs) {
        int[] descriptors = new int[inputs.length + 1];
        boolean silent = false;
        for (int i = 0; i < inputs.length; i++) {
            PortQueue queue = inputs[i].queue();
            descriptors[i] = queue.pollDescriptor();
            silent |= descriptors[i] < 0;
        }
        descriptors[inputs.length] = alarm.descriptor();
        this.alarm = alarm;
        this.alarmPlace = inputs.length;
        this.pollSet = new PollSet(descriptors);
        this.mustAsk = silent;
    }

    /** From now on whoever brings work rings; the caller looks for work once more before it calls {@link #sleep}. */
    void announce() {
        alarm.fallAsleep();
    }

    /** There was work after all. */
    void cancel() {
        alarm.wakeUp(false);
    }

    /** @return whether there is something to do before the time is up */
    boolean sleep(int millis) {
        // A queue without a descriptor has to be asked now and then.
        int ready = pollSet.await(mustAsk ? Math.min(1, millis) : millis);
        alarm.wakeUp(ready > 0 && pollSet.readable(alarmPlace));
        return ready > 0;
    }
}
