package jdpvs.balancer.service;

/** One worker's cursors per service id. */
public interface SchedulerState {
    int cursor(int service);

    void setCursor(int service, int value);

    int weightCursor(int service);

    void setWeightCursor(int service, int value);

    int localAddressCursor(int service);

    void setLocalAddressCursor(int service, int value);
}
