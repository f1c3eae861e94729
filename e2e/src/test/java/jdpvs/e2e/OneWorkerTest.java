package jdpvs.e2e;

/** Real traffic with one worker. */
class OneWorkerTest extends ForwardingContract {
    OneWorkerTest() {
        super(1);
    }
}
