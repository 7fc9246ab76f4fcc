"""The paragraph around a quote, from the text that an operator attached."""

from tracker.anchors import marked


def passages(snapshot, plan, codes, commitments=None):
    """The attached text of some paragraphs, by code, each in pieces with what is quoted marked.

    Marked are the quotes of these commitments, by default of all in the paragraph. Nothing where no text is attached.
    """
    texts = snapshot.passages(plan.code, codes)
    return {
        code: {
            "pieces": marked(text, [c.quote for c in (commitments or plan.by_provision[code])]),
            "missing": [c.code for c in (commitments or plan.by_provision[code]) if c.code in attachment.missing],
            "attachment": attachment,
        }
        for code, text in texts.items()
        for attachment in (snapshot.attached[plan.code],)
    }
