"""Files that evidence carries: what may come in, told by its content and never by its name, and who is given it.

A file is a PDF, an image (PNG, JPEG, WebP) or an office document (DOCX, XLSX, ODT, ODS) without macros, without a
password and without another archive in it. What it says of who made it, where and when is taken out; what is left is
the file, with its size and hash, and the original is not kept. It is stored under a random name where no address leads
to, a folder or a bucket that is not public (MEDIA), and is only ever given out as a download by this site.
"""

import contextlib
import dataclasses
import datetime
import fcntl
import hashlib
import logging
import re
import secrets
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import IO, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import Evidence

from . import confined
from .office import DOCUMENTS

logger = logging.getLogger(__name__)

SUFFIXES = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", **DOCUMENTS}
BEGINS = {
    "application/pdf": b"%PDF-",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/webp": b"RIFF....WEBP",
}
ACCEPT = ",".join(f".{suffix}" for suffix in (*SUFFIXES.values(), "jpeg"))
NAME_LENGTH = 100
# What a page or a program begins with; an image has no use for it, and a browser might take the file for that.
MARKUP = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe|\?php)\b", re.IGNORECASE)
A_NAME = re.compile(r"[0-9a-f]{32}")  # of a stored file
ARCHIVE = b"PK\x05\x06"  # the end of a zip archive, which may stand behind anything
AT_ONCE = 2  # files that are cleaned at the same time on a machine: each may take memory and a processor
LONGEST_WAIT = 20  # seconds until somebody is told to come back
MOST_SECONDS = 60  # until a file is cleaned, on a machine that does much else
TAKEN_OUT = {
    "place": gettext_lazy("the place"),
    "author": gettext_lazy("who made it"),
    "device": gettext_lazy("the device or program"),
    "time": gettext_lazy("the time"),
    "comments": gettext_lazy("comments"),
    "actions": gettext_lazy("what it does by itself"),
    "data": gettext_lazy("other data beside what is seen"),
}
WHY_NOT = {
    "active": gettext_lazy(
        "The PDF has a script, a program or another file in it, or sends or fetches something: print it to a new PDF."
    ),
    "sealed": gettext_lazy(
        "The PDF has a part that cannot be looked into, perhaps for a password: print it to a new PDF."
    ),
    "several": gettext_lazy("It holds several pictures: send each as a file of its own."),
    "large": gettext_lazy("The PDF unpacks to too much: print it to a new PDF."),
    "broken": gettext_lazy("It begins as %(type)s and is broken, or holds something else besides."),
}
WHY_NO_DOCUMENT = {
    "archive": gettext_lazy("It is an archive, and not a DOCX, XLSX, ODT or ODS document."),
    "password": gettext_lazy("The document has a password: save it without one."),
    "sealed": gettext_lazy("The document has a password: save it without one."),
    "large": gettext_lazy("The document unpacks to too much."),
    "odd": gettext_lazy("The document's archive holds something that no office document has."),
    "macros": gettext_lazy("The document has macros: save it without them."),
    "inside": gettext_lazy("The document has another file in it: take it out."),
    "acts": gettext_lazy(
        "The document fetches, sends or runs something when it is opened, such as a template from elsewhere: "
        "save it as PDF."
    ),
    "leads": gettext_lazy("A link in the document leads to a file or a program of a computer: take it out."),
    "broken": gettext_lazy("The document is broken: its archive cannot be read."),
}


@dataclasses.dataclass(frozen=True)
class Checked:
    """A file that may come in: its content, the name to show, its type, size in bytes, SHA-256, what it has lost."""

    content: bytes = dataclasses.field(repr=False)
    name: str
    type: str
    size: int
    hash: str
    taken_out: tuple[str, ...] = ()
    sent_as: str = ""  # the name that it came under


class NoFile(LookupError):
    """There is no such file, or none for this person."""


class Gone(Exception):
    """The file was public and was taken away for somebody's safety."""


class NotReached(Exception):
    """The bucket that holds the files cannot be asked, or refuses; the message is for those who run the site."""


def checked(upload: UploadedFile) -> Checked:
    """An uploaded file, cleaned, with the type that it has. Raises ``ValidationError`` with the reason against it."""
    limit = settings.FILE_LIMIT
    if (upload.size or 0) > limit:
        raise ValidationError(_("The file is larger than %(limit)s.") % {"limit": filesizeformat(limit)})
    upload.seek(0)  # a form that was refused is read twice
    content = upload.read()
    if not content:
        raise ValidationError(_("The file is empty."))
    type_ = _type_of(content)
    type_, content, words = _cleaned(content, type_)
    digest = hashlib.sha256(content).hexdigest()
    name = shown_name(upload.name, SUFFIXES[type_])
    return Checked(content, name, type_, len(content), digest, tuple(words), upload.name or "")


def shown_name(name: str | None, suffix: str) -> str:
    """A file's name without path, control characters and what shells or pages give a meaning, ending as its type."""
    name = unicodedata.normalize("NFC", name or "").replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c)[0] not in "CZ" or c == " ")
    stem = re.sub(r"""[<>:"'`|?*%&;$#{}=@\[\]]""", "_", name)
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}\Z", "", stem)
    stem = re.sub(r"\s+", " ", stem).strip(" .-")[:NAME_LENGTH].rstrip(" .-")
    return f"{stem or 'file'}.{suffix}"


def _type_of(content: bytes) -> str:
    """The type that the first bytes claim, if the file is one from beginning to end as far as that is seen at once.

    Which kind of document an archive is, ``_cleaned`` says.
    """
    if content.startswith(b"PK"):
        return "document"
    type_ = next((each for each, begin in BEGINS.items() if re.match(begin, content, re.DOTALL)), None)
    if type_ is None:
        raise ValidationError(
            _("Only PDF, PNG, JPEG, WebP, DOCX, XLSX, ODT and ODS are taken, and this is none by its content.")
        )
    pdf = type_ == "application/pdf"
    odd = ARCHIVE in content[-65557:] or MARKUP.search(content, 0, 1024 if pdf else len(content))
    if odd or (pdf and b"%%EOF" not in content[-1024:]):
        raise ValidationError(_why_not("broken", type_))
    return type_


def _cleaned(content: bytes, type_: str) -> tuple[str, bytes, list[str]]:
    """The file's type, the file without what it says of its maker, and words for what was taken out.

    Raises ``ValidationError``.
    """
    with _turn():
        answer, cleaned = confined.ask("tracker.uploads.cleaning", type_, content, seconds=MOST_SECONDS)
    if "refused" in answer:
        raise ValidationError(_why_not(answer["refused"], type_))
    return answer["type"], cleaned, answer["taken_out"]


@contextlib.contextmanager
def _turn() -> Iterator[None]:
    """One of the few places for files that are cleaned at once on a machine, whichever process asks.

    Raises ``ValidationError`` where none is free for long. A place is a lock on a file, which ends with its process.
    """
    folder = Path(settings.VAR) / "turns"
    folder.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + LONGEST_WAIT
    with contextlib.ExitStack() as opened:
        places = [opened.enter_context((folder / str(n)).open("ab")) for n in range(AT_ONCE)]
        while True:
            for place in places:
                try:
                    fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                yield
                return
            if time.monotonic() > until:
                raise ValidationError(_("Other files are being looked through now: send this one again in a minute."))
            time.sleep(0.1)


def _why_not(reason: str, type_: str) -> str:
    if type_ == "document":
        return str(WHY_NO_DOCUMENT[reason])
    if reason == "large" and type_ != "application/pdf":
        return _("The image has too many pixels: save it smaller.")
    return str(WHY_NOT[reason]) % {"type": SUFFIXES[type_].upper()}


def taken_out(upload: Checked) -> str:
    """A sentence on what was taken out of a file before it is stored; blank for nothing."""
    words = ", ".join(str(TAKEN_OUT[word]) for word in upload.taken_out)
    return (
        _("Taken out of “%(name)s” before it is stored: %(what)s.") % {"name": upload.name, "what": words}
        if words
        else ""
    )


def renamed(upload: Checked) -> str:
    """A sentence on another name than the one that a file came under; blank where it has that."""
    came = unicodedata.normalize("NFC", upload.sent_as)
    same = re.sub(r"(?i)\.jpeg\Z", ".jpg", came).casefold() == upload.name.casefold()
    came = "".join(c for c in came[:NAME_LENGTH] if unicodedata.category(c)[0] != "C")
    return "" if same else _("“%(came)s” is stored as “%(name)s”.") % {"came": came, "name": upload.name}


def named(stored: str) -> str:
    """The name of a stored file. Raises ``ValueError`` for what is none."""
    if not A_NAME.fullmatch(stored):
        raise ValueError(f"{stored!r} is no name of a stored file.")
    return stored


def opened(stored: str) -> IO[bytes]:
    """A stored file, whole and open. Raises ``FileNotFoundError``, or ``ValueError`` for what is no name of one."""
    file = default_storage.open(named(stored))
    return cast(IO[bytes], file.file)  # of a bucket it is there now, and not fetched while it is sent


_stored: ContextVar[list[str] | None] = ContextVar("stored", default=None)


@contextlib.contextmanager
def all_or_none() -> Iterator[None]:
    """Files that are stored within are gone again where it ends with an exception, as the rows that name them are."""
    names: list[str] = []
    outer, token = _stored.get(), _stored.set(names)
    try:
        yield
    except BaseException:
        with contextlib.suppress(NotReached):  # what is left there sweep_files finds
            forget(names)
        raise
    finally:
        _stored.reset(token)
    if outer is not None:
        outer.extend(names)


def store(content: bytes) -> str:
    """Keep a file; returns the random name under which it lies. Raises ``ValidationError`` where none can be kept."""
    name = secrets.token_hex(16)
    if (names := _stored.get()) is not None:
        names.append(name)
    try:
        put(name, ContentFile(content))
    except NotReached as error:
        logger.error("A file cannot be stored: %s", error)
        raise ValidationError(_("Files cannot be stored at the moment: send it again in a minute.")) from error
    return name


def put(stored: str, content: File) -> None:
    """Keep a file under a name that none has yet."""
    default_storage.save(named(stored), content)


def exists(stored: str) -> bool:
    """Whether there is a file of this name. Raises ``ValueError`` for what is no name of one."""
    return default_storage.exists(named(stored))


def stored_names() -> set[str]:
    """Names of all stored files; other names are not ours."""
    try:
        return set(filter(A_NAME.fullmatch, default_storage.listdir("")[1]))
    except FileNotFoundError:  # nothing was stored yet
        return set()


def age_and_size(stored: str) -> tuple[datetime.timedelta, int]:
    """How long ago a file was stored, and its bytes. Raises ``FileNotFoundError``."""
    since = timezone.now() - default_storage.get_modified_time(named(stored))
    return since, default_storage.size(stored)


def forget(names: Iterable[str]) -> None:
    """Take stored files away."""
    for name in names:
        default_storage.delete(named(name))


def intact(stored: str, digest: str) -> bool:
    """Whether a stored file is there and still has its hash."""
    try:
        with opened(stored) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest  # type: ignore[arg-type]
    except (OSError, ValueError):
        return False


def find(file_hash: str, user: Callable[[], User]) -> tuple[Evidence, IO[bytes], bool]:
    """The evidence that carries a file, its open file, and whether it is public.

    ``user`` is a callable, so that nothing about a visitor is asked for what is public; for all else it is, whether or
    not there is such a file, so that the answer does not tell. Raises ``NoFile``, ``Gone`` or ``NotReached``.
    """
    if Evidence.objects.taken_away([file_hash]):
        raise Gone
    rows = list(Evidence.objects.filter(file_hash=file_hash).order_by("pk"))
    public = [each for each in rows if each.entry_id is not None]
    # Rows that are not public yet are for those who read drafts; who asks is looked at whether there are any or not.
    may_see = public or ((reader := user()).is_staff and reader.has_perm("tracker.view_evidence"))
    if not may_see or not rows:
        raise NoFile
    evidence = (public or rows)[0]
    try:
        return evidence, opened(evidence.stored), bool(public)
    except OSError as error:
        raise NoFile from error
