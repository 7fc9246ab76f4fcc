"""The file that a piece of evidence may carry: what is public of it, and the random name under which it lies."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .final import FinalQuerySet

FILE_FIELDS = ("file_hash", "file_name", "file_type", "file_size", "stored")


class WithFileQuerySet(FinalQuerySet):
    """Questions about files, which are known by their hash."""

    def taken_away(self, hashes: Iterable[str]) -> set[str]:
        """Those of the hashes whose file was once redacted: it is not given out again, whoever else cites it."""
        rows = self.filter(file_hash__in=[each for each in hashes if each], redacted_by__isnull=False)
        return set(rows.values_list("file_hash", flat=True))


class WithFile(models.Model):
    """All of these are given or none. Hash, name, type and size are public once the row is; the place never is."""

    file_hash = models.CharField(_("hash of the file"), max_length=64, blank=True, db_index=True)
    file_name = models.CharField(_("name of the file"), max_length=120, blank=True)
    file_type = models.CharField(_("type of the file"), max_length=100, blank=True)
    file_size = models.PositiveIntegerField(_("size of the file in bytes"), default=0)
    stored = models.CharField(_("where the file is kept"), max_length=32, blank=True)

    class Meta:
        abstract = True

    def file_fields(self) -> dict[str, str | int]:
        """What another row that cites the same file is given."""
        return {name: getattr(self, name) for name in FILE_FIELDS}

    def file_path(self) -> str:
        """Address of the download; blank without a file."""
        return reverse("evidence-file", args=[self.file_hash]) if self.file_hash else ""


def file_is_whole(name: str) -> models.CheckConstraint:
    """A file with its hash, type, size and place, or none of them. The name alone may go, by redaction."""
    return models.CheckConstraint(
        name=name,
        condition=(
            Q(file_hash="", file_name="", file_type="", file_size=0, stored="")
            | Q(file_size__gt=0) & ~Q(file_hash="") & ~Q(file_type="") & ~Q(stored="")
        ),
        violation_error_message=_("A file has a hash, a type, a size and a place, or there is none."),
    )
