package jdpvs.e2e;

@Soak
class ClientAddressOneWorkerTest extends ClientAddressContract {
    ClientAddressOneWorkerTest() {
        super(1);
    }
}
