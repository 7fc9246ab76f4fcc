"""Which file of evidence is given to whom: everybody gets those of published rows, staff who see drafts also theirs."""

from collections.abc import Callable
from typing import BinaryIO

from django.contrib.auth.models import User

from tracker.models import Evidence

from . import storage


class NoFile(LookupError):
    """There is no such file, or none for this person."""


class Gone(Exception):
    """The file was public and was taken away for somebody's safety."""


def find(file_hash: str, user: Callable[[], User]) -> tuple[Evidence, BinaryIO, bool]:
    """The evidence that carries a file, its open file, and whether it is public.

    ``user`` is a callable, so that nothing about a visitor is asked for what is public. Raises ``NoFile`` or ``Gone``.
    """
    if Evidence.objects.taken_away([file_hash]):
        raise Gone
    rows = list(Evidence.objects.filter(file_hash=file_hash).order_by("pk"))
    public = [each for each in rows if each.entry_id is not None]
    if not rows or not (public or may_see_drafts(user())):
        raise NoFile
    evidence = (public or rows)[0]
    try:
        return evidence, storage.path_of(evidence.stored).open("rb"), bool(public)
    except OSError as error:
        raise NoFile from error


def may_see_drafts(user: User) -> bool:
    """Whether an account reads rows that are not public yet."""
    return user.is_active and user.is_staff and user.has_perm("tracker.view_evidence")
