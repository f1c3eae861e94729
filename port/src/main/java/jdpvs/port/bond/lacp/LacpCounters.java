package jdpvs.port.bond.lacp;

/**
 * What passed one port since the bond began.
 *
 * @param pdusIn LACPDUs taken
 * @param pdusOut LACPDUs handed out
 * @param bad frames of a slow protocol that are no valid LACPDU or marker
 * @param markersIn markers of the partner
 * @param markerResponsesIn answers to markers that we have not sent
 * @param markerResponsesOut answers handed out
 */
public record LacpCounters(
        long pdusIn, long pdusOut, long bad, long markersIn, long markerResponsesIn, long markerResponsesOut) {}
