"""Files that evidence carries: what may come in, told by its content and never by its name, and where it is kept.

A file is a PDF, an image (PNG, JPEG, WebP) or an office document (DOCX, XLSX, ODT, ODS) without macros, without a
password and without another archive in it. It is stored under a random name in a folder that no address leads to, and
is only ever given out as a download.
"""

import contextlib
import dataclasses
import hashlib
import os
import re
import secrets
import unicodedata
from contextvars import ContextVar
from pathlib import Path

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import FileUploadHandler
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from .office import DOCUMENTS, document_type
from .pdf import refuse_active

SUFFIXES = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", **DOCUMENTS}
ACCEPT = ",".join(f".{suffix}" for suffix in (*SUFFIXES.values(), "jpeg"))
NAME_LENGTH = 100
# What a page or a program begins with; an image has no use for it, and a browser might take the file for that.
MARKUP = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe|\?php)\b", re.IGNORECASE)
A_NAME = re.compile(r"[0-9a-f]{32}")  # of a stored file
ARCHIVE = b"PK\x05\x06"  # the end of a zip archive, which may stand behind anything


@dataclasses.dataclass(frozen=True)
class Checked:
    """A file that may come in: its content, the name to show, its type, size in bytes and SHA-256."""

    content: bytes = dataclasses.field(repr=False)
    name: str
    type: str
    size: int
    hash: str


class StopAtLimit(FileUploadHandler):
    """Takes in one byte more than is allowed, so that a huge file is refused without being kept anywhere."""

    def new_file(self, *args, **kwargs):
        self.left = settings.FILE_LIMIT + 1
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data, start):
        taken = raw_data[: self.left]
        self.left -= len(taken)
        return taken

    def file_complete(self, file_size):
        """The handlers after this one keep what it let through."""


def checked(upload):
    """An uploaded file with the type that its content has. Raises ``ValidationError`` with the reason against it."""
    limit = settings.FILE_LIMIT
    if upload.size > limit:
        raise ValidationError(_("The file is larger than %(limit)s.") % {"limit": filesizeformat(limit)})
    upload.seek(0)  # a form that was refused is read twice
    content = upload.read()
    if not content:
        raise ValidationError(_("The file is empty."))
    type_ = _type_of(content)
    digest = hashlib.sha256(content).hexdigest()
    return Checked(content, shown_name(upload.name, SUFFIXES[type_]), type_, len(content), digest)


def shown_name(name, suffix):
    """A file's name without path, control characters and what shells or pages give a meaning, ending as its type."""
    name = unicodedata.normalize("NFC", name or "").replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c)[0] not in "CZ" or c == " ")
    stem = re.sub(r"""[<>:"'`|?*%&;$#{}=@\[\]]""", "_", name)
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}\Z", "", stem)
    stem = re.sub(r"\s+", " ", stem).strip(" .-")[:NAME_LENGTH].rstrip(" .-")
    return f"{stem or 'file'}.{suffix}"


def _type_of(content):
    if content.startswith(b"PK"):
        return document_type(content)
    wholes = {"application/pdf": _pdf, "image/png": _png, "image/jpeg": _jpeg, "image/webp": _webp}
    for type_, whole in wholes.items():
        if _begins_as(content) == type_:
            if not whole(content) or ARCHIVE in content[-65557:]:
                break
            return type_
    else:
        raise ValidationError(
            _("Only PDF, PNG, JPEG, WebP, DOCX, XLSX, ODT and ODS are taken, and this is none by its content.")
        )
    raise ValidationError(
        _("It begins as %(type)s and is broken, or holds something else besides.") % {"type": SUFFIXES[type_].upper()}
    )


def _begins_as(content):
    """The likeliest type by the first bytes; blank where nothing is known that begins so."""
    try:
        return puremagic.magic_string(content[:4096])[0].mime_type
    except (puremagic.PureError, ValueError, IndexError):
        return ""


def _pdf(content):
    """A whole PDF, without scripts and files inside as far as these can be seen; no reader is told to run them."""
    refuse_active(content)
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:] and not MARKUP.search(content[:1024])


def _png(content):
    """Chunks from the signature to the end, and nothing after it."""
    place = 8
    while place + 12 <= len(content):
        length, kind = int.from_bytes(content[place : place + 4]), content[place + 4 : place + 8]
        place += 12 + length
        if kind == b"IEND":
            break
    else:
        return False
    return place == len(content) and content[12:16] == b"IHDR" and not MARKUP.search(content)


def _jpeg(content):
    return content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in content[-65536:] and not MARKUP.search(content)


def _webp(content):
    length = int.from_bytes(content[4:8], "little")
    return len(content) in (length + 8, length + 9) and not MARKUP.search(content)


def path_of(stored):
    """Where a stored file lies."""
    if not A_NAME.fullmatch(stored):
        raise ValueError(f"{stored!r} is no name of a stored file.")
    return Path(settings.FILES) / stored


_stored = ContextVar("stored", default=None)


@contextlib.contextmanager
def all_or_none():
    """Files that are stored within are gone again where it ends with an exception, as the rows that name them are."""
    outer, token = _stored.get(), _stored.set([])
    try:
        yield
    except BaseException:
        forget(_stored.get())
        raise
    else:
        if outer is not None:
            outer.extend(_stored.get())
    finally:
        _stored.reset(token)


def store(content):
    """Keep a file; returns the random name under which it lies."""
    name = secrets.token_hex(16)
    folder = Path(settings.FILES)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if _stored.get() is not None:
        _stored.get().append(name)
    with open(os.open(path_of(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return name


def kept_before(moment):
    """Names of the files that were stored before a moment, in seconds since 1970; other names are not ours."""
    names = set()
    for path in Path(settings.FILES).glob("*"):
        with contextlib.suppress(FileNotFoundError):  # another process may take one away meanwhile
            if A_NAME.fullmatch(path.name) and path.stat().st_mtime < moment:
                names.add(path.name)
    return names


def forget(names):
    """Take stored files away."""
    for name in names:
        path_of(name).unlink(missing_ok=True)


def intact(stored, digest):
    """Whether a stored file is there and still has its hash."""
    try:
        with path_of(stored).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except (OSError, ValueError):
        return False
