"""A row as an unsaved draft with its evidence: a figure, a stage, a judgement, a search, or a finding of others.

What a row does not say stays blank, and is named as lacking.
"""

from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from tracker.models import Assessment, Category, Evidence, Says, Update, What, public_day

from . import cells, likely
from .layouts import FINDINGS, QUESTIONS, Becomes
from .likely import NOTHING, Likely
from .names import words_of
from .row import Row, source

MOST_OPTIONS = 8  # offered by name; any other can be written
UPDATES = (Becomes.VALUE, Becomes.RUNG, Becomes.JUDGEMENT, Becomes.SEARCH)
MEASURED = (Becomes.VALUE, Becomes.RUNG)


@dataclass
class Built:
    """What a row would become: the unsaved record, its unsaved evidence, and what is to be said of both."""

    record: Update | Assessment
    evidence: list[Evidence] = field(default_factory=list)
    pending: str = ""  # a source that cannot be cited yet, in words, so that nothing of it is lost
    lacks: list[str] = field(default_factory=list)


def built(row: Row) -> Built:
    """What a row would become. Raises ``ValidationError`` by column for what cannot be read."""
    row.choice("kind", ask=False)
    what = row.choice("what", *([_likely_what(row)] if row.layout is FINDINGS else []))
    if row.layout is FINDINGS and not what:
        what = _likely_what(row).value or Becomes.ASSESSMENT
    if not what or what == Becomes.LEAVE:
        what = Becomes.ASSESSMENT
    record = _update(row, what) if what in UPDATES else _assessment(row)
    evidence, pending = source(row)
    if row.problems:
        raise ValidationError(row.problems)
    record.seed_key = row.key()
    result = Built(record, evidence, pending)
    result.lacks = what_is_open(record, evidence)
    if row.text("as_of") == "" and not (isinstance(record, Assessment) and record.as_of):
        result.lacks.append(str(QUESTIONS["as_of"]))
    return result


def what_is_open(record, evidence=None):
    """What a draft lacks to be handed in, in the words in which it is asked; evidence is a question of its source."""
    cited = list(record.evidence.all()) if evidence is None else evidence
    lacks = record.what_it_lacks(on=public_day(), evidence=cited)
    names = {name: "source" if name == NON_FIELD_ERRORS else name for name in lacks}
    return [str(QUESTIONS.get(each) or record._meta.get_field(name).verbose_name) for name, each in names.items()]


def _likely_what(row):
    """What a finding becomes, by its kind, its number and what its paragraph can be measured by."""
    kind, number = row.choice("kind", ask=False), row.number("value")
    if kind == "plan":
        return Likely(Becomes.LEAVE, _("It restates an intention: nothing was done by it yet."))
    if number is not None and kind in ("baseline", "measurement", "milestone"):
        metric = likely.metric(row.words, promises_of(row), row.known, number=number, in_unit=row.text("unit"))
        if metric.value:
            return Likely(Becomes.VALUE, _("A number in the unit of what is promised."))
        if kind != "milestone":
            return Likely(Becomes.ASSESSMENT, _why_no_value(row))
    if kind == "milestone":
        ladder = _ladder(row)
        if ladder is not None and likely.stage(row.summary, ladder.rungs).value:
            return Likely(Becomes.RUNG, _("A step, and the promise is measured in stages."))
    if kind:
        return Likely(Becomes.ASSESSMENT, _("It says how things stand, and is no figure of the metric."))
    return NOTHING


def _why_no_value(row):
    """Why a number is not taken for the value of a metric, as it is: none there, none in its unit, or not clearly."""
    metrics = [c.metric for c in promises_of(row) if c.metric_id and c.metric.shape == "number"]
    if not metrics:
        return _("No promise here is measured by a number.")
    unit = row.text("unit")
    if not any(likely.akin(each.unit, unit) for each in metrics):
        return _("No promise here is measured in “%(unit)s”.") % {"unit": unit[:60]}
    if len({each.pk for each in metrics if likely.akin(each.unit, unit)}) > 1:
        return _("Several promises here are measured in this unit, and the words do not say which is meant.")
    return _("A promise here is measured in this unit, but neither words nor range say that it is by this number.")


def _ladder(row):
    """The likely ladder of a step; ``None`` where none is."""
    answer = likely.metric(row.words, promises_of(row), row.known, number=None, in_unit="")
    return row.known.metrics.get(answer.value) if answer.value else None


def promises_of(row):
    """The promises that a row may be about: the one that it names, else those of its paragraph or its right."""
    named = row.known.commitment(row.text("commitment"))
    if named is not None:
        return [named]
    ref, known = row.text("ref"), row.known
    if ref in known.of_paragraph:
        return known.of_paragraph[ref]
    inside = (code for code in known.of_paragraph if ref and code.startswith(f"{ref}."))
    return [promise for code in inside for promise in known.of_paragraph[code]]


def _update(row, what):
    metric = commitment = None
    number, (as_of, precision) = row.number("value"), row.day("as_of")
    starts_on, _precision = row.day("starts_on", last=False)
    if what in MEASURED:
        metric = _metric(row, what, number)
    else:
        commitment = _promise(row)
    record = Update(what=what, metric=metric, commitment=commitment, summary=row.summary, caveat=row.text("caveat"))
    record.as_of, record.precision = as_of, row.text("precision") or precision
    record.scope, record.year_not_stated = row.text("scope"), row.flag("year_not_stated")
    record.reread, record.starts_on = row.choice("reread", ask=False), starts_on
    if what == What.VALUE:
        _value(row, record, number)
    elif row.layout is not FINDINGS and number is not None:
        row.note("value", _("Only a value has a number."))
    if what in MEASURED:
        record.origin = _origin(row, metric)
    if what == What.RUNG:
        record.rung = _rung(row, metric)
    if what == What.JUDGEMENT:
        record.verdict = row.choice("verdict")
    _search(row, record)
    if as_of is None:
        _without_a_day(row, record)
    return record


def _without_a_day(row, record):
    """The day is asked for; a draft without one has that of its publication, and says that it is not stated."""
    row.ask("as_of", ())
    published, precision = row.day("published")
    record.as_of, record.precision = published or public_day(), precision or "day"
    record.year_not_stated = record.what == What.VALUE
    row.notes.append(_("The time that it speaks of is not stated: another day stands there until a person gives it."))


def _value(row, record, number):
    record.value = number
    of_finding, metric, unit = row.layout is FINDINGS, record.metric, row.text("unit")
    record.as_published = row.text("as_published")
    if of_finding and not record.as_published and number is not None:
        record.as_published = f"{cells.text(row.own.get('value') or row.cells['value'])} {unit}".strip()[:120]
    caveat, of_number = row.text("caveat"), of_finding and number is not None
    record.bound = row.choice("bound", likely.bound(row.summary, number, unit) if of_number else NOTHING)
    known_unit = metric.unit if metric is not None else ""
    if row.text("value").endswith("%") and known_unit and not known_unit.startswith("percent"):
        sentence = _("A percent sign, and “%(metric)s” is in %(unit)s.")
        row.note("value", sentence % {"metric": metric, "unit": known_unit})
    written = number is not None and row.cells.get("value") is row.own.get("value")
    if of_finding and written and unit and known_unit and not likely.akin(unit, known_unit):
        record.value = None
        values = {"unit": unit[:60], "metric": metric, "own": known_unit}
        row.notes.append(_("It is in “%(unit)s”, and “%(metric)s” is in %(own)s: write the value in that.") % values)
        row.cells["value"] = None
        row.ask("value", ())
    record.fits = row.choice("fits", likely.fits(known_unit, unit, caveat) if of_finding else NOTHING)
    record.how = row.choice("how", likely.how(row.summary, caveat) if of_finding else NOTHING)
    record.arithmetic = row.text("arithmetic")
    if of_finding and metric is not None and metric.spans_period and record.starts_on is None and record.as_of:
        if record.precision == "year" and not metric.period:
            record.starts_on = date(record.as_of.year, 1, 1)
        elif record.fits != "other":
            row.ask("starts_on", ())


def _search(row, record):
    for name in ("places", "words", "languages"):
        setattr(record, name, row.text(name))
    record.withheld, record.reach = row.flag("withheld"), row.choice("reach", ask=record.what == What.SEARCH)
    if record.what != What.SEARCH:
        if record.withheld:
            row.note("withheld", _("Only a search finds that the State does not publish."))
        for name in ("reach", "places", "words", "languages"):
            if getattr(record, name):
                row.note(name, _("Only a search has this."))


def _metric(row, what, number):
    """What was measured: as named, else of the promise that is named, else asked for."""
    written, shape = row.text("metric"), "number" if what == Becomes.VALUE else "ladder"
    metric = row.known.metrics.get(written) if written else None
    named = row.known.commitment(row.text("commitment"))
    if metric is not None:
        if named is not None and row.layout is not FINDINGS and named.metric_id != metric.pk:
            row.note("commitment", _("This promise is not measured by that metric."))
        return metric
    if named is not None and not written:
        if named.metric_id and named.metric.shape == shape:
            return named.metric
        row.notes.append(_("Nothing measures this promise in that way: name a metric, or make it something else."))
    if written:
        row.unknown(written, row.known.metrics)
    promises, unit = promises_of(row), row.text("unit")
    by_code = {c.metric.code: (c.metric, c.code) for c in promises if c.metric_id and c.metric.shape == shape}
    same = {code for code, (each, _c) in by_code.items() if likely.unit(each.unit) == likely.unit(unit)}
    options = [(code, _label(each, where)) for code, (each, where) in by_code.items()]
    options.sort(key=lambda option: option[0] not in same)
    options = options[:MOST_OPTIONS] + _elsewhere(row, shape, unit, by_code)
    known = {code for code, _label_of in options}
    nearest = row.known.metrics.nearest(written)
    options = [(m.code, _label(m)) for m in nearest if m.shape == shape and m.code not in known] + options
    answer = NOTHING
    if row.layout is FINDINGS and (what == Becomes.RUNG or number is not None):
        asked_for = None if what == Becomes.RUNG else number
        answer = likely.metric(row.words, promises, row.known, number=asked_for, in_unit=unit)
    return row.known.metrics.get(row.ask("metric", options, answer, names="metrics"))


def _label(metric, where=""):
    return " · ".join(part for part in (metric.name, metric.unit, where) if part)


def _elsewhere(row, shape, unit, by_code):
    """Metrics of other paragraphs in the same unit that share most words with the row."""
    if not unit:
        return []
    mine = words_of(row.words)
    metrics = {c.metric.code: c for c in row.known.commitments.by_code.values() if c.metric_id}
    alike = [
        (len(mine & row.known.words_of_promise(c)), code, _label(c.metric, c.code))
        for code, c in metrics.items()
        if code not in by_code and c.metric.shape == shape and likely.unit(c.metric.unit) == likely.unit(unit)
    ]
    return [(code, label) for shared, code, label in sorted(alike, reverse=True)[:4] if shared > 1]


def _promise(row, *, right=False):
    """Which promise it is about, as named or asked for; with ``right`` a right as a whole may be meant."""
    written = row.text("commitment")
    if written:
        named = row.known.commitment(written) or (row.known.categories.get(written) if right else None)
        if named is not None:
            return named
        row.unknown(written, row.known.commitments)
    promises = promises_of(row)
    offered = dict.fromkeys([*row.known.commitments.nearest(written), *promises])
    options = [(each.code, f"{each.code} {each.title}") for each in offered]
    answer = likely.promise(row.words, promises, row.known) if row.layout is FINDINGS and promises else NOTHING
    if right and (category := _right(row)) is not None:
        options.append((category.code, _("%(code)s %(title)s, as a whole") % vars(category)))
        if row.text("ref") == category.code:
            answer = Likely(category.code, _("The row names the right and no paragraph."))
    answered = row.ask("commitment", options, answer, names="promises")
    return row.known.commitment(answered) or (row.known.categories.get(answered) if right and answered else None)


def _right(row):
    """The right that the row's paragraph stands under, or that the row names."""
    ref = row.text("ref")
    if ref in row.known.paragraphs:
        return row.known.paragraphs[ref].category
    return row.known.categories.get(ref)


def _rung(row, metric):
    written, rungs = row.text("rung"), metric.rungs if metric is not None else []
    by_name = {rung.casefold(): rung for rung in rungs}
    if written and (not rungs or written.casefold() in by_name):
        return by_name.get(written.casefold(), "")
    if written:
        values = {"stage": written, "stages": ", ".join(rungs)}
        row.notes.append(_("“%(stage)s” is no stage of this: %(stages)s.") % values)
    return row.ask("rung", [(rung, rung) for rung in rungs], likely.stage(row.summary, rungs))


def _origin(row, metric=None):
    """Whose statement it is, as named or asked for."""
    if written := row.text("origin"):
        if body := row.known.body(written):
            return body
        row.unknown(written, row.known.bodies)
    publisher, producer = row.known.body(row.text("publisher")), metric.producer if metric is not None else None
    if publisher is None and (same := row.known.sources(address=row.text("url"), title=row.text("source_title"))):
        publisher = same[0].publisher
    answer = NOTHING
    if row.layout is FINDINGS:
        answer = likely.origin(row.summary, publisher, producer, row.known)
    bodies = [row.known.bodies.get(answer.value) if answer.value else None, producer, publisher]
    bodies += row.known.bodies.nearest(written)
    options = {body.code: body.name for body in bodies if body is not None}
    return row.known.bodies.get(row.ask("origin", options.items(), answer, names="bodies"))


def _assessment(row):
    about = _promise(row, right=True)
    (as_of, precision), published = row.day("as_of"), row.day("published")
    record = Assessment(summary=row.summary, caveat=row.text("caveat"), reread=row.choice("reread", ask=False))
    record.category, record.commitment = (about, None) if isinstance(about, Category) else (None, about)
    record.origin = _origin(row)
    record.says = says = row.choice("says") or Says.NOTES  # half of all guesses were wrong, so that none is made
    if says == Says.NOTES and not row.text("says"):
        row.notes.append(_("What it says of the promise is not answered: it stands as a note without a verdict."))
    record.document = row.text("document")
    (record.as_of, record.precision) = (as_of, precision) if as_of else published
    record.starts_on = row.day("starts_on", last=False)[0]
    if record.as_of is None:
        row.ask("as_of", ())
        record.as_of, record.precision = public_day(), "day"
        row.notes.append(_("Neither the time nor the day of publication is stated: today stands there for now."))
    elif as_of is None:
        row.notes.append(_("The day of publication stands for that of the finding."))
    number = cells.text(row.cells.get("value"))
    if number and number not in record.summary.replace(",", ""):
        figure = f"{number} {row.text('unit')}".strip()
        row.notes.append(_("Its number stands only in the file: %(number)s.") % {"number": figure})
    return record
