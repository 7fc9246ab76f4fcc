"""Check seed files against the texts that they were taken from: every quote to the letter, every figure accounted for.

Pure: passages or paragraphs and rows in, problems out.
"""

import re
from collections import Counter
from decimal import Decimal

from tracker.models import NUMBER_RULES, OTHER_FIGURE
from tracker.schema import BASELINE, COMMITMENTS, PASSAGES, PROVISIONS
from tracker.text import span_of_quote

from .files import Problem
from .plan_text import normalise

# fmt: off
SPELLED = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
}
# fmt: on
DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
TENS = "|".join(word for word, value in SPELLED.items() if value >= 20)
ONES = "|".join(word for word, value in SPELLED.items() if value < 10)
WORDS = re.compile(rf"(?<![\w-])(?:(?:{TENS})-(?:{ONES})|{'|'.join(SPELLED)})(?![\w-])", re.IGNORECASE)


def figures_in(text):
    """Every figure of a text, in digits or spelled out up to ninety-nine, in order.

    >>> [str(figure) for figure in figures_in("Twenty bases, 1,000 beds and 3.8 percent")]
    ['20', '1000', '3.8']
    """
    figures = [(m.start(), Decimal(m[0].rstrip(",").replace(",", ""))) for m in DIGITS.finditer(text)]
    figures += [
        (m.start(), Decimal(sum(SPELLED[part] for part in m[0].lower().split("-")))) for m in WORDS.finditer(text)
    ]
    return [figure for _place, figure in sorted(figures)]


def check_against(passages, reading):
    """Compare what was read from seed files with the passages of the plan's text; returns problems."""
    problems = []
    provisions = {row.code: row for row in reading.rows[PROVISIONS]}
    by_provision = {}
    for row in reading.rows[COMMITMENTS]:
        by_provision.setdefault(row.values["provision"], []).append(row)
    for code, passage in passages.items():
        if code not in provisions:
            message = f"The text has a passage {code} (“{passage.full_text[:50]}…”) that no row names."
            problems.append(Problem("provisions.toml", None, "code", message))
    for code, row in provisions.items():
        passage = passages.get(code)
        if passage is None:
            problems.append(row.problem("code", f"The text has no passage {code}."))
            continue
        commitments = by_provision.get(code, [])
        problems += _check_heading(row, passage)
        if passage.form == "dash" and not commitments:
            problems.append(row.problem("code", f"{code} has no commitment."))
        text = normalise(passage.full_text)
        own = normalise(passage.text)
        for commitment in commitments:
            problems += _check_commitment(commitment, text, own)
        problems += _check_order(commitments, text)
        problems += _check_figures(row, commitments, text)
    for code in by_provision.keys() - provisions.keys():
        problems += [c.problem("provision", f"No row names the provision {code}.") for c in by_provision[code]]
    return problems


def _check_heading(row, passage):
    if row.values["form"] != passage.form:
        yield row.problem("form", f"{row.code} is {row.values['form']} here and {passage.form} in the text.")
    if normalise(row.values["heading"] or "") != normalise(passage.heading):
        yield row.problem("heading", f"The text has “{passage.heading}”.")


def _check_commitment(row, text, own):
    for name in ("quote", "qualifier"):
        if row.values[name] and not span_of_quote(row.values[name], text):
            yield row.problem(name, f"{row.code}: these words do not stand in passage {row.values['provision']}.")
    sentences = [sentence.rstrip(".;") for sentence in re.split(r"(?<=[.;!?])\s", own)]
    if normalise(row.values["quote"]).rstrip(".;") in sentences:
        yield row.problem("quote", f"{row.code}: the quote is a whole sentence; cut it to the run that promises.")
    target = row.values["target_value"]
    if row.values["rule"] in NUMBER_RULES and target is not None and abs(target) not in figures_in(text):
        yield row.problem("target_value", f"{row.code}: {target} does not stand in passage {row.values['provision']}.")


def _check_order(commitments, text):
    places = [text.find(normalise(row.values["quote"])) for row in commitments]
    for row, before, after in zip(commitments[1:], places, places[1:], strict=False):
        if 0 <= after < before:
            yield row.problem("code", f"{row.code}: its quote stands before that of the commitment above it.")


def _set_aside(row, problems):
    """How often each figure is set aside with a reason by a row; a line in no such form is a problem."""
    aside = Counter()
    for line in row.values["other_figures"] or ():
        if (match := OTHER_FIGURE.match(line)) is None:
            problems.append(row.problem("other_figures", f"Write “{line}” as “figure: reason”."))
            continue
        for figure in figures_in(match["figure"]):
            aside[figure] += int(match["times"] or 1)
    return aside


def _check_figures(row, commitments, text):
    """Each figure of the passage is as often a target or set aside with a reason as it stands in it."""
    problems = []
    wanted, aside = Counter(figures_in(text)), _set_aside(row, problems)
    targets = Counter(abs(c.values["target_value"]) for c in commitments if c.values["target_value"] is not None)
    for figure, times in wanted.items():
        message = f"{row.code}: the figure {figure} stands {times} times in the text"
        if targets[figure] + aside[figure] < times:
            more = f"{targets[figure]} are targets and {aside[figure]} set aside with a reason."
            problems.append(row.problem("other_figures", f"{message}; {more}"))
    for figure, times in aside.items():
        if figure not in wanted:
            message = f"{row.code}: the figure {figure} does not stand in the passage."
            problems.append(row.problem("other_figures", message))
        elif times > wanted[figure]:
            message = f"{row.code}: the figure {figure} stands {wanted[figure]} times in the text and {times} times"
            problems.append(row.problem("other_figures", f"{message} are set aside."))
    return problems


def check_baseline(paragraphs, reading):
    """Compare the rows of a baseline with the paragraphs of the paper that they were taken from; returns problems.

    Every quote stands in its paragraph to the letter; every figure of a paragraph is in a record's ``as_published`` or
    set aside in the paragraph's passage.
    """
    problems = []
    records = {}
    for row in reading.rows[BASELINE]:
        records.setdefault(row.values["place"], []).append(row)
    passages = {row.code: row for row in reading.rows[PASSAGES]}
    for place in {**records, **passages}.keys() - paragraphs.keys():
        rows = records.get(place, []) + ([passages[place]] if place in passages else [])
        name = {BASELINE: "place", PASSAGES: "code"}
        problems += [row.problem(name[row.table], f"The text has no paragraph {place}.") for row in rows]
    for place, paragraph in paragraphs.items():
        text = normalise(paragraph)
        for row in records.get(place, ()):
            problems += _check_baseline_quote(row, text)
        problems += _check_baseline_figures(place, text, records.get(place, ()), passages.get(place))
    return problems


def _check_baseline_quote(row, text):
    quote = normalise(row.values["quote"])
    if not span_of_quote(quote, text):
        yield row.problem("quote", f"{row.code}: these words do not stand in paragraph {row.values['place']}.")
    published = row.values["as_published"]
    if published and normalise(published) not in quote:
        yield row.problem("as_published", f"{row.code}: “{published}” does not stand in its quote.")


def _check_baseline_figures(place, text, records, passage):
    """Each figure of the paragraph is as often recorded or set aside as it stands in it."""
    problems = []
    standing, recorded = Counter(figures_in(text)), Counter()
    for row in records:
        recorded += Counter(figures_in(row.values["as_published"] or ""))
    aside = _set_aside(passage, problems) if passage else Counter()
    for figure in sorted(standing.keys() | recorded.keys() | aside.keys()):
        if standing[figure] != recorded[figure] + aside[figure]:
            message = (
                f"{place}: the figure {figure} stands {standing[figure]} times in the text; {recorded[figure]} are "
                f"recorded and {aside[figure]} set aside with a reason."
            )
            row, name = passage or next(iter(records), None), "other_figures" if passage else "place"
            missing = Problem(PASSAGES.pattern, None, "code", message)
            problems.append(row.problem(name, message) if row else missing)
    return problems
