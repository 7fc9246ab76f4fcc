"""What a careful colleague would ask before something is handed in or registered: is that what you mean?

A doubt is a question and never a refusal: nothing here is wrong, and each is answered by “I mean it”. It has a key made
of what it is about, so that the answer holds as long as that stays, and whatever changes is asked about anew.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.models import Assessment, Body, Bound, Evidence, Fits, How, Metric, Plan, Source, State, Update, What
from tracker.standalone.assess import earliest
from tracker.text.plain import plain_number
from tracker.wording import labels

from .alike import address_key, looks_like, name_key
from .names_of_states import near
from .quantities import bound_at, numbers_in, scale_of

MOST = 4  # records that one doubt names
NEAR_STATE = "state"  # begins the key of a doubt about the name of a State
LONG = 10  # years before a plan, beyond which a day is asked about
ROOM = Decimal("0.25")  # of the largest or smallest figure on record, which a new one may go beyond it


@dataclass(frozen=True)
class Doubt:
    """A question: its key, its sentence, and what is there already, as pairs of a name and an address."""

    key: str
    sentence: str
    links: tuple[tuple[str, str], ...] = ()


class Doubtful(ValidationError):
    """Handed in or registered with doubts that nobody answered. ``doubts`` are those; the messages their sentences."""

    def __init__(self, doubts: Sequence[Doubt]) -> None:
        self.doubts = tuple(doubts)
        super().__init__([doubt.sentence for doubt in doubts])


def _doubt(kind: str, sentence: str, links: Iterable[tuple[str, str]] = (), *facts: object) -> Doubt:
    """A doubt whose key is made of its kind and of what it is about."""
    about = "\n".join(map(str, (sentence, *(address for _name, address in links), *facts)))
    return Doubt(f"{kind}-{hashlib.sha256(about.encode()).hexdigest()[:12]}", sentence, tuple(links))


def doubts(record: Any, evidence: Iterable[Evidence] | None = None) -> list[Doubt]:
    """Every doubt about a draft of an update or an assessment, or about a source or a body that is not registered yet.

    For the form before it is handed in, and for whoever reviews it: what its author meant may still be worth a look.
    ``evidence`` stands in for what is not saved yet. Amendments and withdrawals raise none. A record that lacks what a
    doubt is about raises that one once it has it.
    """
    questions: dict[type, Sequence[Callable[[Any], Iterator[Doubt]]]] = {
        Update: (_published_otherwise, _limited, _beyond_percent, _more_decimals, _jump, _there_already, _long_before),
        Assessment: (_said_already, _long_before),
        Source: (_same_address, _same_title),
        Body: (_same_name, _near_state),
        **dict.fromkeys((Metric, Plan), (_near_state,)),
    }
    if getattr(record, "is_amendment", False) or getattr(record, "is_withdrawal", False):
        return []
    raised = [doubt for ask in questions.get(type(record), ()) for doubt in ask(record)]
    if isinstance(record, Assessment) or (isinstance(record, Update) and record.what != What.SEARCH):
        cited = record.evidence.select_related("source") if evidence is None and record.pk else evidence or ()
        raised += _older(record, cited)
    return raised


def require_meant(record: Any, meant: Iterable[str]) -> None:
    """Raise ``Doubtful`` with every doubt about a record whose key is not among those that were ``meant``."""
    answered = set(meant)
    if unanswered := [doubt for doubt in doubts(record) if doubt.key not in answered]:
        raise Doubtful(unanswered)


# Values


def _number(update: Update) -> Decimal | None:
    """The number of an update about a metric; ``None`` while it lacks one or the other."""
    if update.what != What.VALUE or not update.metric_id or update.value is None:
        return None
    return Decimal(update.value)


def _published_as(update: Update) -> list[tuple[Decimal, str, str]]:
    """Numbers of “as published” in the unit of the metric, or as they stand."""
    scale = scale_of(update.metric.unit if update.metric else "")
    return [
        (each, before, behind)
        for number, before, behind in numbers_in(update.as_published)
        for each in dict.fromkeys((number / scale, number))
    ]


def _published_otherwise(update: Update) -> Iterator[Doubt]:
    value = _number(update)
    if value is None or update.how in (How.DERIVED, How.CONVERTED):
        return
    numbers = [number for number, _before, _behind in _published_as(update)]
    if numbers and abs(value) not in map(abs, numbers):
        values = {"published": update.as_published, "value": labels.number(value), "unit": _unit(update)}
        sentence = _("“As published” says “%(published)s”, and the value is %(value)s %(unit)s.")
        yield _doubt("published", sentence % values)


def _limited(update: Update) -> Iterator[Doubt]:
    value = _number(update)
    if value is None or update.bound != Bound.EXACT:
        return
    for number, before, behind in _published_as(update):
        if number == value and (bound := bound_at(before, behind)[1]):
            values = {"published": update.as_published, "bound": labels.LABELS["bound"][bound]}
            sentence = _("“As published” says “%(published)s”, and the bound is “exactly” and not “%(bound)s”.")
            yield _doubt("bound", sentence % values)
            return


def _unit(update: Update) -> str:
    return str(labels.unit_of(update.value, update.metric.unit)) if update.metric else ""


def _beyond_percent(update: Update) -> Iterator[Doubt]:
    value = _number(update)
    if value is None or update.metric is None or update.metric.unit.casefold() not in ("percent", "%"):
        return
    earlier = [each for _day, each in _series(update)]
    if not 0 <= value <= 100 and all(0 <= each <= 100 for each in earlier):
        yield _doubt("percent", _("%(value)s percent is not between 0 and 100.") % {"value": labels.number(value)})


def _more_decimals(update: Update) -> Iterator[Doubt]:
    value, decimals = _number(update), update.metric.decimals if update.metric else None
    if value is None or decimals is None:
        return
    count = _places(value)
    if count > decimals and count > max((_places(each) for _day, each in _series(update)), default=0):
        values = {"value": labels.number(value), "count": count, "usual": decimals}
        sentence = _("%(value)s has decimals to place %(count)s, and this metric is published to place %(usual)s.")
        yield _doubt("decimals", sentence % values)


def _places(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


def _series(update: Update) -> list[tuple[date, Decimal]]:
    """Days and numbers on record that the value would join: of the metric, computed with, and of the same scope."""
    rows = Update.objects.live().filter(what=What.VALUE, metric=update.metric_id, scope=update.scope)
    rows = rows.exclude(fits=Fits.OTHER).exclude(pk__in=[update.replaces_id or 0])
    return sorted((day, value) for day, value in rows.values_list("as_of", "value") if value is not None)


def _jump(update: Update) -> Iterator[Doubt]:
    """Beyond all on record by more than their own spread, and by more than a quarter of the nearest end."""
    value = _number(update)
    series = _series(update) if value is not None and update.fits != Fits.OTHER else []
    if value is None or not series:
        return
    low, high = (end(number for _day, number in series) for end in (min, max))
    room = [max(high - low, abs(end) * ROOM if len(series) > 1 else abs(end) / 2) for end in (low, high)]
    if low - room[0] <= value <= high + room[1]:
        return
    values = {"value": labels.number(value), "low": labels.number(low), "high": labels.number(high), "n": len(series)}
    values["unit"] = _unit(update)
    sentence = _("%(value)s %(unit)s is far from what is on record: %(n)s values from %(low)s to %(high)s.")
    if len(series) == 1:
        sentence = _("%(value)s %(unit)s is far from what is on record: %(low)s.")
    assert update.metric is not None
    yield _doubt("jump", sentence % values, [(update.metric.name, update.metric.get_absolute_url())])


# What is there already


def _other_rows(record: Update | Assessment) -> QuerySet[Any]:
    """Rows that count today, and open drafts, without the record itself and what it replaces."""
    rows: Any = type(record).objects
    current = Q(pk__in=rows.live().values("pk")) | ~Q(state=State.PUBLISHED)
    others: QuerySet[Any] = rows.filter(current).exclude(pk__in=[pk for pk in (record.pk, record.replaces_id) if pk])
    return others


def _there_already(update: Update) -> Iterator[Doubt]:
    """Another row of the same kind about the same thing and time by the same body: a period twice, a stage twice."""
    about: dict[str, Any] = {"what": update.what, "metric": update.metric_id, "commitment": update.commitment_id}
    if not (update.metric_id or update.commitment_id) or (update.what == What.VALUE and not update.as_of):
        return
    if update.what == What.RUNG:
        about["rung"] = update.rung
    else:
        about |= {"as_of": update.as_of}
    if update.what == What.VALUE:
        about |= {"origin": update.origin_id, "scope": update.scope, "starts_on": update.starts_on}
    alike = list(_other_rows(update).filter(**about).order_by("pk")[:MOST])
    if not alike:
        return
    if update.what == What.RUNG:
        sentence = _("The stage “%(rung)s” is on record already.") % {"rung": update.rung}
    elif update.what != What.VALUE:
        sentence = _("Another record of this kind about this promise has the same day.")
    elif all(each.value == update.value for each in alike):
        sentence = _("The same number of the same body for the same period is there already.")
    else:
        period = labels.period(update)
        sentence = _("The same body has other numbers for %(period)s already.") % {"period": period}
    # One number, however many noughts the database keeps behind its point.
    yield _doubt("there", sentence, links_to(alike), "" if update.value is None else plain_number(update.value))


def _long_before(record: Update | Assessment) -> Iterator[Doubt]:
    """A year so long before the plan that it was hardly meant: 1925 for 2025."""
    if record.as_of is None or record.as_of.year >= timezone.now().year - LONG:  # no plan begins after today
        return
    names = {"commitments": "commitment_id", "commitments__metric": "metric_id", "categories": "category_id"}
    about: dict[str, Any] = {name: pk for name, field in names.items() if (pk := getattr(record, field, None))}
    begins = Plan.objects.filter(**about).aggregate(first=Min("starts_on"))["first"] if about else None
    if begins and record.as_of.year < begins.year - LONG:
        values = {"day": labels.dated_in_words(record.as_of, record.precision), "years": LONG, "begins": begins.year}
        yield _doubt(
            "long", _("%(day)s is more than %(years)s years before the plan, which begins in %(begins)s.") % values
        )


# Evidence


def _older(record: Update | Assessment, evidence: Iterable[Evidence]) -> Iterator[Doubt]:
    """Evidence that came out before what it shall show: a plan or a draft is not yet the thing."""
    if record.as_of is None:
        return
    begins = earliest(record.as_of, record.precision)
    for source in (each.source for each in evidence):
        exactly = {"year": 1, "month": 2}.get(source.published_precision, 3)  # of year, month and day, what is known
        if source.published and source.published.timetuple()[:exactly] < begins.timetuple()[:exactly]:
            values = {"title": source.title, "day": labels.dated_in_words(source.published, source.published_precision)}
            sentence = _("“%(title)s” came out in %(day)s, before what it shall show.")
            if exactly == 3:
                sentence = _("“%(title)s” came out on %(day)s, before what it shall show.")
            yield _doubt("older", sentence % values, [], source.title)


def _said_already(finding: Assessment) -> Iterator[Doubt]:
    about = {"origin": finding.origin_id, "commitment": finding.commitment_id, "category": finding.category_id}
    if not finding.origin_id or not finding.as_of or not (finding.commitment_id or finding.category_id):
        return
    if alike := list(_other_rows(finding).filter(as_of=finding.as_of, **about).order_by("pk")[:MOST]):
        sentence = _("A finding of the same body about the same, of the same day, is there already.")
        yield _doubt("there", sentence, links_to(alike), finding.says)


def links_to(rows: Sequence[Any]) -> list[tuple[str, str]]:
    """Each row in a few words, with the address of its form."""
    return [(_named(row), reverse(f"admin:tracker_{row._meta.model_name}_change", args=[row.pk])) for row in rows]


def _named(row: Any) -> str:
    """A row in a few words: its number or its first words, and where it stands."""
    words = row.summary[:60]
    if getattr(row, "value", None) is not None:
        unit = row.metric.unit if row.metric else ""
        words = f"{labels.measured(row.value, row.bound, unit)}, {labels.period(row)}"
    return _("%(words)s (%(state)s)") % {"words": words, "state": row.get_state_display()}


# Sources and bodies


def _registered(rows: Iterable[Any]) -> list[tuple[str, str]]:
    return [(str(row), _page_of(row)) for row in rows][:MOST]


def _page_of(row: Any) -> str:
    """The page of a record: the public one, or that of what is in preparation."""
    bundle = row.preparation_id
    return row.get_absolute_url() if bundle is None else reverse("desk-preparation", args=[bundle])


def _same_address(source: Source) -> Iterator[Doubt]:
    key = address_key(source.address)
    if not key:
        return
    host = key.split("/", 1)[0]
    rows = Source.everything.filter(address__icontains=host).exclude(pk=source.pk).order_by("pk")
    if alike := _registered(row for row in rows if address_key(row.address) == key):
        yield _doubt("address", _("A source with this address, but for how it is written, is there already."), alike)


def _same_title(source: Source) -> Iterator[Doubt]:
    key = name_key(source.title)
    if not key or not source.publisher_id:
        return
    rows = Source.everything.filter(publisher=source.publisher_id).exclude(pk=source.pk).order_by("pk")
    if alike := _registered(row for row in rows if name_key(row.title) == key):
        sentence = _("A source of this publisher with this title, but for how it is written, is there already.")
        yield _doubt("title", sentence, alike, source.published)


def _same_name(body: Body) -> Iterator[Doubt]:
    rows = Body.everything.exclude(pk=body.pk).order_by("pk")
    if body.name and (alike := _registered(row for row in rows if looks_like(row.name, body.name))):
        yield _doubt("name", _("A body with a name much like this is there already."), alike, name_key(body.name))


def _near_state(record: Body | Metric | Plan) -> Iterator[Doubt]:
    if names := near(record.state):
        sentence = _("No State is called “%s” here or by the United Nations. Is it one of these: %s?")
        yield _doubt(NEAR_STATE, sentence % (record.state, "; ".join(names[:MOST])))
