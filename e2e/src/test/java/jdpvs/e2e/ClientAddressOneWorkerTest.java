package jdpvs.e2e;

class ClientAddressOneWorkerTest extends ClientAddressContract {
    ClientAddressOneWorkerTest() {
        super(1);
    }
}
