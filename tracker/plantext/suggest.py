"""What the words of a paragraph might promise: runs of words, their kind, figure, deadline and stage. Pure.

Only suggestions, each with its place and its reasons: a person decides, and writes title and test. Nothing is suggested
that does not stand in the text.
"""

import calendar
import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from . import words
from .figures import SPELLED
from .targets import Target, targets_in

MOST_WORDS = 25
LEAST_OF_A_CLAUSE = 3  # words from its verb on: “set up and run clinics” is one
WORD = re.compile(r"[^\W_]+")
SENTENCE = re.compile(r"(?<=[.!?。！？؟।])[\"”’»)\]]*\s+(?=[^a-z])|[;；]\s+|(?<=[。！？])")
IN_FORCE = re.compile(r"law|act|regulation|outline|code", re.IGNORECASE)  # what enters into force
EDGE = " ,;:.–—-()"
TRAILING = re.compile(r"[\s,;:.]+(?:and|or|by|to|the|a|an|of|for|in|on|with|as|which|that|while|so)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Period:
    """The time of a plan, and the day on which it was published, from which “the next three years” run."""

    starts_on: datetime.date
    ends_on: datetime.date
    published_on: datetime.date


@dataclass
class Suggestion:
    """A promise that a run of words may make. Places are in the paragraph's text."""

    start: int
    end: int
    quote: str
    run: tuple[int, int]
    kind: str
    rule: str
    deadline: datetime.date
    basis: str = "period_end"
    qualifier: str = ""
    comparator: str = ""
    value: Decimal | None = None
    figure: tuple[int, int] | None = None
    unit: str = ""
    about: bool = False
    base_year: str = ""
    stage: str = ""
    why: list[str] = field(default_factory=list)


def suggest(text: str, period: Period, language: str = "en") -> list[Suggestion]:
    """Every promise that a paragraph may make: one a figure that is a target, else one a clause."""
    suggestions = []
    for sentence in sentences(text):
        for run in runs(text, sentence):
            targets: Sequence[Target | None] = targets_in(text, *run, language) or [None]
            suggestions += [_suggestion(text, sentence, run, target, period) for target in targets]
    return suggestions


def suggest_run(text: str, start: int, end: int, period: Period, language: str = "en") -> Suggestion:
    """What a run of words that a person selected may promise; the words stay as they are but for blanks around them."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    sentence = next((each for each in sentences(text) if each[0] <= start < each[1]), (start, end))
    targets = targets_in(text, min(sentence[0], start), max(sentence[1], end), language)
    target = next((each for each in targets if start <= each.figure.start < end), None)
    result = _suggestion(text, sentence, (start, end), target, period)
    result.start, result.end, result.quote = start, end, text[start:end]
    return result


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of a text, and what stands between semicolons, by their places."""
    start = 0
    for match in SENTENCE.finditer(text):
        yield start, match.start() + len(match[0].rstrip()) if match[0].strip() not in ";；" else match.start()
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def runs(text: str, sentence: tuple[int, int]) -> list[tuple[int, int]]:
    """The clauses of a sentence, each of which might be a promise by itself.

    A clause ends where a verb of the same form as its own begins another, or another subject with its own “will”.
    """
    start, end = sentence
    pairs = []
    for match in words.JOINT.finditer(text, start, end):
        if match.start() > start and _ends_there(text[start : match.start()], match[0], text[match.end() : end]):
            pairs.append((start, match.start()))
            start = match.end()
    return [pair for pair in [*pairs, (start, end)] if WORD.search(text[slice(*pair)])]


def _ends_there(clause: str, joint: str, after: str) -> bool:
    if joint[0] in ";:":
        return True
    own = words.NEXT_VERB.match(clause)
    if (own or words.WILLS.search(clause)) and words.NEXT_WILL.match(after):
        return "," in joint or not re.search(r",\s*$", clause)
    if joint.strip() == "and" and (words.SHARED.search(clause) or words.NOUNS_TOO.match(after)):
        return False
    own, following = words.LEADING.match(clause), words.NEXT_VERB.match(after)
    if not own or not following or len(clause[own.start("verb") :].split()) < LEAST_OF_A_CLAUSE:
        return False
    return _form(own["verb"]) == _form(following["verb"])


def _form(verb: str) -> str:
    """Whether a verb is a participle, of the third person, or bare."""
    return "ing" if verb.lower().endswith("ing") else "s" if re.search(r"[^s]s$", verb.lower()) else ""


def _suggestion(
    text: str, sentence: tuple[int, int], run: tuple[int, int], target: Target | None, period: Period
) -> Suggestion:
    start, end = _quoted(text, sentence, run, target)
    clause = text[slice(*run)]
    kind, rule, stage = ("quantity", target.rule, "") if target else kind_of(clause)
    deadline, basis, why = _deadline(text, sentence, run, period, kind)
    result = Suggestion(start, end, text[start:end], run, kind, rule, deadline, basis, stage=stage, why=why)
    result.qualifier = _qualifier(text, sentence, (start, end))
    if target:
        result.comparator, result.value = target.comparator, target.value
        result.unit, result.about = target.unit, target.about
        result.figure = (target.figure.start, target.figure.end)
        if target.rule == "change":
            result.base_year = target.base_year or str(period.starts_on.year - 1)
    return result


def kind_of(clause: str) -> tuple[str, str, str]:
    """Kind, rule and stage of a clause without a figure that is a target, the clearest sign first."""
    for stage, verb in words.LAW.items():
        noun = words.OF_LAW.search(clause)
        if noun and verb.search(clause) and not words.PILOT.search(clause):
            if stage == "in force" and not IN_FORCE.search(noun[0]):
                continue
            return "law", "milestone", stage
    if words.STRICT.search(clause):
        return "safeguard", "uphold", ""
    if words.REPORTING.search(clause):
        stage = next((stage for stage, verb in words.STAGES if verb.search(clause)), "")
        return "reporting", "milestone" if stage else "judge", stage
    if words.PILOT.search(clause):
        return "programme", "milestone", "piloted"
    if words.GUARDS.search(clause):
        return "safeguard", "uphold", ""
    if words.OF_BODY.search(clause) and (words.TO_BODY.search(clause) or words.MENDS.search(clause)):
        running = words.TO_BODY.search(clause) and words.RUNNING.search(clause)
        return ("institution", "milestone", "running") if running else ("institution", "judge", "")
    if words.PROGRAMME.search(clause):
        return "programme", "judge", ""
    moves = re.search(r"(?<!\w)(?:increas|reduc|rais|rise|lower|decreas|grow|more|fewer|cut)\w*", clause, re.IGNORECASE)
    return "aim", "direction" if moves else "judge", ""


# The words to quote.


def _quoted(text: str, sentence: tuple[int, int], run: tuple[int, int], target: Target | None) -> tuple[int, int]:
    """The place of at most 25 words of a run, without its subject where that is only who acts, never a sentence."""
    start, end = run
    if (match := words.SUBJECT.match(text, start, end)) and not (target and target.figure.start < match.end()):
        start = match.end()
    places = [(m.start(), m.end()) for m in WORD.finditer(text, start, end)]
    if target and len(places) > MOST_WORDS:
        at = next((n for n, (_s, e) in enumerate(places) if e > target.figure.start), 0)
        first = max(0, min(at - MOST_WORDS // 2, len(places) - MOST_WORDS))
        places = places[first : first + MOST_WORDS]
    places = places[:MOST_WORDS]
    start, end = places[0][0], places[-1][1]
    if target and end < target.figure.end <= run[1]:
        end = target.figure.end  # a sign of percent is no word
    if not target or end > target.figure.end:
        end -= len(text[start:end]) - len(TRAILING.sub("", text[start:end]) or text[start:end])
    return _no_sentence(text, sentence, start, end, target)


def _no_sentence(text: str, sentence: tuple[int, int], start: int, end: int, target: Target | None) -> tuple[int, int]:
    """Shorter by a word where a quote would be a sentence whole."""
    if text[start:end].strip(EDGE) != text[slice(*sentence)].strip(EDGE):
        return start, end
    places = [(m.start(), m.end()) for m in WORD.finditer(text, start, end)]
    if len(places) < 2:
        return start, end
    keeps_first = target is not None and target.figure.start < places[1][0]
    return (start, places[-2][1]) if keeps_first else (places[1][0], end)


def _qualifier(text: str, sentence: tuple[int, int], quote: tuple[int, int]) -> str:
    """Words of the sentence that limit the promise and stand outside the quote."""
    for match in words.QUALIFIER.finditer(text, *sentence):
        if match.end() <= quote[0] or match.start() >= quote[1]:
            return match[0]
    return ""


# By when.


def _deadline(
    text: str, sentence: tuple[int, int], run: tuple[int, int], period: Period, kind: str
) -> tuple[datetime.date, str, list[str]]:
    """Day, basis and a reason: stated in the run, or in its sentence before it; else the end of the plan."""
    if kind == "safeguard":
        return period.ends_on, "standing", []
    for place in (run, (sentence[0], run[1])):
        for match in words.BY_DATE.finditer(text, *place):
            day = _day(match)
            if day and period.published_on < day <= period.ends_on:
                return day, "stated", [match[0]]
        for match in words.IN_YEARS.finditer(text, *place):
            if words.SOON.match(match[0]) and (day := _later(period.published_on, match)):
                return min(day, period.ends_on), "stated", [match[0]]
    return period.ends_on, "period_end", []


def _day(match: re.Match[str]) -> datetime.date | None:
    """The last day that a date allows: “before 2023” the last of 2022."""
    year, month = int(match["year"]), words.MONTHS.get((match["month"] or "").lower(), 0)
    day = int(match["day"] or match["us"] or 0)
    try:
        if month and day:
            return datetime.date(year, month, day)
        if month:
            return datetime.date(year, month, calendar.monthrange(year, month)[1])
    except ValueError:
        return None
    before = match[0].lower().startswith(("before", "antes", "avant")) and not match["whole"]
    return datetime.date(year - before, 12, 31)


def _later(day: datetime.date, match: re.Match[str]) -> datetime.date | None:
    """The last day of a month so many months or years after a day."""
    number = match["number"].lower()
    count = int(number) if number.isdecimal() else SPELLED.get(number, 0)
    if not 0 < count < 100:
        return None
    months = day.month - 1 + count * (12 if match["unit"].lower().startswith("year") else 1)
    year, month = day.year + months // 12, months % 12 + 1
    return datetime.date(year, month, calendar.monthrange(year, month)[1])
