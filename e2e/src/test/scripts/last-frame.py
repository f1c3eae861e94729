"""When the last frame of data was given to an interface after something had happened to its cable.

last-frame.py INTERFACE SECONDS COMMAND...

Runs the command, which pulls or mutes the cable, watches the interface for so many seconds, and prints "last frame after MILLIS ms, looked every MILLIS ms, FRAMES frames":
the time is from just before the command to the look that saw the last frame, so never too short; by how much it may be too long, the longest pause between two looks tells.

Frames are counted by two counters, and never read. A packet socket's statistics (packet(7)) count what the interface is given to send, but for the PDUs of the link (slow protocols,
IEEE 802.3 annex 57A), which go on. Some time after a carrier has gone the kernel takes the queueing discipline away, before which such sockets stand: what is sent from then on
is counted in tx_dropped. A frame that dies in between, behind the one and in the other, is counted twice; what is asked is when."""
import socket
import struct
import subprocess
import sys
import time

SO_ATTACH_FILTER, SOL_PACKET, PACKET_STATISTICS, ETH_P_ALL = 26, 263, 6, 3
LOOK_SECONDS = 0.002

interface, seconds, command = sys.argv[1], float(sys.argv[2]), sys.argv[3:]


def attach(tap):
    """A filter of classic BPF (linux/filter.h): outgoing frames other than slow protocols, cut to a byte."""
    import ctypes

    instructions = [
        (0x28, 0, 0, 0xFFFFF000 + 4),  # ldh packet type
        (0x15, 0, 3, 4),  # PACKET_OUTGOING?
        (0x28, 0, 0, 12),  # ldh Ethernet type
        (0x15, 1, 0, 0x8809),
        (0x06, 0, 0, 1),
        (0x06, 0, 0, 0),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *each) for each in instructions))
    tap.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HL", len(instructions), ctypes.addressof(code)))


def taken(tap):
    """Frames since the last question, also those for which the socket had no room."""
    return struct.unpack("II", tap.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[0]


tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 0)
attach(tap)
tap.bind((interface, ETH_P_ALL))
dropped = open("/sys/class/net/%s/statistics/tx_dropped" % interface)


def lost():
    dropped.seek(0)
    return int(dropped.read())


before = lost()
taken(tap)
frames = 0
began = last = looked = time.monotonic()
longest = 0
happening = subprocess.Popen(command, stdin=subprocess.DEVNULL)
while looked - began < seconds:
    time.sleep(LOOK_SECONDS)
    now_lost = lost()
    count = taken(tap) + now_lost - before
    before = now_lost
    now = time.monotonic()
    longest = max(longest, now - looked)
    looked = now
    if count > 0:
        frames += count
        last = now
if happening.wait() != 0:
    sys.exit("%s ended with exit code %d" % (" ".join(command), happening.returncode))
print("last frame after %d ms, looked every %d ms, %d frames" % (round((last - began) * 1000), round(longest * 1000), frames))
