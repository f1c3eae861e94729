"""Adverts of a virtual router's master (RFC 9568, version 3) to 224.0.0.18, numbered by their IP identification.

vrrp-adverts.py ADDRESS PER_SECOND SECONDS

ADDRESS is the sender's, by whose interface they leave. Prints "sent N" at the end."""
import socket
import struct
import sys
import time

address, per_second, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
GROUP = "224.0.0.18"
PROTOCOL = 112
VIRTUAL_ROUTER, PRIORITY, CENTISECONDS = 51, 100, 100


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


source, group = socket.inet_aton(address), socket.inet_aton(GROUP)
advert = struct.pack("!BBBBHH4s", 0x31, VIRTUAL_ROUTER, PRIORITY, 1, CENTISECONDS, 0, source)
pseudo = source + group + struct.pack("!BBH", 0, PROTOCOL, len(advert))
advert = advert[:6] + struct.pack("!H", checksum(pseudo + advert)) + advert[8:]

sender = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, source)
began = time.monotonic()
sent = 0
while time.monotonic() - began < seconds:
    sent += 1
    # The kernel fills in length and checksum (raw(7)).
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0xC0, 0, sent, 0, 255, PROTOCOL, 0, source, group)
    sender.sendto(header + advert, (GROUP, 0))
    time.sleep(max(0, began + sent / per_second - time.monotonic()))
print("sent", sent, flush=True)
