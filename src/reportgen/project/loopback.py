"""What only this machine can ask: the socket of a server on loopback, and its address."""

from __future__ import annotations

import errno
import socket

LOOPBACK = "127.0.0.1"
HOSTS = (LOOPBACK, "localhost", "[::1]")
"""Names under which this machine calls itself; under another name a foreign page would read us."""
TRIES = 10
"""How many ports are tried from the one asked for on."""


def listen(port: int) -> socket.socket:
    """Return a socket that listens on loopback at `port`, or at the next one that is free.

    Port 0 leaves the choice to the system. Raises OSError if none of `TRIES` is free.
    """
    for candidate in range(port, port + TRIES) if port else (0,):
        try:
            return socket.create_server((LOOPBACK, candidate))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
    raise OSError(errno.EADDRINUSE, "", f"{LOOPBACK}:{port}")


def address(listening: socket.socket) -> str:
    """Return the address of what is served at `/`."""
    host, port = listening.getsockname()
    return f"http://{host}:{port}/"
