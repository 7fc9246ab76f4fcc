"""Rows that are final refuse to change: here with a sentence, and in the database by ``tracker.models.triggers``."""

from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext as _


class FinalError(Exception):
    """Something tried to change or delete a row that is final. The message is a sentence for people."""


class FinalQuerySet(models.QuerySet):
    """Refuses bulk changes that would touch a final row."""

    def final(self) -> Self:
        """The rows of this set that are final; here all of them."""
        return self

    def _refuse(self) -> None:
        if self.final().exists():
            raise FinalError(_("What is published is not changed or deleted; publish a correction instead."))

    def update(self, **values: Any) -> int:
        """Refused where a row is final."""
        self._refuse()
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused where a row is final."""
        self._refuse()
        return super().delete()

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        """Refused where a row is final."""
        self.filter(pk__in=[obj.pk for obj in objs])._refuse()
        return super().bulk_update(objs, fields, batch_size)

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Refused where it would write over what is there."""
        if kwargs.get("update_conflicts"):
            raise FinalError(_("What is published is not written over; publish a correction instead."))
        return super().bulk_create(objs, *args, **kwargs)


class FinalModel(models.Model):
    """A row that at some point becomes final."""

    _final = False  # set where a row is read that is final

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refused once the row is final."""
        if self.is_final():
            raise FinalError(_("What is published is not changed; publish a correction instead."))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused once the row is final."""
        if self.is_final():
            raise FinalError(_("What is published is not deleted; publish a withdrawal instead."))
        return super().delete(*args, **kwargs)

    def is_final(self) -> bool:
        """Whether the row, as it was read, may no longer change."""
        return self._final
