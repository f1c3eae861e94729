package jdpvs.e2e;

/** ICMP with one worker. */
@Soak
class IcmpOneWorkerTest extends IcmpContract {
    IcmpOneWorkerTest() {
        super(1);
    }
}
