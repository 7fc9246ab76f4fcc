"""Keeps the server running: one that ends unasked, as after workers that died one after the other, is begun again.

A program of its own, of the standard library alone, so that what watches takes little memory: ``keeping.py PROGRAM``.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time

LEAST = 3  # seconds; one that ends sooner at its first start is wrong from the start, and has said why
LONGEST_PAUSE = 30  # seconds between two that end at once
PR_SET_PDEATHSIG = 1  # of Linux: what a process is sent when the one that began it is gone


def _ends_with_its_parent():
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def keep(command):
    """Run a program, again whenever it ends by itself, until a signal ends it. Returns the status to end with."""
    ending, process, pause, first = False, None, 1.0, True

    def forward(number, _frame):
        nonlocal ending
        ending = ending or number != signal.SIGHUP
        if process is not None and process.poll() is None:
            process.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, forward)
    while True:
        begun = time.monotonic()
        # Of a group of its own, so that Ctrl+C reaches it once, from here.
        process = subprocess.Popen(command, process_group=0, preexec_fn=_ends_with_its_parent)  # noqa: S603  (our own program)
        status = process.wait()
        lived = time.monotonic() - begun
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # workers that it left behind would hold the port, and nobody them
        if ending or (first and lived < LEAST):
            return status if status >= 0 else 128 - status
        first = False
        print(f"The server ended with {status}; it is begun again.", file=sys.stderr, flush=True)
        pause = min(pause * 2, LONGEST_PAUSE) if lived < LONGEST_PAUSE else 1.0
        until = time.monotonic() + pause
        while not ending and time.monotonic() < until:
            time.sleep(0.1)
        if ending:
            return 0


if __name__ == "__main__":
    sys.exit(keep(sys.argv[1:]))
