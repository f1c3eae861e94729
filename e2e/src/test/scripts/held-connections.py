"""Connections that stay open, over which a page is asked for now and then.

held-connections.py ADDRESS PORT COUNT

Opens them, and asks on all at once; then once more for each line of input. Prints the line ("opened" the first time) and what became of the requests: "LINE: answered N
silent N closed N", silent being those that had no answer within four seconds; a connection that was silent or closed is not asked again."""
import collections
import concurrent.futures
import re
import socket
import sys

address, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
REQUEST = b"GET / HTTP/1.1\r\nHost: held\r\n\r\n"
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


def ask(connection):
    answer = b""
    try:
        connection.sendall(REQUEST)
        while True:
            head, end, body = answer.partition(b"\r\n\r\n")
            if end and len(body) >= int(LENGTH.search(head).group(1)):
                return "answered"
            part = connection.recv(65536)
            if not part:
                return "closed"
            answer += part
    except TimeoutError:
        return "silent"
    except ConnectionError:
        return "closed"


connections = [socket.create_connection((address, port), timeout=4) for _ in range(count)]
with concurrent.futures.ThreadPoolExecutor(count) as threads:
    line = "opened"
    while line:
        fates = list(threads.map(ask, connections))
        counts = collections.Counter(fates)
        print(line + ":", *(f"{fate} {counts[fate]}" for fate in ("answered", "silent", "closed")), flush=True)
        connections = [each for each, fate in zip(connections, fates) if fate == "answered"]
        line = sys.stdin.readline().strip()
