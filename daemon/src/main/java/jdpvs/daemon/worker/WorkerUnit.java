package jdpvs.daemon.worker;

import jdpvs.balancer.forward.WorkerBalancer;
import jdpvs.stack.WorkerStack;

/** One worker with the parts of it that the control plane reads. */
public record WorkerUnit(Worker worker, WorkerBalancer balancer, WorkerStack stack) {}
