"""When the last frame of data was given to an interface after something had happened to its cable.

last-frame.py INTERFACE SECONDS COMMAND...

Runs the command, which pulls or mutes the cable, watches the interface until nothing has come in by it for so many seconds, and prints "last frame after MILLIS ms, looked every
MILLIS ms, FRAMES frames". The cable is taken for dead from the last frame that came in by it, or from the beginning of the command where none came after that; so the command may be as
slow as it likes. The time is from the look before that frame to the look that saw the last one go out: too long by up to two pauses between looks, of which the longest is told.

Frames are counted by counters, and never read. A packet socket's statistics (packet(7)) count what the interface is given to send, but for the PDUs of the link (slow protocols,
IEEE 802.3 annex 57A), which go on; another's what comes in. Some time after a carrier has gone the kernel takes the queueing discipline away, before which such sockets stand: what is
sent from then on is counted in tx_dropped. A frame that dies in between, behind the one and in the other, is counted twice; what is asked is when."""
import ctypes
import socket
import struct
import subprocess
import sys
import time

SO_ATTACH_FILTER, SOL_PACKET, PACKET_STATISTICS, ETH_P_ALL = 26, 263, 6, 3
LOOK_SECONDS, LONGEST_SECONDS = 0.002, 60
LOAD_PACKET_TYPE = (0x28, 0, 0, 0xFFFFF000 + 4)
PACKET_OUTGOING, SLOW_PROTOCOLS = 4, 0x8809
TAKE, REFUSE = (0x06, 0, 0, 1), (0x06, 0, 0, 0)

interface, seconds, command = sys.argv[1], float(sys.argv[2]), sys.argv[3:]


def tap(*instructions):
    """A socket with a filter of classic BPF (linux/filter.h); what it takes is cut to a byte."""
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *each) for each in instructions))
    made = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 0)
    made.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HL", len(instructions), ctypes.addressof(code)))
    made.bind((interface, ETH_P_ALL))
    return made


def taken(by):
    """Frames since the last question, also those for which the socket had no room."""
    return struct.unpack("II", by.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[0]


outgoing = tap(
    LOAD_PACKET_TYPE,
    (0x15, 0, 3, PACKET_OUTGOING),
    (0x28, 0, 0, 12),  # Ethernet type
    (0x15, 1, 0, SLOW_PROTOCOLS),
    TAKE,
    REFUSE,
)
incoming = tap(LOAD_PACKET_TYPE, (0x15, 1, 0, PACKET_OUTGOING), TAKE, REFUSE)
dropped = open("/sys/class/net/%s/statistics/tx_dropped" % interface)


def lost():
    dropped.seek(0)
    return int(dropped.read())


before = lost()
taken(outgoing)
taken(incoming)
frames = longest = 0
began = dead = last = looked = time.monotonic()
happening = subprocess.Popen(command, stdin=subprocess.DEVNULL)
while looked - dead < seconds or happening.poll() is None:
    time.sleep(LOOK_SECONDS)
    now_lost = lost()
    given = taken(outgoing) + now_lost - before
    came = taken(incoming)
    before = now_lost
    now = time.monotonic()
    longest = max(longest, now - looked)
    if came > 0:
        dead = looked
        frames = 0
    if given > 0:
        frames += given
        last = now
    looked = now
    if now - began > LONGEST_SECONDS:
        sys.exit("frames still come in by %s after %d s" % (interface, LONGEST_SECONDS))
if happening.returncode != 0:
    sys.exit("%s ended with exit code %d" % (" ".join(command), happening.returncode))
print("last frame after %d ms, looked every %d ms, %d frames" % (round(max(0, last - dead) * 1000), round(longest * 1000), frames))
