"""Seed files for tests: how a copy of them is spoilt."""


def edit(folder, file, old, new):
    """Replace a text, or bytes, that stands in a file, once."""
    path = folder / file
    raw = path.read_bytes()
    old, new = (part if isinstance(part, bytes) else part.encode() for part in (old, new))
    assert old in raw, f"{file} has no {old}"
    path.write_bytes(raw.replace(old, new, 1))
