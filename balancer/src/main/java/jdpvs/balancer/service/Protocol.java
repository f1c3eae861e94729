package jdpvs.balancer.service;

/** Transport protocols that services balance; the number is IANA's. */
public enum Protocol {
    TCP(6),
    UDP(17);

    private final int number;

    Protocol(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
