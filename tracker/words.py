"""Stored values in words: labels, signs, numbers by the locale, targets as a phrase."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from . import models
from .models import Comparator, Rule
from .numbers import plain_number

LABELS = {
    name: dict(choices.choices)
    for name, choices in {
        "kind": models.Kind,
        "level": models.Level,
        "rule": models.Rule,
        "deadline_basis": models.DeadlineBasis,
        "body_kind": models.BodyKind,
        "side": models.Side,
        "nature": models.Nature,
        "form": models.Form,
    }.items()
}
# One sign for each kind, set in the squares of the mosaic: colour is never the only carrier.
KIND_SIGNS = {
    "quantity": "#",
    "law": "§",
    "institution": "⌂",
    "programme": "»",
    "safeguard": "◇",
    "reporting": "¶",
    "aim": "→",
}
COMPARATOR_WORDS = dict(Comparator.choices)


def number(value):
    """A number by the locale, with as many decimals as it has; nothing for ``None``."""
    if value is None:
        return ""
    return number_format(plain_number(value), use_l10n=True, force_grouping=True)


def target(commitment):
    """What is to be reached, in a few words: “at least 88 percent”."""
    rule = commitment.rule
    if rule == Rule.MILESTONE:
        return _("stage “%(rung)s”") % {"rung": commitment.target_rung}
    if rule == Rule.DIRECTION:
        return _("a rise") if commitment.comparator == Comparator.MORE_THAN else _("a fall")
    if rule == Rule.UPHOLD:
        return _("upheld throughout")
    if rule == Rule.JUDGE:
        return _("judged against the test")
    return _number_target(commitment)


def _number_target(commitment):
    words = {
        "comparator": COMPARATOR_WORDS[commitment.comparator],
        "value": number(abs(commitment.target_value)),
        "unit": commitment.unit,
    }
    if commitment.rule == Rule.CHANGE:
        # A fall of at most −20 percent is a fall of at least 20: the comparator turns with the sign.
        turned = {"≤": "≥", "<": ">", "≥": "≤", ">": "<", "≈": "≈"}
        falls = commitment.target_value < 0
        words["comparator"] = COMPARATOR_WORDS[turned[commitment.comparator] if falls else commitment.comparator]
        words["year"] = commitment.base_date.year
        if falls:
            return _("a fall of %(comparator)s %(value)s percent on %(year)s") % words
        return _("a rise of %(comparator)s %(value)s percent on %(year)s") % words
    if commitment.rule == Rule.HOLD:
        return _("%(comparator)s %(value)s %(unit)s, every year") % words
    if commitment.rule == Rule.TOTAL:
        return _("%(comparator)s %(value)s %(unit)s over the whole plan") % words
    return _("%(comparator)s %(value)s %(unit)s") % words
