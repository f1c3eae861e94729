package jdpvs.wire.vrrp;

/** What bytes are: an advertisement, or why they are none. */
public sealed interface Reading permits Advertisement, Refusal {}
