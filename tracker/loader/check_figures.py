"""Figures of a text against what is recorded of them: each as often as it stands there, or set aside with a reason.

Pure: texts and rows in, problems out.
"""

from collections import Counter

from tracker.models import OTHER_FIGURE
from tracker.schema import BASELINE, PASSAGES
from tracker.text import span_of_quote

from .check_quotes import figures_in
from .files import Problem
from .plan_text import normalise


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
            problems += _check_quote(row, text)
        problems += _check_figures(place, text, records.get(place, ()), passages.get(place))
    return problems


def _check_quote(row, text):
    quote = normalise(row.values["quote"])
    if not span_of_quote(quote, text):
        yield row.problem("quote", f"{row.code}: these words do not stand in paragraph {row.values['place']}.")
    published = row.values["as_published"]
    if published and normalise(published) not in quote:
        yield row.problem("as_published", f"{row.code}: “{published}” does not stand in its quote.")


def _check_figures(place, text, records, passage):
    """Each figure of the paragraph is as often recorded or set aside as it stands there."""
    standing, recorded, aside = Counter(figures_in(text)), Counter(), Counter()
    for row in records:
        recorded += Counter(figures_in(row.values["as_published"] or ""))
    for line in passage.values["other_figures"] if passage else ():
        match = OTHER_FIGURE.match(line)
        if match is None:
            yield passage.problem("other_figures", f"Write “{line}” as “figure: reason”.")
            continue
        for figure in figures_in(match["figure"]):
            aside[figure] += int(match["times"] or 1)
    for figure in sorted(standing.keys() | recorded.keys() | aside.keys()):
        if standing[figure] != recorded[figure] + aside[figure]:
            message = (
                f"{place}: the figure {figure} stands {standing[figure]} times in the text; {recorded[figure]} are "
                f"recorded and {aside[figure]} set aside with a reason."
            )
            row = passage or next(iter(records), None)
            name = "other_figures" if passage else "place"
            yield row.problem(name, message) if row else Problem("baseline-passages.toml", None, "code", message)
