package jdpvs.e2e;

/** ICMP with two workers. */
class IcmpTwoWorkersTest extends IcmpContract {
    IcmpTwoWorkersTest() {
        super(2);
    }
}
