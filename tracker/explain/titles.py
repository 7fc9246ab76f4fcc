"""What a page says of itself elsewhere: in a title, a description, a card, an embed; and the addresses of those."""

from collections import Counter
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.explain.reasons import value_in_words
from tracker.wording import labels

# Pixels that an embed takes at its usual width, by what it shows. It has no script, so it cannot say so by itself.
WIDTH = 600
HEIGHTS = {"commitment": 400, "right": 380, "list": 600}
NARROW, NARROW_HEIGHTS = 400, {"commitment": 640, "right": 600, "list": 700}  # and in a frame of fewer pixels
# Flags without which a verdict alone would mislead.
QUALIFYING = ("kept_before_promise", "met_at_baseline", "harm_found", "year_not_stated")
# Filters whose values speak for themselves in a title.
SPEAKING_ALONE = ("group", "status", "missing", "kind", "level", "flag")


def headline(commitment):
    """The verdict and then the promise: “Kept, met late: A law on legal aid”."""
    return _("%(verdict)s: %(title)s") % {"verdict": labels.verdict(commitment), "title": commitment.title}


def facts_of(commitment, assessed):
    """What was reached against what was promised, and what qualifies it, in a few words each."""
    c, words = commitment, {"target": labels.target_from(commitment), "day": labels.day_in_words(commitment.deadline)}
    if c.rule == "uphold":
        facts = [_("A standing duty: this site gives no verdict of its own")]
    elif c.rule == "judge":
        facts = [_("Due by %(day)s, judged against its written test") % words]
    elif c.deadline_basis == "standing":
        facts = [_("Promised: %(target)s") % words]
    else:
        facts = [_("Promised: %(target)s, by %(day)s") % words]
    if value := value_in_words(assessed.value, c.unit):
        facts.insert(0, _("On record: %(value)s") % {"value": value})
    return facts + [capfirst(str(labels.FLAGS[flag])) for flag in c.flags if flag in QUALIFYING]


def in_short(snapshot, commitment, assessed):
    """A promise in two sentences: the verdict with the figures, then the test and the day."""
    words = {"verdict": labels.verdict(commitment), "facts": ". ".join(facts_of(commitment, assessed))}
    words |= {"test": commitment.test, "day": labels.day_in_words(snapshot.on)}
    return _("%(verdict)s, as of %(day)s. %(facts)s. %(test)s") % words


def counted(commitments):
    """How many of a set are in each group, in words: “14 promises: 5 kept, 1 in part, 8 not known”."""
    groups = Counter(c.group for c in commitments)
    sentence = ngettext("%(n)s promise: %(parts)s", "%(n)s promises: %(parts)s", groups.total())
    return sentence % {"n": labels.number(groups.total()), "parts": labels.groups_in_words(groups) or _("none")}


def title_of_set(filters):
    """A filtered list in words: “Promises on Health, kept”; a list of everything is “All promises”."""
    labelled: dict[str, list[str]] = {}
    for label, words, _address in filters.chips():
        labelled.setdefault(str(label), []).append(str(words))
    if not labelled:
        return _("All promises")
    either, title = _(" or "), _("Promises")
    if rights := labelled.pop(str(filters.filters["category"].label), ()):
        short = {f"{c.code} {c.short_title}": c.short_title for c in filters.plan.categories.values()}
        title = _("Promises on %(rights)s") % {"rights": either.join(short.get(each, each) for each in rights)}
    alone = {str(filters.filters[name].label) for name in SPEAKING_ALONE}
    for label, words in labelled.items():
        more = either.join(_small(each) if label in alone else each for each in words)
        if label not in alone:
            more = _("%(label)s: %(words)s") % {"label": _small(label), "words": more}
        title = _("%(title)s, %(more)s") % {"title": title, "more": more}
    return title


def _small(words):
    """Words that go on in a sentence; those that begin with capitals, as UN does, stay."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def version(snapshot):
    """The state of the site in an address, so that who keeps a picture by its address fetches it again."""
    return f"{snapshot.known}-{snapshot.on:%Y%m%d}"


def days_of(query):
    """The dates that an address carries, to be carried on."""
    return [(name, query[name]) for name in ("on", "known") if query.get(name)]


def card_path(snapshot, plan=None, *, commitment=None, category=None, days=()):
    """The address of the card of a promise, a right, a plan or the site."""
    if commitment:
        path = reverse("card-commitment", args=[plan.code, commitment.code])
    elif category:
        path = reverse("card-right", args=[plan.code, category.code])
    else:
        path = reverse("card-plan", args=[plan.code]) if plan else reverse("card-site")
    return f"{path}?{urlencode([*days, ('v', version(snapshot))])}"


def embed_path(kind, plan, code=None, *, query=()):
    """The address of an embed of a promise, a right or a list."""
    path = reverse(f"embed-{kind}", args=[plan.code, code] if code else [plan.code])
    return f"{path}?{urlencode(query)}" if query else path


def embed_code(address, title, *, width=None, height):
    """What a page of another site carries to show an embed; as wide as there is room, or ``width`` pixels."""
    size = f"width:{width}px" if width else f"width:100%;max-width:{WIDTH}px"
    return format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" style="border:0;{}"></iframe>',
        *(settings.SITE_URL + address, title, width or WIDTH, height, size),
    )
