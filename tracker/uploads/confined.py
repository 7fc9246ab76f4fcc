"""A file looked at by a process of its own, with little memory and time and without a file to write.

The libraries that read such files are written in C, and read what anybody may have made to harm them. The content goes
in by standard input; a line of JSON and what is made of the content leave by standard output. Nothing of the site is
imported there. Whatever the process is killed for, the file is refused.
"""

import json
import logging
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .archives import Refused

ROOT = Path(__file__).parents[2]
Answer = tuple[dict[str, Any], bytes]
logger = logging.getLogger(__name__)


def ask(module: str, kind: str, content: bytes, *, seconds: int) -> Answer:
    """What the process of a module (``python -m MODULE KIND``) says of a content, and what it made of it.

    ``{"refused": reason}`` for what it does not take, and for what it was killed for or took too long over.
    """
    known = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "PYTHONPATH") if name in os.environ}  # no secrets
    program = [sys.executable, "-m", module, kind]
    try:
        ended = subprocess.run(  # noqa: S603  (our own program)
            program, input=content, capture_output=True, cwd=ROOT, env=known, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        return {"refused": "large"}, b""
    if ended.returncode:
        logger.warning("A file could not be read: %s", ended.stderr[-500:].decode(errors="replace"))
        return {"refused": "large"}, b""
    reply, _line, result = ended.stdout.partition(b"\n")
    try:
        return json.loads(reply), result
    except ValueError:  # a library said something of its own
        return {"refused": "broken"}, b""


def answer(work: Callable[[bytes, str], Answer], *, memory: int, seconds: int) -> None:
    """Answer ``ask`` within so many bytes of memory and seconds of the processor.

    ``work`` is done with the content and its kind, and may raise ``Refused``.
    """
    for limit, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_FSIZE, 0)):
        resource.setrlimit(limit, (most, most))
    content, result = sys.stdin.buffer.read(), b""
    try:
        reply, result = work(content, sys.argv[1])
    except Refused as reason:
        reply = {"refused": str(reason)}
    except (MemoryError, RecursionError):
        reply = {"refused": "large"}
    except Exception:  # whatever a broken or hostile file makes of a library
        reply = {"refused": "broken"}
    sys.stdout.buffer.write(json.dumps(reply).encode() + b"\n" + result)
