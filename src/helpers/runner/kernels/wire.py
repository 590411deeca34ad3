"""Messages between a process and its warm server: JSON, each behind its length, over a socket."""

import json
import socket
import struct
from typing import Any

_LENGTH = struct.Struct("!Q")


def send(connection: socket.socket, message: dict[str, Any]) -> None:
    """Send one message whole."""
    content = json.dumps(message).encode("utf-8", "surrogatepass")
    connection.sendall(_LENGTH.pack(len(content)) + content)


def receive(connection: socket.socket) -> dict[str, Any] | None:
    """Return the next message, or None where the other side is gone."""
    head = _exactly(connection, _LENGTH.size)
    content = _exactly(connection, _LENGTH.unpack(head)[0]) if head else None
    if content is None:
        return None
    message: dict[str, Any] = json.loads(content.decode("utf-8", "surrogatepass"))
    return message


def _exactly(connection: socket.socket, size: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < size:
        try:
            part = connection.recv(min(size - len(parts), 1 << 20))
        except ConnectionResetError:
            return None
        if not part:
            return None
        parts += part
    return bytes(parts)
