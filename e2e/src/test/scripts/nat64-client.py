#!/usr/bin/env python3
"""Plays a NAT64 balancer for HTTP servers: IPv4 connections whose handshake's last segment names a client (TCP option 254).

    nat64-client.py INTERFACE SERVER-MAC LOCAL-ADDRESS SERVER PORT HOST PATH CLIENT...

Opens a connection for each CLIENT, written ADDRESS,PORT or - for none, then asks twice on each of them in turn, and prints what was answered, each with its
client in front. LOCAL-ADDRESS must be one that the kernel does not own, so that it does not reset the connections; the server must know its MAC.
"""

import socket
import struct
import sys
import time

SYN, RST, PSH, ACK, FIN = 2, 4, 8, 16, 1
FIRST_PORT = 1030


def sum16(data):
    if len(data) & 1:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def option(client):
    """Kind 254, its length, port and address: 8 bytes for an IPv4 client, 20 for an IPv6 one."""
    if client == "-":
        return b""
    address, port = client.split(",")
    packed = socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)
    return struct.pack("!BBH", 254, 4 + len(packed), int(port)) + packed


class Connection:
    def __init__(self, interface, server_mac, local, local_port, server, port, client):
        self.client = client
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
        self.socket.bind((interface, 0))
        own = self.socket.getsockname()[4]
        self.ethernet = bytes.fromhex(server_mac.replace(":", "")) + own + b"\x08\x00"
        self.addresses = socket.inet_aton(local) + socket.inet_aton(server)
        self.ports = (local_port, port)
        self.sequence, self.acknowledgement = 1000, 0
        self.send(SYN, options=struct.pack("!BBH", 2, 4, 1440))
        flags, sequence, _ = self.receive()
        if flags & (SYN | ACK) != SYN | ACK:
            sys.exit("no SYN-ACK but flags %#x" % flags)
        self.acknowledgement = sequence + 1
        self.send(ACK, options=option(client))

    def send(self, flags, payload=b"", options=b""):
        length = 20 + len(options) + len(payload)
        tcp = struct.pack("!HHIIBBHHH", *self.ports, self.sequence, self.acknowledgement, (20 + len(options)) << 2,
                          flags, 65535, 0, 0) + options + payload
        checksum = sum16(self.addresses + struct.pack("!HH", 6, length) + tcp) ^ 0xFFFF
        ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, 1, 0x4000, 64, 6, 0) + self.addresses
        ip = ip[:10] + struct.pack("!H", sum16(ip) ^ 0xFFFF) + ip[12:]
        self.socket.send(self.ethernet + ip + tcp[:16] + struct.pack("!H", checksum) + tcp[18:])
        self.sequence += len(payload) + (1 if flags & (SYN | FIN) else 0)

    def receive(self):
        """Flags, sequence number and payload of the connection's next packet."""
        until = time.monotonic() + 10
        while (left := until - time.monotonic()) > 0:
            self.socket.settimeout(left)
            ip = self.socket.recv(70000)[14:]
            if ip[9] == 6 and ip[12:20] == self.addresses[4:] + self.addresses[:4]:
                tcp = ip[20:struct.unpack("!H", ip[2:4])[0]]
                source, destination, sequence, _, offset, flags = struct.unpack("!HHIIBB", tcp[:14])
                if (destination, source) == self.ports:
                    if flags & RST:
                        sys.exit("the server has reset the connection of " + self.client)
                    return flags, sequence, tcp[(offset >> 4) * 4:]
        sys.exit("no answer to " + self.client)

    def ask(self, host, path):
        """The body of the answer."""
        self.send(ACK | PSH, ("GET %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (path, host)).encode())
        answer = b""
        while True:
            _, sequence, payload = self.receive()
            if payload and sequence == self.acknowledgement:
                answer += payload
                self.acknowledgement += len(payload)
                self.send(ACK)
            head, end, body = answer.partition(b"\r\n\r\n")
            if end:
                lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
                if len(body) == int(lengths[0].split(b":")[1]):
                    return body.decode()


def main(interface, server_mac, local, server, port, host, path, *clients):
    connections = [Connection(interface, server_mac, local, FIRST_PORT + at, server, int(port), client)
                   for at, client in enumerate(clients)]
    for _ in range(2):
        for connection in connections:
            for line in connection.ask(host, path).splitlines():
                print(connection.client, line)
    for connection in connections:
        connection.send(FIN | ACK)


main(*sys.argv[1:])
