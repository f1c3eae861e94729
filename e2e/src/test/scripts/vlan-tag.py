"""Makes an interface a VLAN's for the kernel behind it, on kernels without VLAN devices.

usage: vlan-tag.py INTERFACE ID

What leaves gets the tag, what comes loses it; frames of other VLANs, and without a tag, are dropped. Two TC programs do it (bpf(2); bpf_skb_vlan_push,
bpf_skb_vlan_pop), attached for as long as this runs. Unlike a switch in user space they leave large segments and missing checksums as they are.
"""

import ctypes
import platform
import signal
import socket
import struct
import sys

SYSCALL = {"x86_64": 321, "aarch64": 280}[platform.machine()]
PROG_LOAD, LINK_CREATE = 5, 28
SCHED_CLS = 3
TCX_INGRESS, TCX_EGRESS = 46, 47
NEXT, DROP = -1, 2
VLAN_TCI = 24  # in struct __sk_buff

libc = ctypes.CDLL(None, use_errno=True)


def bpf(command, attributes):
    block = ctypes.create_string_buffer(attributes, len(attributes))
    descriptor = libc.syscall(SYSCALL, command, block, len(attributes))
    if descriptor < 0:
        raise OSError(ctypes.get_errno(), "bpf command %d" % command)
    return descriptor


def instruction(code, destination=0, source=0, offset=0, value=0):
    return struct.pack("=BBhi", code, source << 4 | destination, offset, value)


def move(register, value):
    return instruction(0xB7, register, value=value)


def copy(to, source):
    return instruction(0xBF, to, source)


def call(helper):
    return instruction(0x85, value=helper)


def leave(verdict):
    return move(0, verdict) + instruction(0x95)


def attach(interface, attach_type, code):
    instructions = ctypes.create_string_buffer(code, len(code))
    license_text = ctypes.create_string_buffer(b"GPL")
    program = bpf(
        PROG_LOAD,
        struct.pack(
            "=IIQQIIQII16sII",
            SCHED_CLS, len(code) // 8, ctypes.addressof(instructions), ctypes.addressof(license_text),
            0, 0, 0, 0, 0, b"vlan", 0, attach_type,
        ),
    )
    bpf(LINK_CREATE, struct.pack("=IIIIIIQ", program, socket.if_nametoindex(interface), attach_type, 0, 0, 0, 0))


interface, vlan = sys.argv[1], int(sys.argv[2])
push = move(2, socket.htons(0x8100)) + move(3, vlan) + call(18) + leave(NEXT)
taken = copy(1, 6) + call(19) + leave(NEXT)
pop = (
    copy(6, 1)
    + instruction(0x61, 2, 6, VLAN_TCI)
    + instruction(0x57, 2, value=0xFFF)
    + instruction(0x55, 2, offset=len(taken) // 8, value=vlan)
    + taken
    + leave(DROP)
)
attach(interface, TCX_EGRESS, push)
attach(interface, TCX_INGRESS, pop)
print("ready", flush=True)
signal.pause()
