"""The paragraph around a quote, from the text that an operator attached."""

from tracker.text import marked_quotes


def passages(snapshot, plan, codes, commitments=None):
    """The attached text of some paragraphs, by code, each in pieces with what is quoted marked.

    Marked are the quotes of these commitments, by default of all in the paragraph. Nothing where no text is attached.
    """
    texts = snapshot.passages(plan.code, codes)
    return {
        code: {
            "pieces": marked_quotes(text, [c.quote for c in (commitments or plan.by_provision[code])]),
            "missing": [c.code for c in (commitments or plan.by_provision[code]) if c.code in attachment.missing],
            "attachment": attachment,
            "language": plan.language,
        }
        for code, text in texts.items()
        for attachment in (snapshot.attachment(plan.code),)
    }


def passage_of_record(snapshot, plan, record):
    """The attached paragraph that a record of the baseline was taken from, with its quote marked, or ``None``."""
    text = snapshot.passages(plan.code, [record.place], record.source).get(record.place)
    if text is None:
        return None
    attachment = snapshot.attachment(plan.code, record.source)
    return {
        "pieces": marked_quotes(text, [record.quote]),
        "missing": [record.code] if record.code in attachment.missing else [],
        "attachment": attachment,
        "language": snapshot.sources[record.source].language,
    }
