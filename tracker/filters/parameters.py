"""The one reader of what an address asks for, and the sorts of parameters that an address may carry.

A parameter is a field of a form, declared once: pages, files, feeds and the API read it, and the API describes it.
"""

import copy
import datetime
import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import django_filters
from django import forms
from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.snapshot.plan import PlanView
from tracker.snapshot.snapshot import Snapshot

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Lazy
else:
    Lazy = Promise

Text = str | Lazy
Pairs = Iterable[tuple[str, Text]]  # choices as Django has them: a value and its words
LONGEST_REPEATED = 80  # characters of what was sent that a refusal repeats
LAST_PAGE = 1_000_000
MOST_VALUES = 100  # of one parameter: each link of a page that leads on repeats them all


def shortened(text: str) -> str:
    """What was sent, no longer than a sentence can carry."""
    return text if len(text) <= LONGEST_REPEATED else text[:LONGEST_REPEATED] + "…"


def refuse(name: str, texts: Iterable[str], sentence: str, good: Sequence[str] = ()) -> NoReturn:
    """Raise ``Refused`` with a sentence that names the parameter and what was sent."""
    for text in texts:
        sentence = sentence.replace(text, shortened(text)) if len(text) > LONGEST_REPEATED else sentence
    raise Refused(f"{name}={shortened(', '.join(texts))}: {sentence}", [name], good)


class Refused(BadRequest):
    """A part of an address makes no sense: the parameters ``names``. Of one that is repeated, ``good`` values do."""

    def __init__(self, sentence: str, names: Sequence[str], good: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.names, self.good = tuple(names), tuple(good)


class NotKnown(Refused):
    """An address asks by names that its page does not know."""


def near(name: str, known: Iterable[str]) -> str:
    """A sentence that asks for the known name nearest to one that is not; nothing where none is near."""
    matches = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return " " + _("Did you mean “%(name)s”?") % {"name": matches[0]} if matches else ""


class Parameter(forms.Field):
    """What all parameters have in common. None is changed once it is declared, so that forms need no copies of it."""

    several = False  # whether it may be repeated: any of its values will do
    type = "string"  # string, date, integer or number, as OpenAPI has them
    pairs: tuple[tuple[str, Text], ...] = ()  # the values of a closed list, with their words
    spelling = ""  # a regular expression of the one way in which a value may be written, where there is one

    def __init__(self, label: Text = "", *, usual: Any = None, **kwargs: Any) -> None:
        super().__init__(label=label, required=False, **kwargs)
        self.usual = usual

    def __deepcopy__(self, memo: dict[int, Any]) -> "Parameter":
        return self

    def to_python(self, value: Any) -> Any:
        if value and self.spelling and not re.fullmatch(self.spelling, value, re.ASCII):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class Query(forms.Form):
    """An address, read into ``values`` by parameter: what it may carry are the fields, what is blank says nothing.

    ``BadRequest`` with a sentence that names the parameter where one is not known, stands twice or makes no sense.
    """

    base_fields: ClassVar[dict[str, Parameter]]  # type: ignore[assignment]  # every field here is a parameter
    fields: dict[str, Parameter]  # type: ignore[assignment]
    not_known: ClassVar[Text] = gettext_lazy("There is no parameter “%(name)s”. Known are: %(known)s.")

    def __init__(self, data: QueryDict, prefix: str | None = None) -> None:
        query = QueryDict(mutable=True)
        if strangers := [name for name in data if name not in self.base_fields]:
            words = {"name": shortened(strangers[0]), "known": ", ".join(self.base_fields)}
            raise NotKnown(self.not_known % words + near(strangers[0], self.base_fields), strangers)
        for name, texts in data.lists():
            if len(texts) > MOST_VALUES:
                words = {"name": name, "most": str(MOST_VALUES)}
                sentence = _("The parameter “%(name)s” has more than %(most)s values; give fewer.") % words
                raise Refused(sentence, [name], texts[:MOST_VALUES])
            if texts := [text for text in texts if text.strip()]:
                query.setlist(name, list(dict.fromkeys(texts)) if self.base_fields[name].several else texts)
        super().__init__(query, prefix=prefix)
        for name, texts in query.lists():
            if len(texts) > 1 and not self.fields[name].several:
                raise Refused(
                    _("The parameter “%(name)s” stands twice; give it once.") % {"name": name}, [name], texts[:1]
                )
        for name, errors in self.errors.items():
            words = getattr(self.fields[name], "words", {}) if self.fields[name].several else {}
            refuse(name, query.getlist(name), str(errors[0]), [text for text in query.getlist(name) if text in words])
        self.values = {name: self.cleaned_data[name] for name in self.fields if name in query}

    def get(self, name: str) -> Any:
        """The value of a parameter; its usual one where the address gives none."""
        return self.values.get(name, self.base_fields[name].usual)


class Words(Parameter, forms.CharField):
    """A text as it was sent, without space around it."""


class Day(Parameter):
    """A day such as 2025-12-31, written in one way only, whatever the language of the page."""

    type = "date"
    spelling = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"  # fromisoformat alone takes weeks and days without hyphens as well
    default_error_messages = {"invalid": forms.DateField.default_error_messages["invalid"]}

    def to_python(self, value: Any) -> datetime.date | None:
        try:
            return datetime.date.fromisoformat(text) if (text := super().to_python(value)) else None
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class ExampleDay(Day):
    """The same, refused with an example of a day."""

    default_error_messages = {"invalid": gettext_lazy("give a day such as 2025-12-31.")}


FURTHEST_EAST = datetime.timedelta(hours=14)  # of UTC, in Kiribati, where each day begins


class PastDay(ExampleDay):
    """A day of which something can be known."""

    def validate(self, value: datetime.date | None) -> None:
        """Refuse days that have begun nowhere on earth yet, and those long gone."""
        if value and value > (timezone.now() + FURTHEST_EAST).date():
            raise forms.ValidationError(_("that day is still to come."))
        if value and value.year < 1990:
            raise forms.ValidationError(_("that is before any plan here."))


class WholeNumber(Parameter, forms.IntegerField):
    """A whole number in the digits of ASCII. With a ``sentence``, every other one is refused with that."""

    type = "integer"
    spelling = r"-?[0-9]+"

    def __init__(self, label: Text = "", *, least: int = 1, most: int, sentence: Text = "", **kwargs: Any) -> None:
        super().__init__(label, min_value=least, max_value=most, **kwargs)
        self.sentence = sentence

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except forms.ValidationError:
            if not self.sentence:
                raise
            limits = {"least": self.min_value, "most": self.max_value}
            raise forms.ValidationError(self.sentence % limits) from None


class Share(Parameter, forms.DecimalField):
    """A number such as 0.5, where 1 is the whole way: with a full stop, and in no other way of writing one."""

    type = "number"
    spelling = r"\s*-?[0-9]{1,9}(\.[0-9]{1,9})?\s*"
    default_error_messages = {"invalid": gettext_lazy("Enter a number such as 0.5.")}


class Choice(Parameter):
    """One value of a closed list."""

    default_error_messages = {"invalid_choice": forms.ChoiceField.default_error_messages["invalid_choice"]}

    def __init__(self, label: Text = "", choices: Pairs = (), **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.pairs = tuple(choices)
        self.words = dict(self.pairs)

    def validate(self, value: Any) -> None:
        for each in value if self.several else filter(None, [value]):
            if each not in self.words:
                words = {"value": each, "listed": ", ".join(self.words)}
                raise forms.ValidationError(self.error_messages["invalid_choice"] % words)


class OneOf(Choice):
    """The same without words; a refusal gives the list."""

    default_error_messages = {"invalid_choice": gettext_lazy("give one of %(listed)s.")}

    def __init__(self, values: Iterable[str], usual: str) -> None:
        super().__init__(choices=[(value, "") for value in values], usual=usual)


class Choices(Choice):
    """Values of a closed list; any of those that are given will do."""

    several = True
    widget = forms.MultipleHiddenInput  # reads all of them

    def written(self) -> "Choices":
        """The same parameter with its words in the language of now, so that they are not looked up for each reader."""
        field = copy.copy(self)
        field.pairs = tuple((value, str(words)) for value, words in self.pairs)
        field.words = dict(field.pairs)
        return field


class ChoicesOfPlan(Choices):
    """Values of which each plan has a list of its own, for a snapshot. ``offered`` gives it for a plan."""

    def __init__(self, label: Text, offered: Callable[[PlanView, Snapshot], Pairs]) -> None:
        super().__init__(label)
        self.offered = offered

    def validate(self, value: Any) -> None:
        """Which values there are is for the plan to say."""

    def of(self, plan: PlanView, snapshot: Snapshot) -> Choices:
        """The same parameter with the list of a plan."""
        return Choices(self.label or "", self.offered(plan, snapshot))


class Filter(django_filters.Filter):  # type: ignore[misc]  # it has no types
    """A parameter as django-filter declares it. Each set of filters copies its own, but never down to the choices."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(label=parameter.label, choices=parameter.pairs)
        self._field = parameter

    def __deepcopy__(self, memo: dict[int, Any]) -> "Filter":
        return copy.copy(self)
