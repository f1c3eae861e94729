package jdpvs.port.bond.lacp;

import jdpvs.wire.slow.LacpMessage;
import jdpvs.wire.slow.MarkerMessage;

/** Takes what a bond has to say; called from within the bond's methods, which it must not call. A PDU that cannot be sent is lost, and the protocol lives with that. */
public interface LacpSink {
    /** @param slave index from 0 */
    void send(int slave, LacpMessage message);

    /** @param slave index from 0 */
    void send(int slave, MarkerMessage response);
}
