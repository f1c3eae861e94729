"""A datagram each millisecond, in turn from several ports, to an echo; what came back, and the longest time that each port waited.

udp-stream.py ADDRESS PORT PORTS SECONDS

Prints "ready" when the first one came back; then, at the end or at SIGINT, for each port "port NUMBER sent N received N longest-gap MILLIS at SECONDS", where the gap is the
longest time between datagrams that came back, by the times they were sent: what is late is not lost, and a client that was not given the processor is no gap."""
import select
import signal
import socket
import struct
import sys
import time

address, port, ports, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
family = socket.AF_INET6 if ":" in address else socket.AF_INET
clients = []
for _ in range(ports):
    client = socket.socket(family, socket.SOCK_DGRAM)
    client.connect((address, port))
    client.setblocking(False)
    clients.append(client)
poll = select.poll()
for client in clients:
    poll.register(client, select.POLLIN)
by_descriptor = {client.fileno(): index for index, client in enumerate(clients)}
began = time.monotonic()
sent = [[] for _ in clients]
came_back = [set() for _ in clients]


def read(milliseconds):
    for descriptor, _ in poll.poll(milliseconds):
        index = by_descriptor[descriptor]
        while True:
            try:
                came_back[index].add(struct.unpack("!I", clients[index].recv(64)[:4])[0])
            except BlockingIOError:
                break
            except ConnectionRefusedError:
                pass


number = 0
ready = False
ended = False


def end(*_):
    global ended
    ended = True


signal.signal(signal.SIGINT, end)
while not ended and time.monotonic() - began < seconds:
    index = number % ports
    try:
        clients[index].send(struct.pack("!I", len(sent[index])) + b"x" * 60)
    except (ConnectionRefusedError, BlockingIOError):
        pass
    sent[index].append(time.monotonic() - began)
    number += 1
    wait = began + number / 1000 - time.monotonic()
    read(max(0, wait * 1000))
    # Poll counts whole milliseconds.
    time.sleep(max(0, began + number / 1000 - time.monotonic()))
    if not ready and any(came_back):
        print("ready", flush=True)
        ready = True
deadline = time.monotonic() + 1
while time.monotonic() < deadline:
    read(50)

for index, times in enumerate(sent):
    longest, at, last = 0, 0, times[0]
    for sequence, when in enumerate(times):
        # A datagram that was lost ends no gap; the last one does.
        if sequence in came_back[index] or sequence == len(times) - 1:
            lost_before = sequence > 0 and sequence - 1 not in came_back[index]
            if lost_before and when - last > longest:
                longest, at = when - last, last
            last = when
    print("port %d sent %d received %d longest-gap %d at %.1f" % (index, len(times), len(came_back[index]), longest * 1000, at))
