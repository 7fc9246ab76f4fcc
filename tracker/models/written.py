"""Texts that people read: without characters that nobody sees, composed alike, and of a length that a page can show."""

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext as _

from tracker.text import typed

WEB = URLValidator(schemes=["http", "https"])
# An amendment also names what stood there before, and may be what takes a character away.
NOT_READ = {"changes"}


def require_web_address(value: str) -> None:
    """Refuse an address that a browser does not open as a page, and one that holds somebody's name and password."""
    try:
        WEB(value)
    except ValidationError:
        raise ValidationError(_("This is no address of the web: it begins with https:// or http://.")) from None
    if "@" in urlsplit(value).netloc:
        raise ValidationError(_("This address has a name or a password before its host: leave them out."))


class Written(models.Model):
    """A record whose texts are checked wherever it comes from: a form, a file, a seed folder, the shell."""

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Texts as they are stored, beside what Django checks. Raises ``ValidationError`` by field."""
        problems: dict[str, Any] = {}
        for field in self._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField) and (
                field.name not in NOT_READ and field.name not in (exclude or ())
            ):
                try:
                    value = self._read(field, getattr(self, field.attname))
                    setattr(self, field.attname, value)
                    if value and isinstance(field, models.URLField):
                        require_web_address(str(value))
                except ValidationError as error:
                    problems[field.name] = error.error_list
        try:
            super().clean_fields({*(exclude or ()), *problems})
        except ValidationError as error:
            problems |= {name: self._known_words(name, errors) for name, errors in error.error_dict.items()}
        if problems:
            raise ValidationError(problems)

    def _known_words(self, name: str, errors: list[ValidationError]) -> list[ValidationError]:
        """With the words that a closed list has, where one was given that it lacks."""
        field: Any = self._meta.get_field(name)
        choices = [str(value) for value, _label in field.flatchoices or () if value]
        sentence = _("“%(value)s” is none of the words here: %(choices)s.")
        values = {"value": typed.short(str(getattr(self, name))), "choices": ", ".join(choices)}
        return [ValidationError(sentence % values) if each.code == "invalid_choice" else each for each in errors]

    @staticmethod
    def _read(field: Any, value: object) -> object:
        value = typed.everywhere(value)
        if isinstance(field, models.TextField) and isinstance(value, str) and len(value) > typed.LONGEST_TEXT:
            sentence = _("This has %(count)s characters; %(limit)s are the most.")
            raise ValidationError(sentence % {"count": f"{len(value):,}", "limit": f"{typed.LONGEST_TEXT:,}"})
        return value
