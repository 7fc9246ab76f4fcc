"""Which lines of a text are headings, on which level, and which are its contents list or furniture of pages. Pure.

By signs of the document itself: a scheme of numbers is one of headings where its lines are short, stand in sequence
and have text below; the scheme that begins anew under another stands below it.
"""

import itertools
import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from .lines import CELL, ENDED, HEADING, ITEM, NOTE, Line
from .marks import ARABIC, CODE, DASH, LABEL, ROMAN_UPPER, Mark, marks_of

LONGEST = 140  # characters of a heading
LONG = 200  # of a line that is text whatever it opens with
STANDING = 40  # of a heading without any sign
CONTENTS, FURNITURE, REPEATED = "contents", "furniture", 4
PAGE_NUMBER = re.compile(r"(?:[\s.…·_]{2,}|\t\s*)\d{1,4}$")
CLOSED = re.compile(r"[.;:,。；：，][\"”’»)\]]*$")
NO_WORD = re.compile(r"(?!.*[^\W\d_]{2}).{0,60}$")
Forced = dict[int, tuple[str, int]]  # what a person said of a line, and its level


@dataclass
class Heading:
    """A line that heads others: its level from 1, its title, and its number as printed; blank where it has none."""

    line: int
    level: int
    title: str
    scheme: str = ""
    number: int = 0
    shown: str = ""


@dataclass
class Outline:
    """Headings by line, what is out and why, and where numbers do not follow one another."""

    headings: dict[int, Heading]
    out: dict[int, str]
    gaps: list[tuple[int, int, int]]


@dataclass
class _Candidate:
    line: int
    title: str
    mark: Mark | None
    style: int  # level of a heading's style; 0 where it has none


def outline(lines: list[Line], forced: Forced) -> Outline:
    """The headings of a text."""
    out = {n: FURNITURE for n, line in enumerate(lines) if _is_furniture(line) and n not in forced}
    listed, titles = _contents(lines, out)
    out |= {n: CONTENTS for n in listed if n not in forced}
    times = Counter(line.text for line in lines if len(line.text) < LONGEST and not ENDED.search(line.text))
    candidates = [
        heading
        for n, line in enumerate(lines)
        if n not in out and (heading := _candidate(lines, n, titles, forced)) is not None
    ]
    candidates = _without_lists(candidates, forced)
    headings, gaps = _in_sequence(candidates, forced, out)
    out |= {
        n: FURNITURE
        for n, line in enumerate(lines)
        if times[line.text] >= REPEATED and n not in headings and n not in forced and line.style != ITEM
    }
    return Outline(headings, out, gaps)


def _is_furniture(line: Line) -> bool:
    """Whether a line is a page's number or stray signs; “– A.” is an item."""
    return bool(NO_WORD.match(line.text)) and not (
        line.style in (ITEM, CELL) or any(re.search(r"[^\W\d_]", line.text[mark.end :]) for mark in marks_of(line.text))
    )


def _key(text: str) -> str:
    """A title for comparing: without sign, number and page."""
    mark = next((mark for mark in reversed(list(marks_of(text)))), None)
    return PAGE_NUMBER.sub("", text[mark.end :] if mark else text).strip(" .").casefold()


def _contents(lines: list[Line], out: dict[int, str]) -> tuple[range, set[str]]:
    """The lines of a list of contents, short and with twins further down, and their titles."""
    keys = [_key(line.text) if len(line.text) <= LONGEST else "" for line in lines]
    last = {key: n for n, key in enumerate(keys)}
    run: list[int] = []
    for n, line in enumerate(lines):
        if n in out:
            continue
        if (keys[n] and last[keys[n]] > n) or PAGE_NUMBER.search(line.text):
            run.append(n)
        elif run and (len(line.text) > LONGEST or ENDED.search(line.text)):
            if len(run) >= 3:
                break
            run = []
    else:
        run = run if len(run) >= 3 else []
    if not run:
        return range(0), set()
    # A heading of the body has its twin above it and none below.
    first = run[0]
    before = lines[first - 1].text if first else ""
    if first and len(before.split()) <= 3 and not re.search(r"\d", before) and not ENDED.search(before):
        first -= 1
    return range(first, run[-1] + 1), {keys[n] for n in run}


def _candidate(lines: list[Line], n: int, titles: set[str], forced: Forced) -> _Candidate | None:
    line = lines[n]
    if n in forced:
        if forced[n][0] != "heading":
            return None
        mark = next((mark for mark in reversed(list(marks_of(line.text)))), None)
        return _Candidate(n, line.text[mark.end if mark else 0 :].strip(), mark, 0)
    if line.style in (ITEM, NOTE) or len(line.text) > LONG:
        return None
    marks = [mark for mark in marks_of(line.text) if not mark.scheme.startswith(CODE)]
    is_torn = line.text[:1].islower()  # of a sentence that a page has torn apart
    style = line.level or 1 if line.style == HEADING and not is_torn else 0
    if marks and marks[0].scheme == DASH:
        return None
    mark = marks[0] if marks else None
    title = line.text[mark.end if mark else 0 :].strip()
    short = len(title) <= LONGEST and not CLOSED.search(title)
    if style or (mark and short and (title or mark.scheme.startswith(LABEL))):
        return _Candidate(n, title or line.text, mark, style)
    if short and (line.bold == len(line.text) or _key(line.text) in titles or _stands(lines, n)):
        return _Candidate(n, title, None, 0)
    return None


def _stands(lines: list[Line], n: int) -> bool:
    """Whether a line without any sign is a word or three over a paragraph."""
    text = lines[n].text
    below = lines[n + 1].text if n + 1 < len(lines) else ""
    above = lines[n - 1].text if n else ""
    return (
        len(text) <= STANDING
        and len(text.split()) <= 3
        and not re.search(r"\d", text)
        and not text[0].islower()
        and (not above or bool(ENDED.search(above)) or len(above) <= LONGEST)
        and len(below) >= 60
        and not below[0].islower()
    )


def _without_lists(candidates: list[_Candidate], forced: Forced) -> list[_Candidate]:
    """Without numbered lines of which one follows the other: a list of short items, not of headings."""
    dropped: set[int] = set()
    runs: dict[str, list[_Candidate]] = {}

    def close(run: list[_Candidate]) -> None:
        nonlocal dropped
        bare = sum(1 for a, b in itertools.pairwise(run) if b.line == a.line + 1)
        if len(run) > 1 and bare * 2 >= len(run):
            dropped |= {each.line for each in run}

    for each in candidates:
        if each.mark is None or each.style or each.line in forced:
            continue
        run = runs.setdefault(each.mark.scheme, [])
        if run and each.mark.number <= (run[-1].mark or each.mark).number:
            close(run)
            run.clear()
        run.append(each)
    for run in runs.values():
        close(run)
    return [each for each in candidates if each.line not in dropped]


def _in_sequence(
    candidates: list[_Candidate], forced: Forced, out: dict[int, str]
) -> tuple[dict[int, Heading], list[tuple[int, int, int]]]:
    """The candidates whose numbers follow one another, with their levels."""
    _settle_letters(candidates)
    marked = sum(1 for each in candidates if each.mark) >= 2
    order = _order(candidates, marked=marked)
    headings: dict[int, Heading] = {}
    gaps: list[tuple[int, int, int]] = []
    last: dict[str, int] = defaultdict(int)  # number of each scheme under the present parent
    ever: dict[str, int] = {}
    for each in candidates:
        scheme, number = _scheme(each, marked=marked), each.mark.number if each.mark else 0
        if each.line in forced:
            level = forced[each.line][1]
        elif not scheme:
            headings[each.line] = Heading(each.line, 0, each.title)  # without a number among numbered ones
            continue
        else:
            level = order.index(scheme) + 1
        if not each.mark or not scheme.startswith(each.mark.scheme):
            number = last[scheme] + 1
        elif each.line not in forced and not each.style and not _follows(number, scheme, last, ever, headings):
            if number == last[scheme] and any(h.title == each.title for h in headings.values()):
                out[each.line] = FURNITURE  # the heading of a chapter at the top of each page
            continue
        if last[scheme] and number > last[scheme] + 1 and number != ever.get(scheme, 0) + 1:
            gaps.append((each.line, last[scheme], number))
        for other in order[level:]:
            last[other] = 0
        last[scheme] = ever[scheme] = number
        headings[each.line] = Heading(
            each.line, level, each.title, scheme, number, each.mark.shown if each.mark else ""
        )
    return headings, gaps


def _follows(
    number: int, scheme: str, last: dict[str, int], ever: dict[str, int], headings: dict[int, Heading]
) -> bool:
    """Whether a number is the next of its scheme, the first, or the next but a few that were not recognised."""
    if not any(each.level for each in headings.values()):
        return True  # an extract begins with any
    return number == last[scheme] + 1 or number == ever.get(scheme, 0) + 1 or last[scheme] < number <= last[scheme] + 3


def _settle_letters(candidates: list[_Candidate]) -> None:
    """Read “C.” as a letter and “V.” as a number, as the others beside it want."""
    letters_shown = {each.mark.shown for each in candidates if each.mark}
    for each in candidates:
        mark = each.mark
        if mark and len(mark.shown) == 1 and mark.scheme.startswith(ROMAN_UPPER) and mark.shown != "I":
            letters = letters_shown & {"A", "B"}
            if letters and (mark.shown in "CDLM" or "II" not in letters_shown):
                number = ord(mark.shown) - ord("A") + 1
                each.mark = Mark(mark.scheme.replace(ROMAN_UPPER, "letter"), number, mark.shown, mark.end)
        elif mark and mark.shown == "I" and "H" in letters_shown and "II" not in letters_shown:
            each.mark = Mark(mark.scheme.replace(ROMAN_UPPER, "letter"), 9, mark.shown, mark.end)


def _scheme(each: _Candidate, *, marked: bool) -> str:
    """By what a heading is counted: the form of its number, else its style; blank among numbered ones."""
    if each.mark:
        return each.mark.scheme
    return "" if marked or not each.style else f"style{each.style}"


def _order(candidates: list[_Candidate], *, marked: bool) -> list[str]:
    """Schemes from the top down."""
    lines: dict[str, list[int]] = {}
    firsts: Counter[str] = Counter()
    for each in candidates:
        scheme = _scheme(each, marked=marked)
        if scheme:
            lines.setdefault(scheme, []).append(each.line)
            firsts[scheme] += not each.mark or each.mark.number == 1
    order = sorted(lines, key=lambda scheme: lines[scheme][0])
    # A page's title heads all by its style, and nothing stands beside it.
    for place in range(1, len(order)):
        while place and _above(order[place], order[place - 1], lines, firsts):
            order[place - 1], order[place] = order[place], order[place - 1]
            place -= 1
    return order


def _above(one: str, other: str, lines: dict[str, list[int]], firsts: Counter[str]) -> bool:
    """Whether a scheme stands above one that came before it."""
    if one.startswith("style") and other.startswith("style"):
        return one < other
    if one.startswith("style") or other.startswith("style"):
        return False
    if firsts[one] != firsts[other]:
        return firsts[one] < firsts[other] and firsts[one] > 0
    inside = lines[other][0] < lines[one][0] and lines[one][-1] < lines[other][-1]
    return not inside and other.startswith(ARABIC) and one.startswith((ROMAN_UPPER, LABEL))
