"""One file that holds the whole site: a ZIP archive of all rows, the files of evidence, and what it says of itself.

``manifest.json`` stands last and names every other part with its length and SHA-256, so that an archive that broke off
has none. With a passphrase that archive lies, encrypted by age, within another one: ``key.age`` opens with the
passphrase and holds the key of ``backup.zip.age``, so that anyone can open both with the age program alone.
"""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any

import pyrage
from django.conf import settings
from django.core.files import File
from django.db import connection, transaction
from django.utils import timezone

from tracker.actions.files import named
from tracker.serving.release import release
from tracker.uploads import storage

from . import rows

FORMAT = 1
MANIFEST, KEY, ENCRYPTED = "manifest.json", "key.age", "backup.zip.age"
PIECE = 1 << 20  # bytes that are copied at once
Tell = Callable[[str, int, int], None]


class Broken(Exception):
    """An archive that is no backup of such a site, is damaged or cannot be opened, in one sentence."""


@contextlib.contextmanager
def new(file: IO[bytes], passphrase: str = "") -> Iterator[zipfile.ZipFile]:
    """An archive that is being written into an open file, encrypted where there is a passphrase.

    No part of an encrypted one lies in the open on the disk: it is encrypted by a thread while it is written.
    """
    if not passphrase:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            yield archive
        return
    key = pyrage.x25519.Identity.generate()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as outer:
        outer.writestr(KEY, pyrage.passphrase.encrypt(str(key).encode(), passphrase))
        with (
            outer.open(ENCRYPTED, "w", force_zip64=True) as member,
            _encrypting(member, key.to_public()) as inner,
            zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            yield archive


@contextlib.contextmanager
def _encrypting(member: IO[bytes], recipient: Any) -> Iterator[IO[bytes]]:
    """A file whose content arrives encrypted in another one."""
    reading, writing = os.pipe()
    problems: list[Exception] = []

    def encrypt() -> None:
        with open(reading, "rb") as pipe:
            try:
                pyrage.encrypt_io(pipe, member, [recipient])
            except Exception as error:
                problems.append(error)

    thread = threading.Thread(target=encrypt)
    thread.start()
    try:
        with open(writing, "wb") as pipe:
            yield pipe
    except BrokenPipeError:
        thread.join()
        if not problems:
            raise
    finally:
        thread.join()
    if problems:
        raise OSError(str(problems[0]))


def write(archive: zipfile.ZipFile, more: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Write all rows and files, as one transaction sees them. Returns the manifest; ``more`` becomes part of it.

    Files that rows name and that are not there stand in it under ``lost``.
    """
    parts: dict[str, dict[str, Any]] = {}
    models = rows.tables()
    for done, model in enumerate(models, start=1):
        name = f"tables/{model._meta.db_table}.jsonl"
        parts[name] = _put(archive, name, (line.encode() for line in rows.lines(model)))
        tell("tables", done, len(models))
    names, lost = sorted(named()), []
    for done, name in enumerate(names, start=1):
        try:
            with storage.opened(name) as file:
                parts[f"files/{name}"] = _put(archive, f"files/{name}", iter(partial(file.read, PIECE), b""))
        except (FileNotFoundError, ValueError):
            lost.append(name)
        tell("files", done, len(names))
    entries, head = rows.head()
    manifest = {
        "format": FORMAT,
        "site": settings.SITE_URL,
        "made_at": timezone.now().isoformat(),
        "release": release(),
        "database": connection.vendor,
        "migrations": rows.migrations(),
        "entries": entries,
        "head": head,
        "last_numbers": rows.last_numbers(),
        "lost": lost,
        **more,
        "parts": parts,
    }
    _put(archive, MANIFEST, [json.dumps(manifest, ensure_ascii=False, indent=1).encode()])
    return manifest


def _put(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> dict[str, Any]:
    """Write a part; its length, hash and number of lines."""
    digest, size, lines = hashlib.sha256(), 0, 0
    info = zipfile.ZipInfo(name, date_time=timezone.now().timetuple()[:6])
    info.compress_type, info.external_attr = archive.compression, 0o600 << 16
    with archive.open(info, "w", force_zip64=True) as part:
        for piece in pieces:
            part.write(piece)
            digest.update(piece)
            size += len(piece)
            lines += piece.count(b"\n")
    return {"bytes": size, "sha256": digest.hexdigest()} | ({"lines": lines} if name.endswith(".jsonl") else {})


@contextlib.contextmanager
def opened(file: Path | IO[bytes], passphrase: Callable[[], str]) -> Iterator[zipfile.ZipFile]:
    """An archive to be read; ``passphrase`` is asked for one that is encrypted. Raises ``Broken``.

    What is decrypted lies in a file without a name, in VAR, which is gone with this process.
    """
    with contextlib.ExitStack() as stack:
        try:
            archive = stack.enter_context(zipfile.ZipFile(file))
            if KEY in archive.namelist():
                plain = stack.enter_context(tempfile.TemporaryFile(dir=settings.VAR))
                _decrypt(archive, plain, passphrase())
                archive = stack.enter_context(zipfile.ZipFile(plain))
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError) as error:
            raise Broken("It is no backup of this site, or it broke off.") from error
        yield archive


def _decrypt(archive: zipfile.ZipFile, plain: IO[bytes], passphrase: str) -> None:
    try:
        key = pyrage.passphrase.decrypt(archive.read(KEY), passphrase).decode()
    except (pyrage.DecryptError, ValueError) as error:
        raise Broken("The passphrase does not open it.") from error
    try:
        with archive.open(ENCRYPTED) as file:
            pyrage.decrypt_io(file, plain, [pyrage.x25519.Identity.from_str(key)])
    except (pyrage.DecryptError, pyrage.IdentityError, OSError) as error:
        if shutil.disk_usage(settings.VAR).free < archive.getinfo(ENCRYPTED).file_size:
            raise OSError(f"there is no room in {settings.VAR} to decrypt it") from error
        raise Broken("It is damaged: what is encrypted in it cannot be read.") from error


def checked(archive: zipfile.ZipFile, tell: Tell) -> dict[str, Any]:
    """Read an archive to its end and compare each part with its hash. Returns the manifest. Raises ``Broken``."""
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
        if manifest["format"] != FORMAT:
            raise Broken("It is of another format than this release reads: restore it with the release that made it.")
        parts = manifest["parts"]
        if sorted(archive.namelist()) != sorted([*parts, MANIFEST]):
            raise Broken("It does not hold the parts that it says it holds.")
        for done, (name, entry) in enumerate(parts.items(), start=1):
            with archive.open(name) as part:
                if hashlib.file_digest(part, "sha256").hexdigest() != entry["sha256"]:  # type: ignore[arg-type]
                    raise Broken(f"It is damaged: {name} is not what was written.")
            tell("checked", done, len(parts))
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError, NotImplementedError) as error:
        raise Broken("It is no backup of this site, or it is damaged.") from error
    return manifest


@contextlib.contextmanager
def restored(archive: zipfile.ZipFile, manifest: dict[str, Any], tell: Tell) -> Iterator[None]:
    """All rows and files of a checked archive in the place of what the database holds; kept if the block ends well.

    Where it ends with an exception the database is as it was, and the files are gone again. Raises ``Broken`` or
    ``rows.Misfit``.
    """
    fresh: list[str] = []
    try:
        _put_files_back(archive, manifest, fresh, tell)
        with transaction.atomic():
            _put_rows_back(archive, manifest, tell)
            yield
    except BaseException:
        storage.forget(fresh)
        raise


def _put_rows_back(archive: zipfile.ZipFile, manifest: dict[str, Any], tell: Tell) -> None:
    models, parts = {f"tables/{model._meta.db_table}.jsonl": model for model in rows.tables()}, manifest["parts"]
    if {name for name in parts if name.startswith("tables/")} != models.keys():
        raise rows.Misfit("Its tables are not those of this release.")
    with rows.Refilling() as tables:
        for done, (name, model) in enumerate(models.items(), start=1):
            with archive.open(name) as part:
                if tables.fill(model, iter(part)) != parts[name]["lines"] - 1:
                    raise Broken(f"It is damaged: {name} has another number of rows.")
            tell("tables", done, len(models))
        tables.number(manifest["last_numbers"])


def _put_files_back(archive: zipfile.ZipFile, manifest: dict[str, Any], fresh: list[str], tell: Tell) -> None:
    files = {name.partition("/")[2]: entry for name, entry in manifest["parts"].items() if name.startswith("files/")}
    for done, (name, entry) in enumerate(files.items(), start=1):
        try:
            present = storage.exists(name)
        except ValueError as error:
            raise Broken(f"It names a file that is none of this site: {name[:80]}.") from error
        if present and not storage.intact(name, entry["sha256"]):
            place = settings.FILES or settings.MEDIA
            raise Broken(f"{place}/{name} is there already and is another file: take it away first.")
        if not present:
            fresh.append(name)
            with archive.open(f"files/{name}") as part:
                storage.put(name, File(part))
        tell("files", done, len(files))
