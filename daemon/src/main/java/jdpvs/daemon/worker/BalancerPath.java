package jdpvs.daemon.worker;

import jdpvs.balancer.forward.WorkerBalancer;
import jdpvs.port.Burst;
import jdpvs.stack.LocalStack;

/** The packet path of a real worker: its balancer, and its stack behind that. */
record BalancerPath(WorkerBalancer balancer, LocalStack stack) implements PacketPath {
    @Override
    public void adopt(Snapshot snapshot) {
        balancer.services(snapshot.services());
        balancer.timeouts(snapshot.timeouts());
    }

    @Override
    public void process(int device, Burst burst, boolean received) {
        balancer.process(burst, device, received);
    }

    @Override
    public void learn(int device, long high, long low, long macAddress) {
        stack.learn(device, high, low, macAddress);
    }

    @Override
    public void tick() {
        balancer.tick();
        stack.tick();
    }
}
