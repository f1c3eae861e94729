#!/usr/bin/env python3
"""A small TCP client of its own: connects, sends one segmented frame of the largest IPv4 packet there is, closes.

    large-segment.py allow INTERFACE...
    large-segment.py send INTERFACE ROUTER-MAC SOURCE SOURCE-PORT DESTINATION PORT FILE

No kernel makes so large a segment by itself, but a router that merges packets (GRO) may. SOURCE must be an address that the kernel does not
own, so that it does not reset the connection. Every interface on the way must first be allowed to send so large a segment whole: by default
an Ethernet frame ends below 65,536 bytes.  FILE holds the payload; what the first frame does not hold follows in packets.
"""

import socket
import struct
import sys
import time

SOL_PACKET, PACKET_VNET_HDR = 263, 15
NEEDS_CSUM, GSO_TCPV4 = 1, 1
SYN, RST, PSH, ACK, FIN = 2, 4, 8, 16, 1
LARGEST = 65535 - 40
SEGMENT = 1440


def sum16(data):
    if len(data) & 1:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def allow(interface):
    """As `ip link set INTERFACE gso_ipv4_max_size 131072` of a newer iproute2."""
    RTM_NEWLINK, REQUEST_ACK, IFLA_GSO_IPV4_MAX_SIZE = 16, 5, 63
    body = struct.pack("=BxHiII", 0, 0, socket.if_nametoindex(interface), 0, 0)
    body += struct.pack("=HHI", 8, IFLA_GSO_IPV4_MAX_SIZE, 131072)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as kernel:
        kernel.send(struct.pack("=IHHII", 16 + len(body), RTM_NEWLINK, REQUEST_ACK, 1, 0) + body)
        error = struct.unpack("=i", kernel.recv(4096)[16:20])[0]
        if error:
            raise OSError(-error, "gso_ipv4_max_size of " + interface)


class Client:
    def __init__(self, interface, router, source, source_port, destination, port):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
        self.socket.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
        self.socket.bind((interface, 0))
        own = self.socket.getsockname()[4]
        self.ethernet = bytes.fromhex(router.replace(":", "")) + own + b"\x08\x00"
        self.source, self.destination = socket.inet_aton(source), socket.inet_aton(destination)
        self.ports = (source_port, port)
        self.sequence, self.acknowledgement = 1000, 0

    def send(self, flags, payload=b"", options=b""):
        length = 20 + len(options) + len(payload)
        pseudo = self.source + self.destination + struct.pack("!HH", 6, length)
        tcp = struct.pack("!HHIIBBHHH", *self.ports, self.sequence, self.acknowledgement, (20 + len(options)) << 2,
                          flags, 65535, sum16(pseudo), 0) + options
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + length, 1, 0x4000, 64, 6, 0, self.source, self.destination)
        ip = ip[:10] + struct.pack("!H", sum16(ip) ^ 0xFFFF) + ip[12:]
        large = len(payload) > SEGMENT
        header = struct.pack("<BBHHHH", NEEDS_CSUM, GSO_TCPV4 if large else 0, 54 + len(options),
                             SEGMENT if large else 0, 34, 16)
        self.socket.send(header + self.ethernet + ip + tcp + payload)
        self.sequence += len(payload) + (1 if flags & (SYN | FIN) else 0)

    def receive(self, seconds):
        """The flags, sequence number, acknowledgement number and payload length of the next packet of the connection, or None."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                frame = self.socket.recv(70000)[10:]
            except TimeoutError:
                return None
            ip = frame[14:]
            if ip[9] == 6 and ip[12:20] == self.destination + self.source:
                tcp = ip[(ip[0] & 15) * 4:]
                ports = struct.unpack("!HH", tcp[:4])
                if ports == (self.ports[1], self.ports[0]):
                    sequence, acknowledgement, offset, flags = struct.unpack("!IIBB", tcp[4:14])
                    total = struct.unpack("!H", ip[2:4])[0]
                    return flags, sequence, acknowledgement, total - (ip[0] & 15) * 4 - (offset >> 4) * 4
        return None

    def connect(self):
        self.send(SYN, options=struct.pack("!BBH", 2, 4, 1460))
        answer = self.receive(5)
        if answer is None or answer[0] & (SYN | ACK) != SYN | ACK:
            sys.exit("no SYN-ACK: %s" % (answer,))
        self.acknowledgement = answer[1] + 1
        self.send(ACK)

    def acknowledged(self, what):
        """Waits until all that was sent is acknowledged; returns how far the other end has got when it stops."""
        last = None
        while last is None or last < self.sequence:
            answer = self.receive(2)
            if answer is None or answer[0] & RST:
                sys.exit("%s: acknowledged up to %s of %d, then %s" % (what, last, self.sequence, answer))
            last = answer[2]


def send(interface, router, source, source_port, destination, port, file):
    with open(file, "rb") as content:
        payload = content.read()
    client = Client(interface, router, source, int(source_port), destination, int(port))
    client.connect()
    client.send(ACK, payload[:LARGEST])
    client.acknowledged("the large segment")
    for at in range(LARGEST, len(payload), SEGMENT):
        client.send(ACK | PSH, payload[at:at + SEGMENT])
        client.acknowledged("the packet at %d" % at)
    client.send(FIN | ACK)
    client.acknowledged("the end")
    print("sent %d bytes" % len(payload))


if sys.argv[1] == "allow":
    for name in sys.argv[2:]:
        allow(name)
else:
    send(*sys.argv[2:])
