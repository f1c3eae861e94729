"""UDP echo over either family: "serve PORT", or "ask ADDRESS PORT BYTES..." which exits 0 when each datagram came back as it was."""
import os
import socket
import sys

if sys.argv[1] == "serve":
    server = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    server.bind(("::", int(sys.argv[2])))
    print("ready", flush=True)
    while True:
        data, sender = server.recvfrom(65535)
        server.sendto(data, sender)

family = socket.AF_INET6 if ":" in sys.argv[2] else socket.AF_INET
client = socket.socket(family, socket.SOCK_DGRAM)
if family == socket.AF_INET:
    # IP_MTU_DISCOVER = IP_PMTUDISC_DONT: datagrams may be cut on their way.
    client.setsockopt(socket.IPPROTO_IP, 10, 0)
client.settimeout(3)
client.connect((sys.argv[2], int(sys.argv[3])))
for size in map(int, sys.argv[4:]):
    data = os.urandom(size)
    for attempt in range(3):
        client.send(data)
        try:
            if client.recv(65535) == data:
                print(size, "came back")
                break
        except socket.timeout:
            print(size, "no answer")
    else:
        sys.exit(1)
