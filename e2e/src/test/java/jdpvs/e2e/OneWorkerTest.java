package jdpvs.e2e;

/** Real traffic with one worker. */
@Soak
class OneWorkerTest extends ForwardingContract {
    OneWorkerTest() {
        super(1);
    }
}
