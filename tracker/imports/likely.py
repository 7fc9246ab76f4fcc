"""The likely answer to what a row leaves open, by small rules, each with its reason; none where nothing is likely.

A rule looks at what stands in the row and on record: units, shared words, the only candidate, the range of a series. A
wrong guess costs more than none, so that a rule that cannot tell one candidate from the next says nothing.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from tracker.actions.quantities import bound_at
from tracker.models import Bound, How, Shape
from tracker.text.plain import folded

from .names import as_written, words_of

FAR = 4  # times the greatest, or a part of the least, of a series: another statistic or another unit
CLEARLY = Decimal("1.6")  # how much better than the next the best has to be
ENOUGH, MOSTLY = 4, 0.75  # rows on record of a publisher, and the share of them that is its own statement
TELLING = 4.0  # the rarity that shared words need to have in sum
# The rarity of a word below which it tells nothing, because two promises of ten have it; and of one that none has.
COMMON, NOWHERE = 1.6, 6.0
AS_RARE = 0.6  # of the rarest shared: what is much less rare is not named beside it
WORDS_SHARED = 2
PERCENT = re.compile(r"(%|per ?cent|pct)\b|%", re.IGNORECASE)
OWN_VOICE = {"intergovernmental", "treaty_body_or_mandate", "national_institution", "civil_society"}
CARRIERS = {"media", "state_media", "academic"}  # what they print is mostly not their own statement
OFFICE = re.compile(r"\b([\w'-]+(?: [\w'-]+)?)[ -](ministry|minister|commission|administration|bureau|court|office)\b")
SOON = 70  # characters within which a text names whose statement it is
SCALE = {"thousand", "million", "billion", "percent", "per"}
SPELLED_OUT = {"μg/m3": "micrograms per cubic metre", "µg/m3": "micrograms per cubic metre", "persons": "people"}
# What a text says of a stage, by the words that ladders use; the first that fits, from the top of a ladder down.
STAGES = {
    "in force": r"in(?:to)? force|into effect|took effect|takes effect|effective (?:from|since|on)",
    "adopted": r"adopt(?:ed|s)|pass(?:ed|es)|issue[ds]|promulgat\w+|approved|enacted|released|unveiled|published",
    "drafted": r"draft\w*|soliciting|public comment",
    "submitted": r"submitted|submits|filed",
    "reviewed": r"reviewed|considered by|concluding observations|dialogue with",
    "held": r"held|hosted|took place|convened|opened|attended",
    "completed": r"completed|finished|concluded",
    "running": r"running|operat\w+|in use|built|opened|covers|covered|launched|set up|established|have been",
    "piloted": r"pilot\w*|trial",
    "under construction": r"under construction|being built|broke ground",
    "declared": r"declared|candida\w+",
    "elected": r"elected|won a seat|re-elected",
    "announced": r"announced|plans? to|will|to be",
}


class Likely(NamedTuple):
    """An answer and why it is likely; blank where none is."""

    value: str = ""
    why: str = ""


NOTHING = Likely()


def unit(text: str) -> str:
    """A unit as two are compared."""
    plain = PERCENT.sub("percent", folded(text)).replace("²", "2").replace("³", "3")
    plain = re.sub(r"\([^)]*\)", " ", re.sub(r"(?<=\d),(?=\d)", "", plain))
    return " ".join(SPELLED_OUT.get(word, word) for word in plain.split())


def akin(one: str, other: str) -> bool:
    """Whether two units may be the same, said more or less fully: of one scale, and one has all words of the other."""
    mine, theirs = set(unit(one).split()), set(unit(other).split())
    return bool(mine and theirs) and mine & SCALE == theirs & SCALE and (mine <= theirs or theirs <= mine)


def telling(text, words, known):
    """The words that a text shares with others and that tell something, the rarest among promises first; and how much
    all that it shares weighs.
    """
    rare = {word: known.rarity.get(word, NOWHERE) for word in words_of(text) & words}
    named = (word for word in rare if rare[word] >= COMMON and not word.isdigit())
    shared = sorted(named, key=lambda word: -rare[word])
    shared = [word for word in shared if rare[word] >= AS_RARE * rare[shared[0]]]
    return shared, sum(rare.values())


def by_words(text, candidates, known):
    """The candidate that shares telling words with a text, where it does so clearly more than the next.

    ``candidates`` are pairs of a name and its words.
    """
    scored = []
    for name, words in candidates:
        shared, weight = telling(text, words, known)
        scored.append((weight, name, shared))
    scored.sort(key=lambda each: -each[0])
    best, next_ = scored[0] if scored else (0, "", []), scored[1][0] if len(scored) > 1 else 0
    if best[0] < TELLING or len(best[2]) < WORDS_SHARED or best[0] < float(CLEARLY) * next_:
        return NOTHING
    return Likely(best[1], _("It shares the words “%(words)s”.") % {"words": ", ".join(as_written(text, best[2][:4]))})


def promise(text, promises, known):
    """Which promise of a paragraph a text is about."""
    if len(promises) == 1:
        return Likely(promises[0].code, _("The only promise of the paragraph."))
    return by_words(text, [(each.code, known.words_of_promise(each)) for each in promises], known)


def metric(text, promises, known, *, number, in_unit):
    """Which metric of a paragraph's promises a number is of, or a ladder a stage is on where there is no number."""
    shape = Shape.LADDER if number is None else Shape.NUMBER
    measured = [each for each in promises if each.metric_id and each.metric.shape == shape]
    if number is not None:
        same = [each for each in measured if unit(each.metric.unit) == unit(in_unit)]
        measured = same or [each for each in measured if akin(each.metric.unit, in_unit)]
    names = {each.metric.code: each.metric for each in measured}
    if not names:
        return NOTHING
    guess = Likely()
    if len(names) == 1:
        [code] = names
        shared, weight = telling(text, known.words_of_promise(measured[0]), known)
        if weight >= TELLING:
            why = _("The only stages of the paragraph") if number is None else _("The only one here in this unit")
            guess = Likely(code, why + ": " + ", ".join(as_written(text, shared[:3])) + ".")
    else:
        guess = by_words(text, [(each.metric.code, known.words_of_promise(each)) for each in measured], known)
    if guess.value and number is not None and not in_range(number, known.series.get(names[guess.value].pk)):
        return NOTHING
    return guess


def in_range(number, span):
    """Whether a number may be one of a series; of a series with none on record any may."""
    if span is None:
        return True
    low, high = min(span[0] / FAR, span[0] * FAR), max(span[1] * FAR, span[1] / FAR)
    return low <= number <= high


def stage(text, rungs):
    """Which stage of a ladder a text speaks of; the highest, where a draft is not all that it speaks of."""
    plain = folded(text)
    for rung in reversed(rungs):
        if rung in STAGES and (match := re.search(rf"\b(?:{STAGES[rung]})\b", plain)):
            if rung == "adopted" and "drafted" in rungs and re.search(r"\bdraft", plain):
                continue  # a draft that was published is not adopted
            if rung == "in force" and "adopted" in rungs and re.search(rf"\b(?:{STAGES['adopted']})\b", plain):
                continue  # what was adopted may be in force later than the day of the text
            return Likely(rung, _("It says “%(words)s”.") % {"words": match[0]})
    return NOTHING


def origin(text, publisher, producer, known):
    """Whose statement it is: whom the text names soon, else a publisher that speaks for itself."""
    plain = folded(text)
    places = [(plain.find(name), body, body.name) for name, body in known.names_in_texts if name in plain[: 2 * SOON]]
    places = [each for each in places if each[1].kind not in CARRIERS]
    for match in re.finditer(r"\b[A-Z]{3,7}\b", text):
        if (body := known.acronyms.get(match[0])) is not None and body.kind not in CARRIERS:
            places.append((match.start(), body, match[0]))
    for match in OFFICE.finditer(plain):
        if (body := known.office(match[1], match[2])) is not None:
            places.append((match.start(), body, match[0]))
    places = [each for each in places if each[0] < SOON]
    if places:
        _place, body, words = min(places, key=lambda each: each[0])
        return Likely(body.code, _("The text names it: “%(words)s”.") % {"words": words})
    if publisher is not None:
        own, of = known.own_statements.get(publisher.pk, (0, 0))
        if of >= ENOUGH and own >= MOSTLY * of:
            why = _("What it published is its own in %(own)s of %(of)s rows on record.") % {"own": own, "of": of}
            return Likely(publisher.code, why)
        if of < ENOUGH and publisher.kind in OWN_VOICE:
            return Likely(publisher.code, _("It published this itself."))
    if producer is not None and words_of(producer.name) & words_of(text):
        return Likely(producer.code, _("It publishes this statistic."))
    return NOTHING


def bound(text, number, in_unit):
    """How the number is bounded, by the words right before or behind it, or those with its unit."""
    for words in re.findall(r"\(([^)]*)\)", folded(in_unit)):
        if each := bound_at(words, "")[1]:
            return Likely(each, _("The unit says “%(words)s”.") % {"words": f"({words})"})
    plain = folded(text).replace(",", "")
    place = re.search(rf"(?<![\d.]){re.escape(f'{number.normalize():f}')}(?![\d]|\.\d)", plain)
    if place is None:
        return NOTHING
    before, behind = plain[: place.start()], plain[place.end() :]
    words, each = bound_at(before, behind)
    if not each:  # a word may stand between
        words, each = bound_at(re.sub(r"\w+\s+$", "", before), "")
    if each:
        return Likely(each, _("It says “%(words)s”.") % {"words": words})
    return Likely(Bound.EXACT, _("Nothing before the number says otherwise."))


def fits(promise_unit, row_unit, caveat):
    """Whether the number is the metric's own statistic: likely only where nothing is said against it."""
    if not caveat and unit(promise_unit) == unit(row_unit):
        return Likely("same", _("The same unit, and no caveat."))
    return NOTHING


def how(text, caveat):
    """How the number came to be: as reported, unless the row speaks of arithmetic."""
    if re.search(
        r"\b(deriv|calculat|comput|convert|conversion|implied|difference|our arithmetic)", folded(f"{text} {caveat}")
    ):
        return NOTHING
    return Likely(How.REPORTED, _("Nothing speaks of arithmetic."))
