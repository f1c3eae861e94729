package jdpvs.daemon.plane;

import java.util.List;
import jdpvs.control.ControlException;
import jdpvs.control.ErrorCode;
import jdpvs.control.IpAddress;
import jdpvs.control.Protocol;
import jdpvs.control.Traces;
import jdpvs.daemon.explain.Tables;
import jdpvs.daemon.explain.Tracer;
import jdpvs.daemon.worker.Snapshot;
import jdpvs.daemon.worker.WorkerUnit;

/** Questions about one packet: from the tables, or with a real one. */
final class Answers {
    private final Snapshot snapshot;
    private final List<WorkerUnit> units;
    private final DeviceTable devices;
    private final Watches watches;

    Answers(Snapshot snapshot, List<WorkerUnit> units, DeviceTable devices, Watches watches) {
        this.snapshot = snapshot;
        this.units = units;
        this.devices = devices;
        this.watches = watches;
    }

    Traces.Trace trace(Traces.Question question) throws ControlException {
        Protocol protocol = question.protocol();
        if (protocol != Protocol.TCP && protocol != Protocol.UDP) {
            throw new ControlException(ErrorCode.NOT_SUPPORTED, "a trace of " + protocol.listed() + "; use TCP or UDP");
        }
        IpAddress client = question.client().address();
        IpAddress virtual = question.virtual().address();
        if (client.ipv6() != virtual.ipv6()) {
            throw new ControlException(
                    ErrorCode.INVALID, client + " and " + virtual + " are of different families: no packet has both");
        }
        for (int port : new int[] {question.client().port(), question.virtual().port()}) {
            if (port < 1 || port > 65535) {
                throw new ControlException(ErrorCode.INVALID, "port " + port + " is outside 1…65535");
            }
        }
        Traces.Trace trace = new Tracer(Tables.of(snapshot, units, devices::isUp)).trace(question);
        return question.send() ? new Probe(snapshot, units, watches).send(question, trace) : trace;
    }
}
