package jdpvs.e2e;

/** Real traffic with two workers: replies come back to the worker that owns the connection. */
class TwoWorkersTest extends ForwardingContract {
    TwoWorkersTest() {
        super(2);
    }
}
