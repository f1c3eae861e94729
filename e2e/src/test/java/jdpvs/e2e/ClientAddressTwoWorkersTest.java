package jdpvs.e2e;

class ClientAddressTwoWorkersTest extends ClientAddressContract {
    ClientAddressTwoWorkersTest() {
        super(2);
    }
}
