"""Messages of the interop tests, and whether they came compressed.

grpcio has no API that tells it. With NO_DECOMPRESSION as an option of a channel or a server, though, it leaves messages as they came,
and a message in gzip cannot be mistaken for one in protobuf: its first octet would be a tag with the wire type 7, which there is not.
"""

import gzip
from collections.abc import Callable
from typing import NamedTuple

import messages_pb2

NO_DECOMPRESSION = ("grpc.per_message_decompression", 0)

_GZIP_MAGIC = b"\x1f\x8b"


class Received(NamedTuple):
    message: object
    compressed: bool


def flagged(message_type) -> Callable[[bytes], Received]:
    """A deserializer for messages that were not decompressed."""

    def read(octets: bytes) -> Received:
        compressed = octets.startswith(_GZIP_MAGIC)
        return Received(message_type.FromString(gzip.decompress(octets) if compressed else octets), compressed)

    return read


def zeros(size: int) -> messages_pb2.Payload:
    return messages_pb2.Payload(body=bytes(size))
