package jdpvs.daemon.worker;

import java.util.stream.IntStream;
import jdpvs.linux.PollSet;

/** How a worker sleeps: until one of its queues has input, somebody rings its alarm, or time is up. */
final class IdleWait {
    private final Alarm alarm;
    private final PollSet pollSet;
    private final int alarmPlace;
    private final boolean mustAsk;

    IdleWait(Alarm alarm, Worker.Input[] inputs) {
        var descriptors = IntStream.builder();
        boolean silent = false;
        int count = 0;
        for (Worker.Input input : inputs) {
            int[] ofQueue = input.queue().pollDescriptors();
            silent |= ofQueue.length == 0;
            count += ofQueue.length;
            IntStream.of(ofQueue).forEach(descriptors);
        }
        this.alarm = alarm;
        this.alarmPlace = count;
        this.pollSet = new PollSet(descriptors.add(alarm.descriptor()).build().toArray());
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
