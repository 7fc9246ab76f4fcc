"""What is on record, prepared for a page: updates and findings with whose they are, who carried them, what followed."""

from django.utils.translation import gettext as _

from tracker import models
from tracker.models import What
from tracker.text.plain import marked_quotes
from tracker.wording import labels


def by_then(snapshot, rows):
    """Rows that speak of the day asked for or of one before it."""
    return [row for row in rows if row.earliest <= snapshot.on]


def newest_first(rows):
    """Updates or findings by the day that they speak of, the last one first."""
    return sorted(rows, key=lambda row: (row.as_of, row.entry), reverse=True)


def values_of(snapshot, plan, commitment):
    """The values on record for a promise by the day asked for."""
    return [u for u in by_then(snapshot, plan.updates[commitment.code]) if u.what == What.VALUE]


def by_number(snapshot, commitment):
    """Whether a number answers the promise, and no stage, judgement or finding."""
    return bool(commitment.metric) and snapshot.metrics[commitment.metric].shape == models.Shape.NUMBER


def publication(snapshot, code, plan=None):
    """A source with who carried it; with a plan, as that body stands to it."""
    source = snapshot.sources[code]
    return {"source": source, "publisher": (plan or snapshot).bodies.get(source.publisher)}


def _cited(snapshot, cited, plan):
    file = {"hash": cited.file, "name": cited.file_name, "size": cited.file_size} if cited.file else None
    return publication(snapshot, cited.source, plan) | {"locator": cited.locator, "note": cited.note, "file": file}


def _in_full(snapshot, row, plan):
    """A row with whose it is, what it rests on, and what replaced it, where something did."""
    sources = [_cited(snapshot, each, plan) for each in row.evidence]
    origin, replaced = (plan or snapshot).bodies.get(row.origin), snapshot.replaced_by.get(row.entry)
    return {"origin": origin, "sources": sources, "replaced": replaced}


def history(snapshot, rows, plan=None):
    """Updates for a table, newest first; with a plan, whose each is as that body stands to it."""
    return [{"update": u, **_in_full(snapshot, u, plan)} for u in newest_first(by_then(snapshot, rows))]


def baseline_entry(assessed):
    """The log entry of the baseline of a result, where it is not the value that decides as well; else ``None``."""
    return assessed.baseline.entry if assessed.baseline and assessed.baseline != assessed.value else None


def deciding_sources(snapshot, plan, commitment, assessed):
    """The publications that a result rests on, but for the baseline's alone, each once and in the order of rows."""
    start = baseline_entry(assessed)
    rows = (*plan.updates[commitment.code], *plan.findings[commitment.code])
    cited = [each for row in rows if row.entry in assessed.inputs and row.entry != start for each in row.evidence]
    return [_cited(snapshot, each, plan) for each in {each.source: each for each in cited}.values()]


def finding_list(snapshot, plan, findings):
    """Findings in the order given, each with whose it is, what it rests on and what replaced it."""
    return [{"finding": f, "answers": [], **_in_full(snapshot, f, plan)} for f in by_then(snapshot, findings)]


def findings_by_side(snapshot, plan, findings):
    """Findings of the State, of UN bodies and of others, side by side and never merged.

    After them, where there is one, those of which nobody knows whose they are.
    """
    listed = finding_list(snapshot, plan, findings)
    by_entry = {each["finding"].entry: each for each in listed}
    for each in listed:
        each["replies_to"] = by_entry.get(each["finding"].replies_to)
        if each["replies_to"]:
            each["replies_to"]["answers"].append(each)
    columns = [
        {"side": side, "label": label, "findings": [each for each in listed if each["finding"].side == side]}
        for side, label in (labels.ACCOUNTS | {"unknown": _("Nobody knows whose")}).items()
        if side != "site"
    ]
    return [column for column in columns if column["side"] != "unknown" or column["findings"]]


def test_amended(snapshot, commitment):
    """Whether the test of a promise was changed since it was first published."""
    changes = snapshot.amendments.get(("commitment", commitment.plan, commitment.code), ())
    return any("test" in each.changes for each in changes)


def tests_changed(snapshot, commitments):
    """How many of them have a test that was written or changed after evidence had been read, or once published."""
    return sum(bool(c.test_changed_because) or test_amended(snapshot, c) for c in commitments)


def amendments(snapshot, own, *others):
    """Changes to what the registry says of a thing and of others on its page, newest first, in words.

    Each is named by its kind and code, the plan's between them where each plan has its own; what is not of the thing
    itself says of what it is.
    """
    changed = [(about, each) for about in (own, *others) for each in snapshot.amendments.get(about, ())]
    return [
        {
            "amendment": each,
            "of": "" if about == own else f"{meta.verbose_name} {about[-1]}",
            "fields": [
                {"label": meta.get_field(name).verbose_name, "old": _in_words(name, old), "new": _in_words(name, new)}
                for name, (old, new) in each.changes.items()
            ],
        }
        for about, each in sorted(changed, key=lambda pair: pair[1].entry, reverse=True)
        for meta in (models.Update._meta.get_field(about[0]).related_model._meta,)
    ]


def _in_words(name, value):
    """A stored value as a reader sees it; a blank one as blank."""
    if isinstance(value, list):
        return ", ".join(": ".join(each.values()) if isinstance(each, dict) else str(each) for each in value)
    return labels.LABELS.get(name, {}).get(value, value) if value not in (None, "") else ""


def stages(snapshot, metric, commitment, rows):
    """A ladder's stages in order, each with the first update that reached it by the day asked for."""
    reached = {row.rung: row for row in newest_first(by_then(snapshot, rows)) if row.rung}
    last = max((metric.rungs.index(rung) for rung in reached if rung in metric.rungs), default=-1)
    return [
        {
            "rung": rung,
            "passed": place < last and rung not in reached,
            "promised": rung == commitment.target_rung,
            "update": reached.get(rung),
            "late": rung in reached and reached[rung].as_of > commitment.deadline,
        }
        for place, rung in enumerate(metric.rungs)
    ]


def passages(snapshot, plan, codes, commitments=None):
    """The attached text of some paragraphs, by code, each in pieces with what is quoted marked.

    Marked are the quotes of these commitments, by default of all in the paragraph. Nothing where no text is attached.
    """
    return {
        code: _passage(snapshot.attachment(plan.code), plan.language, text, commitments or plan.by_provision[code])
        for code, text in snapshot.passages(plan.code, codes).items()
    }


def passage_of_record(snapshot, plan, record):
    """The attached paragraph that a record of the baseline was taken from, with its quote marked, or ``None``."""
    text = snapshot.passages(plan.code, [record.place], record.source).get(record.place)
    if text is None:
        return None
    language = snapshot.sources[record.source].language
    return _passage(snapshot.attachment(plan.code, record.source), language, text, [record])


def _passage(attachment, language, text, records):
    return {
        "pieces": marked_quotes(text, [each.quote for each in records]),
        "missing": [each.code for each in records if each.code in attachment.missing],
        "attachment": attachment,
        "language": language,
    }
