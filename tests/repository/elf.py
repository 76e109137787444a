"""Reads the manifest out of a shared object, as the host does: from its notes, running nothing."""

import json
import struct

PT_NOTE = 4
OWNER = b"SHOAL\0"


def manifest_of(path):
    """The manifest as a dict. Raises ValueError if there is none."""
    with open(path, "rb") as file:
        image = file.read()
    for segment in note_segments(image):
        for owner, description in notes_in(segment):
            if owner == OWNER:
                return json.loads(description.rstrip(b"\0"))
    raise ValueError(f"{path}: no manifest")


def note_segments(image):
    if image[:6] != b"\x7fELF\x02\x01":
        raise ValueError("not a little-endian 64-bit ELF file")
    table, = struct.unpack_from("<Q", image, 0x20)
    size, count = struct.unpack_from("<HH", image, 0x36)
    for index in range(count):
        kind, _, offset, _, _, length = struct.unpack_from("<IIQQQQ", image, table + index * size)
        if kind == PT_NOTE:
            yield image[offset:offset + length]


def notes_in(segment):
    at = 0
    while at + 12 <= len(segment):
        owner_size, text_size, _ = struct.unpack_from("<III", segment, at)
        owner = at + 12
        text = owner + padded(owner_size)
        yield segment[owner:owner + owner_size], segment[text:text + text_size]
        at = text + padded(text_size)


def padded(size):
    return (size + 3) & ~3
