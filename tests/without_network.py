"""``python -m tests.without_network COMMAND…``: a command in a namespace that has no network but the machine's own.

Exits with 77 where namespaces are not to be had.
"""

import ctypes
import fcntl
import os
import socket
import struct
import sys
from pathlib import Path

NOT_TO_BE_HAD = 77
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
ELSEWHERE = ("192.0.2.1", 80)
"""An address for documentation: nothing answers there, and here no packet leaves."""


def leave_network():
    """Put this process where it can reach itself and nothing else. Raises OSError where it cannot."""
    user, group = os.getuid(), os.getgid()
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER | CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))


def can_reach_others():
    """Whether a packet can leave this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        try:
            probe.connect(ELSEWHERE)
        except TimeoutError:
            return True
        except OSError:
            return False
    return True


if __name__ == "__main__":
    try:
        leave_network()
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(NOT_TO_BE_HAD)
    if can_reach_others():
        sys.exit("there is a network left")
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
