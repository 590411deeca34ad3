"""A text file as a stream of UTF-8, whatever it is written in, without holding it in memory."""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from helpers.tables.dialect import MOST_BROKEN_SHARE, SAMPLE_BYTES, as_utf8

BLOCK_BYTES = 1 << 22
_EXCEL_HINT = re.compile(rb"sep=[,;|\t](?:\r\n|\r|\n|$)", re.IGNORECASE)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True)
class Encoding:
    """How a file is written: a codec, and how many bytes before the text are none of it."""

    codec: str
    errors: str
    mark: int


def encoding_of(path: Path, *, place: str) -> Encoding:
    """Return how the file is written, found out as for any table, by one pass over it.

    Raises
    ------
    UserError
        If the file is no text.
    """
    with path.open("rb") as file:
        start = file.read(SAMPLE_BYTES)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Encoding("utf-16", "strict", 0)
    as_utf8(start, place=place)  # refuses what is no text
    mark = len(codecs.BOM_UTF8) if start.startswith(codecs.BOM_UTF8) else 0
    if _is_utf8(path, mark):
        return Encoding("utf-8", "strict", mark)
    broken, special = _broken(path, mark)
    if broken <= MOST_BROKEN_SHARE * special:
        return Encoding("utf-8", "replace", mark)
    undefined = any(byte in block for block in _blocks(path, mark) for byte in b"\x81\x8d\x8f\x90\x9d")
    return Encoding("latin-1" if undefined else "cp1252", "strict", mark)


def _is_utf8(path: Path, mark: int) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        for block in _blocks(path, mark):
            decoder.decode(block, final=not block)
    except UnicodeError:
        return False
    return True


def _broken(path: Path, mark: int) -> tuple[int, int]:
    """Return how many characters are no UTF-8, and how many are not ASCII, these included."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    broken = special = 0
    for block in _blocks(path, mark):
        text = decoder.decode(block, final=not block)
        if not text.isascii():
            broken += text.count("\ufffd")
            special += len(_NOT_ASCII.findall(text))
    return broken, special


def _blocks(path: Path, mark: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(mark)
        while block := file.read(BLOCK_BYTES):
            yield block
    yield b""  # the end, for decoders


class TextStream(io.RawIOBase):
    """The file's text as UTF-8, without blank lines before the first and without Excel's hint.

    Parameters
    ----------
    path : Path
        The file.
    encoding : Encoding
        How it is written.
    """

    def __init__(self, path: Path, encoding: Encoding) -> None:
        super().__init__()
        self._file = path.open("rb")
        self._file.seek(encoding.mark)
        self._decoder = codecs.getincrementaldecoder(encoding.codec)(encoding.errors)
        self._plain = encoding.codec == "utf-8" and encoding.errors == "strict"
        self._ready = b""
        self._ended = False
        self.sample = self._begin()

    def _begin(self) -> bytes:
        """Read the first part of the text, drop what stands before the header, and return it."""
        while len(self._ready) < SAMPLE_BYTES and not self._ended:
            self._ready += self._more()
        text = self._ready.lstrip(b"\r\n")
        hint = _EXCEL_HINT.match(text)
        self._ready = text[hint.end() :].lstrip(b"\r\n") if hint else text
        return self._ready

    def _more(self) -> bytes:
        block = self._file.read(BLOCK_BYTES)
        self._ended = not block
        if self._plain:
            return block
        return self._decoder.decode(block, final=self._ended).encode("utf-8")

    @property
    def position(self) -> int:
        """How many bytes of the file were read."""
        return self._file.tell()

    def readable(self) -> bool:
        """Return true."""
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Fill the buffer with the text's next bytes; return how many there are, 0 at the end."""
        while not self._ready and not self._ended:
            self._ready = self._more()
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()
