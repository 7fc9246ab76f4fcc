"""A file on its way in with a form: a large one lies in TMPDIR, without a name, and is gone with this process."""

import contextlib
import errno
import io
import os
import tempfile
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

IN_MEMORY = 256 * 1024  # bytes of a file


class NotKept(io.RawIOBase):
    """In the place of a file for which there was no room. Whoever reads it is told so, once the form was read."""

    def seek(self, *_where: Any) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    readinto = write = seek


class Incoming(FileUploadHandler):
    """Takes in one byte more than is allowed, so that a huge file is refused without being kept anywhere.

    A full disk ends the file and not the form: what was typed beside it comes after it, and is read.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.left = settings.FILE_LIMIT + 1
        self.file: Any = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  (the request closes it)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002  (Django calls it)
        chunk = raw_data[: self.left]
        self.left -= len(chunk)
        with self._room():
            self.file.write(chunk)

    def file_complete(self, file_size: int) -> UploadedFile:  # noqa: ARG002  (of all that was sent)
        """The file, or what of it is more than is allowed."""
        with self._room():
            self.file.seek(0)  # which writes to the end
        size = settings.FILE_LIMIT + 1 - self.left
        extra = self.content_type_extra
        return UploadedFile(self.file, self.file_name, self.content_type, size, self.charset, extra)

    @contextlib.contextmanager
    def _room(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            with contextlib.suppress(OSError):
                self.file.close()
            self.file = NotKept()
