package jdpvs.stack;

/** How far an address has come (RFC 4862 §5.4); IPv4 addresses and those of a link without detection are assigned from the start. */
public enum AddressState {
    /** The link is being asked whether another host has it; until then it is nobody's here. */
    TENTATIVE,
    ASSIGNED,
    /** Another host has it. It stays listed, and unused, until it is deleted. */
    DUPLICATE
}
