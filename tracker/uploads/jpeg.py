"""The segments of a JPEG: those that are the picture, without those that say something beside it."""

import re

MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # what ends the data of a scan
PICTURE = {0xC0 + n for n in range(16)} | {0xDA, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF}
# Of the application segments those by which colours are shown as they were taken, and the picture's shape.
BEGINS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
JFIF_LENGTH = 16  # without the thumbnail that may follow


def bare(content: bytes) -> bytes:
    """The picture with its colour profile and nothing else: no EXIF, XMP or comment, and nothing behind its end.

    No pixel is encoded anew. Raises ``ValueError`` for what does not have the shape of a JPEG.
    """
    if not content.startswith(b"\xff\xd8\xff"):
        raise ValueError("It does not begin as a JPEG.")
    parts, place = [content[:2]], 2
    while True:
        if content[place : place + 2] == b"\xff\xd9":
            return b"".join([*parts, b"\xff\xd9"])
        if content[place : place + 1] != b"\xff" or len(content) < place + 4:
            raise ValueError("A segment does not begin where it should.")
        marker = content[place + 1]
        if marker == 0xFF:  # a filling
            place += 1
            continue
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        body = content[place + 4 : end]
        if marker == 0xDA:
            following = MARKER.search(content, end)
            if following is None:
                raise ValueError("It has no end.")
            end = following.start()
        needed = marker in BEGINS and body.startswith(BEGINS[marker])
        if marker in PICTURE or (needed and (marker != 0xE0 or len(body) + 2 <= JFIF_LENGTH)):
            parts.append(content[place:end])
        place = end
