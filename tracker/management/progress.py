"""How far a long command is: on a terminal one line that overwrites itself, elsewhere nothing but a line an event."""

import time
from collections.abc import Generator, Iterable
from typing import Any, TypeVar

T = TypeVar("T")

SECONDS = 0.1  # between two states of the line; a terminal shows no more, and writing takes time
CLEAR = "\r\x1b[K"


class Progress:
    """Tells on a command's output how far it is, and clears the line at the end, whatever the end was."""

    def __init__(self, out: Any, verbosity: int = 1) -> None:
        self.out, self.verbosity = out, verbosity
        self.terminal = verbosity > 0 and out.isatty()
        self.task, self.shown_at = "", float("-inf")

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *error: object) -> None:
        self._clear()

    def show(self, task: str, done: int, total: int) -> None:
        """Say on a terminal what is being done and how much of it is: the last of it always, the rest at times."""
        now = time.monotonic()
        if self.terminal and (done >= total or task != self.task or now - self.shown_at >= SECONDS):
            self.task, self.shown_at = task, now
            self.out.write(f"{CLEAR}{task}: {done} of {total}", ending="")
            self.out.flush()

    def each(self, task: str, items: Iterable[T], total: int) -> Generator[T, None, None]:
        """The items, and how many of them are done."""
        for number, item in enumerate(items, start=1):
            yield item
            self.show(task, number, total)

    def event(self, line: str) -> None:
        """Say for good that something is done."""
        self._clear()
        if self.verbosity:
            self.out.write(line)
            self.out.flush()

    def _clear(self) -> None:
        if self.terminal:
            self.out.write(CLEAR, ending="")
            self.out.flush()
