package jdpvs.e2e;

/** ICMP with one worker. */
class IcmpOneWorkerTest extends IcmpContract {
    IcmpOneWorkerTest() {
        super(1);
    }
}
