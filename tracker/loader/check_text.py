"""Check seed files against the texts that they were taken from: every quote to the letter, every figure accounted for.

Pure: passages or paragraphs and rows in, problems out.
"""

import re
from collections import Counter

from tracker.models import NUMBER_RULES
from tracker.plantext.figures import figures_in, set_aside
from tracker.schema import BASELINE, COMMITMENTS, PASSAGES, PLAN, PROVISIONS
from tracker.text.plain import normalise, span_of_quote

from .files import Problem


def language_of(reading):
    """The language of the plan whose seed files were read."""
    return next((row.values["language"] for row in reading.rows[PLAN]), "en")


def check_against(paragraphs, reading):
    """Compare what was read from seed files with the paragraphs of the plan's text by code; returns problems."""
    problems = []
    language = language_of(reading)
    provisions = {row.code: row for row in reading.rows[PROVISIONS]}
    by_provision = {}
    for row in reading.rows[COMMITMENTS]:
        by_provision.setdefault(row.values["provision"], []).append(row)
    for code, paragraph in paragraphs.items():
        if code not in provisions:
            message = f"The text has a passage {code} (“{paragraph.text[:50]}…”) that no row names."
            problems.append(Problem("provisions.toml", None, "code", message))
    for code, row in provisions.items():
        paragraph = paragraphs.get(code)
        if paragraph is None:
            problems.append(row.problem("code", f"The text has no passage {code}."))
            continue
        commitments = by_provision.get(code, [])
        problems += _check_heading(row, paragraph)
        if paragraph.form == "dash" and not commitments:
            problems.append(row.problem("code", f"{code} has no commitment."))
        text = normalise(paragraph.text)
        own = normalise(paragraph.own)
        for commitment in commitments:
            problems += _check_commitment(commitment, text, own, language)
        problems += _check_figures(row, commitments, text, language)
    for code in by_provision.keys() - provisions.keys():
        problems += [c.problem("provision", f"No row names the provision {code}.") for c in by_provision[code]]
    return problems


def _check_heading(row, paragraph):
    if row.values["form"] != paragraph.form:
        yield row.problem("form", f"{row.code} is {row.values['form']} here and {paragraph.form} in the text.")
    heading, marked = normalise(row.values["heading"] or ""), normalise(paragraph.heading)
    # A sign that a page's end cut short marks part of a heading: the rest runs to the sentence's full stop.
    goes_on = marked and heading.startswith(f"{marked} ") and normalise(paragraph.text).startswith(f"{heading}.")
    if heading != marked and not goes_on:
        yield row.problem("heading", f"The text has “{paragraph.heading}”.")


def _check_commitment(row, text, own, language):
    for name in ("quote", "qualifier"):
        if row.values[name] and not span_of_quote(row.values[name], text):
            yield row.problem(name, f"{row.code}: these words do not stand in passage {row.values['provision']}.")
    sentences = [sentence.rstrip(".;") for sentence in re.split(r"(?<=[.;!?])\s", own)]
    if normalise(row.values["quote"]).rstrip(".;") in sentences:
        yield row.problem("quote", f"{row.code}: the quote is a whole sentence; cut it to the run that promises.")
    target = row.values["target_value"]
    if row.values["rule"] in NUMBER_RULES and target is not None and abs(target) not in figures_in(text, language):
        yield row.problem("target_value", f"{row.code}: {target} does not stand in passage {row.values['provision']}.")


def _set_aside(row, problems, language):
    """How often each figure is set aside with a reason by a row; a line in no such form is a problem."""
    aside, unread = set_aside(row.values["other_figures"] or (), language)
    problems += [row.problem("other_figures", f"Write “{line}” as “figure: reason”.") for line in unread]
    return aside


def _check_figures(row, commitments, text, language):
    """Each figure of the passage is as often a target or set aside with a reason as it stands in it."""
    problems = []
    figures, aside = Counter(figures_in(text, language)), _set_aside(row, problems, language)
    targets = Counter(abs(c.values["target_value"]) for c in commitments if c.values["target_value"] is not None)
    for figure, times in figures.items():
        message = f"{row.code}: the figure {figure} stands {times} times in the text"
        if targets[figure] + aside[figure] < times:
            more = f"{targets[figure]} are targets and {aside[figure]} set aside with a reason."
            problems.append(row.problem("other_figures", f"{message}; {more}"))
    for figure, times in aside.items():
        if figure not in figures:
            message = f"{row.code}: the figure {figure} does not stand in the passage."
            problems.append(row.problem("other_figures", message))
        elif times > figures[figure]:
            message = f"{row.code}: the figure {figure} stands {figures[figure]} times in the text and {times} times"
            problems.append(row.problem("other_figures", f"{message} are set aside."))
    return problems


def check_baseline(paragraphs, reading):
    """Compare the rows of a baseline with the paragraphs of the paper that they were taken from; returns problems.

    Every quote stands in its paragraph to the letter; every figure of a paragraph is in a record's ``as_published`` or
    set aside in the paragraph's passage.
    """
    problems = []
    language = language_of(reading)
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
        problems += _check_baseline_figures(place, text, records.get(place, ()), passages.get(place), language)
    return problems


def _check_baseline_quote(row, text):
    quote = normalise(row.values["quote"])
    if not span_of_quote(quote, text):
        yield row.problem("quote", f"{row.code}: these words do not stand in paragraph {row.values['place']}.")
    published = row.values["as_published"]
    if published and normalise(published) not in quote:
        yield row.problem("as_published", f"{row.code}: “{published}” does not stand in its quote.")


def _check_baseline_figures(place, text, records, passage, language):
    """Each figure of the paragraph is as often recorded or set aside as it stands in it."""
    problems = []
    standing, recorded = Counter(figures_in(text, language)), Counter()
    for row in records:
        recorded += Counter(figures_in(row.values["as_published"] or "", language))
    aside = _set_aside(passage, problems, language) if passage else Counter()
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
