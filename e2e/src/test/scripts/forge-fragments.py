"""Many clients that all use the same IP identifications ask a UDP echo server in fragments, out of order, the first fragment last.

usage: forge-fragments.py VIP PORT BYTES ROUNDS SOURCE...      prints "intact N of M"
"""
import random
import socket
import struct
import sys
import time
import zlib

FRAGMENT_BYTES = 1480
CLIENT_PORT = 7000
PATIENCE_SECONDS = 20


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def datagram(source, target, port, payload):
    length = 8 + len(payload)
    header = struct.pack("!HHHH", CLIENT_PORT, port, length, 0)
    pseudo = socket.inet_aton(source) + socket.inet_aton(target) + struct.pack("!BBH", 0, 17, length)
    return header[:6] + struct.pack("!H", checksum(pseudo + header + payload) or 0xFFFF) + payload


def fragments(source, target, identification, data):
    pieces = []
    for at in range(0, len(data), FRAGMENT_BYTES):
        piece = data[at : at + FRAGMENT_BYTES]
        more = 0x2000 if at + FRAGMENT_BYTES < len(data) else 0
        header = struct.pack(
            "!BBHHHBBH4s4s", 0x45, 0, 20 + len(piece), identification, more | at // 8, 64, 17, 0,
            socket.inet_aton(source), socket.inet_aton(target))
        pieces.append(header + piece)
    return pieces


def main():
    target, port, size, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    sources = sys.argv[5:]
    chance = random.Random(1)
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    clients = {}
    for source in sources:
        clients[source] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        clients[source].bind((source, CLIENT_PORT))
        clients[source].settimeout(PATIENCE_SECONDS)
    intact = 0
    for number in range(rounds):
        asked, queues = {}, {}
        for source in sources:
            body = bytes([number]) + socket.inet_aton(source) + chance.randbytes(size - 9)
            asked[source] = body + struct.pack("!I", zlib.crc32(body))
            pieces = fragments(source, target, 0x4711 + number, datagram(source, target, port, asked[source]))
            rest = pieces[1:]
            chance.shuffle(rest)
            queues[source] = rest + pieces[:1]
        for step in range(len(queues[sources[0]])):
            for source in sources:
                raw.sendto(queues[source][step], (target, 0))
                if step == len(queues[source]) - 1:
                    time.sleep(0.002)
            time.sleep(0.001)
        for source in sources:
            try:
                answer = clients[source].recv(65535)
                if answer == asked[source]:
                    intact += 1
                else:
                    print("answer for", source, "is not what it asked:", len(answer), "bytes")
            except socket.timeout:
                print("no answer for", source, "in round", number)
                clients[source].settimeout(1)
    print("intact %d of %d" % (intact, rounds * len(sources)))


main()
