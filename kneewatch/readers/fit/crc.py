"""The checksum that ends a FIT file: CRC-16 with the polynomial 0xA001, starting at 0.

A CRC is the remainder of a polynomial over GF(2), so it is linear: that of two neighbouring
stretches is that of the left one, moved on by the length of the right one, plus (exclusive or)
that of the right one. That makes two short cuts.

- Moving on by 32,767 bits changes nothing, since x has that order modulo x^16 + x^15 + x^2 + 1.
  So it is with 32,767 bytes, and a long file is first laid in layers of that length and added up.
- The rest is a tree: all even words are moved on by one word and added to the odd ones, which
  halves the number of words, then by two words, four, and so on. Moving on is a look-up.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

Octets = np.ndarray[Any, np.dtype[np.uint8]]
Words = np.ndarray[Any, np.dtype[np.uint16]]

PERIOD = 32_767


def crc16(data: bytes | memoryview) -> int:
    """Checksum of the bytes; 0 for a stretch that ends with its own checksum.

    Parameters
    ----------
    data : bytes
    """
    layer = _added_up(np.frombuffer(data, np.uint8))
    words = 1
    while 2 * words < len(layer):
        words *= 2
    # Zeros in front change no checksum that starts at zero.
    padded = np.zeros(2 * words, np.uint8)
    padded[2 * words - len(layer) :] = layer
    row: Words = padded.view("<u2").astype(np.uint16, copy=False)
    level = 0
    while len(row) > 1:
        row = _moved_on(level)[row[::2]] ^ row[1::2]
        level += 1
    return int(_moved_on(0)[row[0]])


def _added_up(data: Octets) -> Octets:
    layers, rest = divmod(len(data), PERIOD)
    if not layers:
        return data
    total: Octets = np.bitwise_xor.reduce(data[rest:].reshape(layers, PERIOD))
    if rest:
        total[PERIOD - rest :] ^= data[:rest]
    return total


@cache
def _moved_on(level: int) -> Words:
    """The state behind 2**level words of zeros, for each state before them."""
    if level:
        half = _moved_on(level - 1)
        return half[half]
    state: Words = np.arange(1 << 16, dtype=np.uint16)
    for _ in range(16):
        state = (state >> np.uint16(1)) ^ (state & np.uint16(1)) * np.uint16(0xA001)
    return state
