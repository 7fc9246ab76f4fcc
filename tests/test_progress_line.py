"""How far a long command is: one line that overwrites itself on a terminal, a line an event elsewhere."""

import io

import pytest
from django.core.management.base import OutputWrapper

from tracker.management.progress import CLEAR, Progress


class Terminal(io.StringIO):
    """What stands on a terminal."""

    def isatty(self):
        return True


def output_of(out, **options):
    """What is written of three rows, an event between them."""
    with Progress(OutputWrapper(out), **options) as progress:
        progress.show("rows", 1, 3)
        progress.event("One is done.")
        progress.show("rows", 2, 3)  # too soon after the first to be seen
        progress.show("rows", 3, 3)
    return out.getvalue()


def test_on_a_terminal_the_line_overwrites_itself_and_is_gone_at_the_end():
    written = output_of(Terminal())
    assert written == f"{CLEAR}rows: 1 of 3{CLEAR}One is done.\n{CLEAR}rows: 3 of 3{CLEAR}"


def test_elsewhere_there_is_a_line_an_event_and_nothing_else():
    assert output_of(io.StringIO()) == "One is done.\n"


@pytest.mark.parametrize("out", [Terminal, io.StringIO])
def test_at_verbosity_0_there_is_nothing(out):
    assert output_of(out(), verbosity=0) == ""


def test_a_failure_leaves_no_half_line():
    out = Terminal()

    def fail():
        with Progress(OutputWrapper(out)) as progress:
            progress.show("rows", 1, 3)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert out.getvalue() == f"{CLEAR}rows: 1 of 3{CLEAR}"
