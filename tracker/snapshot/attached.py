"""Which texts are attached, for every snapshot; and the passages themselves, for a page that shows some."""

from dataclasses import dataclass

from tracker.models import AttachedText, Passage


@dataclass(frozen=True)
class Attachment:
    """An attached text: since when, its hash, and which quotes stand nowhere in it."""

    pk: int
    entry: int
    day: object  # on which it was attached
    sha256: str
    missing: frozenset


def attached(known):
    """What is attached up to a log entry, by the codes of plan and source; of no source for a plan's own text."""
    rows = AttachedText.objects.filter(entry__lte=known).select_related("plan", "source", "entry")
    return {
        (row.plan.code, row.source.code if row.source else ""): Attachment(
            row.pk, row.entry_id, row.entry.at.date(), row.sha256, frozenset(row.missing)
        )
        for row in rows
    }


def passages(attachment, codes):
    """The text of each of these paragraphs in an attached document, by code. One question."""
    return dict(Passage.objects.filter(document=attachment.pk, code__in=codes).values_list("code", "text"))
