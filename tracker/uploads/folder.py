"""Files in a folder, where they lie unless MEDIA names a bucket; and how any file is written that is private."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage

from tracker.serving.disk import written


class Folder(FileSystemStorage):
    """Files in a folder that nobody else reads: each is there when it is whole and on the disk."""

    @property
    def base_location(self) -> Any:
        """The folder, as the setting says now."""
        return settings.FILES

    @property
    def location(self) -> str:
        return os.path.abspath(self.base_location)

    def _save(self, name: str, content: Any) -> str:
        Path(self.location).mkdir(mode=0o700, parents=True, exist_ok=True)
        with private(Path(self.path(name))) as file:
            for piece in content.chunks():
                file.write(piece)
        return name


@contextlib.contextmanager
def private(path: Path) -> Iterator[IO[bytes]]:
    """A file that is there when it is whole, and on the disk; only its owner reads it. Nothing else is left of it."""
    with written(path, 0o600) as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
