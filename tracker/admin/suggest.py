"""What a form can fill in by itself: a number from the words of a source, the first day of a year, a plain sentence."""

import datetime
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tracker.actions.quantities import numbers_in, scale_of
from tracker.models import How, Precision, What
from tracker.text import typed
from tracker.text.plain import folded
from tracker.wording import labels

# Names that an English sentence gives an article.
WITH_ARTICLE = re.compile(
    r"(Ministry|Office|Bureau|Department|Commission|Committee|Administration|Council|National|State|Supreme|"
    r"General|Government|Association|Federation|Court|Institute|Embassy|Standing|Information)\b"
)


def number_in(words, unit):
    """The number of a figure such as “92.9 percent” or “430,000 persons” in a unit such as percent or million persons.

    ``None`` where the words say more than one number and its unit, such as how it is bounded.
    """
    written = folded(words).strip(" .")
    for each in sorted({"percent", "per cent", folded(unit)} - {""}, key=len, reverse=True):
        written = written.removesuffix(each).strip()
    try:
        return typed.number(written, percent=folded(unit) == "percent")
    except ValidationError:
        numbers = list(numbers_in(words))
    if len(numbers) != 1:
        return None
    number, before, behind = numbers[0]
    more = set(re.findall(r"[^\W\d_]+", folded(f"{before} {behind}"))) - set(folded(unit).split())
    unsure = "," in words and folded(unit) == "percent"  # 1,234 percent may be 1.234
    return None if more or unsure else number / scale_of(unit)


def first_day(as_of, precision, metric):
    """The first day of the calendar year that an amount or average speaks of; ``None`` where that is not sure."""
    whole_year = precision == Precision.YEAR and as_of is not None
    return datetime.date(as_of.year, 1, 1) if whole_year and metric.spans_period and not metric.period else None


def sentence(record):
    """A neutral sentence on a value, a stage or a search from its fields; blank as long as they do not say enough."""
    if record.what == What.SEARCH:
        return _of_search(record)
    if record.origin_id is None or record.metric_id is None or record.as_of is None:
        return ""
    who = str(record.origin)
    who = _("The %(name)s") % {"name": who} if WITH_ARTICLE.match(who) else who
    if record.what == What.RUNG and record.rung:
        words = {"who": who, "metric": record.metric.name, "stage": record.rung}
        words["when"] = labels.dated_in_words(record.as_of, record.precision)
        return _("%(who)s: %(metric)s reached the stage “%(stage)s”, %(when)s.") % words
    if record.what != What.VALUE or record.value is None:
        return ""
    words = {
        "who": who,
        "value": labels.measured(record.value, record.bound, record.metric.unit),
        "period": _period(record),
    }
    if record.how in (How.DERIVED, How.CONVERTED):
        return _("%(value)s for %(period)s follows from what %(who)s gives.") % words
    return _("%(who)s gives %(value)s for %(period)s.") % words


def _of_search(record):
    if record.as_of is None:
        return ""
    day = {"day": labels.dated_in_words(record.as_of, record.precision)}
    sentence = _("Looked for on %(day)s, and nothing was found.") if record.precision == Precision.DAY else ""
    sentences = [(sentence or _("Looked for in %(day)s, and nothing was found.")) % day]
    parts = [
        (_("Places: %(words)s."), record.places),
        (_("Words: %(words)s."), record.words),
        (_("Languages: %(words)s."), record.languages),
    ]
    sentences += [sentence % {"words": words.strip().rstrip(".")} for sentence, words in parts if words.strip()]
    if record.withheld:
        sentences.append(_("Evidence shows that the State does not publish it."))
    return " ".join(sentences)


def _period(record):
    year = record.as_of.year
    if (record.starts_on, record.as_of) == (datetime.date(year, 1, 1), datetime.date(year, 12, 31)):
        return str(year)
    return labels.period(record)
