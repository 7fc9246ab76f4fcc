"""What takes long to make: by a process of its own, one at a time, after all readers, once for each version.

The answer of a view lies in a file from then on, compressed where that makes it shorter, and is given out from there.
Whoever asks while it is made waits for it, which costs nothing but the wait; where many wait already, the answer is a
503 that says when to come again.
"""

import fcntl
import gzip
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from hashlib import sha256

from django.conf import settings
from django.http import StreamingHttpResponse
from django.middleware.gzip import re_accepts_gzip
from django.utils.translation import gettext as _

from tracker.caching.pages import address_of, version_of
from tracker.serving.disk import written
from tracker.serving.middleware import PACKED

logger = logging.getLogger(__name__)

MAKING = "TRACKER_MAKES_APART"  # set for the process that makes one
WAITING = threading.BoundedSemaphore(2)  # of the threads of a worker, which has others for everybody else
PATIENCE = 90  # seconds
AGAIN = 10  # seconds after which to come again
NICE = 15  # readers come first
MOST = 512 * 1024 * 1024  # bytes of all files together
PIECE = 1 << 16  # bytes
LEVEL = 6


class Busy(Exception):
    """Others wait for something like it already, or it could not be made; the message is a sentence for people."""


def folder():
    """Where the answers lie; nobody but this site reads it."""
    path = settings.VAR / "made"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def _path(request):
    named = f"{version_of(request, request.newest)} {request.newest.head_hash} {address_of(request)}"
    return folder() / sha256(named.encode()).hexdigest()


def answer(request, make):
    """What ``make`` answers, from its file; made by another process where it is not there. Raises ``Busy``."""
    if not settings.APART:
        return make()
    path = _path(request)
    if not path.exists():
        if MAKING in os.environ:
            _write(path, make())
        else:
            _wait_for(request)
    try:
        return _file_response(request, path)
    except FileNotFoundError:  # something was published meanwhile, or the other process failed and said why in the log
        raise Busy(_("This could not be made just now.")) from None


def _wait_for(request):
    """Have another process make it. Its end is waited for without holding up anybody."""
    if not WAITING.acquire(blocking=False):
        raise Busy(_("This is being made, and others wait for it already."))
    try:
        program = [sys.executable, str(settings.BASE_DIR / "manage.py"), "make_answer", request.get_full_path()]
        # What it says, which address it made, is none of the log's business.
        environment, output = os.environ | {MAKING: "1"}, subprocess.DEVNULL
        subprocess.run(program, env=environment, stdout=output, timeout=PATIENCE, check=False)  # noqa: S603  (our own)
    except subprocess.TimeoutExpired:
        logger.warning("%s took more than %s seconds to make.", request.path, PATIENCE)
    finally:
        WAITING.release()


def alone():
    """The lock that lets one process make something: held until the process ends."""
    lock = (folder() / "lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def _write(path, response):
    """Put an answer into its file, whole or not at all: a line that says what it is, then its bytes."""
    pieces = response if response.streaming else (response.content,)
    packed = response["Content-Type"] not in PACKED
    try:
        with tempfile.TemporaryFile(dir=path.parent) as body:
            file = gzip.GzipFile("", "wb", LEVEL, body, mtime=0) if packed else body
            length = sum(file.write(piece) for piece in pieces)
            if packed:
                file.close()
            headers = {name: value for name, value in response.items() if name != "Content-Length"}
            about = {"status": response.status_code, "headers": headers, "length": length, "packed": packed}
            body.seek(0)
            with written(path) as whole:
                whole.write(json.dumps(about).encode() + b"\n")
                shutil.copyfileobj(body, whole, PIECE)
    except OSError:
        _make_room(path, most=0)  # where the disk is full, what can be made again gives way
        raise
    _make_room(path)


def _make_room(newest, most=None):
    """Take out what was asked for longest ago, as far as all are too much together, and what was left half done."""
    files = sorted(
        ((path.stat(), path) for path in newest.parent.iterdir() if path.name != "lock"), key=lambda f: -f[0].st_mtime
    )
    size = 0
    for stat, path in files:
        size += stat.st_size
        if path != newest and (size > (MOST if most is None else most) or path.name.startswith(".")):
            path.unlink(missing_ok=True)


def _file_response(request, path):
    file = path.open("rb")
    os.utime(path)  # asked for now
    about = json.loads(file.readline())
    headers, pieces = about["headers"], _pieces(file, file)
    headers["Content-Length"] = str(os.fstat(file.fileno()).st_size - file.tell())
    if about["packed"] and re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    elif about["packed"]:
        headers["Content-Length"] = str(about["length"])
        pieces = _pieces(gzip.GzipFile(fileobj=file), file)
    response = StreamingHttpResponse(pieces, status=about["status"], headers=headers)
    response.lies_in_a_file = True
    return response


def _pieces(readable, file):
    with file:
        while piece := readable.read(PIECE):
            yield piece


def later(error):
    """What is said to whoever was not given it."""
    return _("%(why)s Please ask again in %(seconds)s seconds.") % {"why": error, "seconds": AGAIN}
