"""What other sites show of this one in a frame, and how they are told of it."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from tracker.explain import titles
from tracker.filters.commitments import EmbeddedFilter
from tracker.filters.dates import snapshot_of_address
from tracker.models import SPEAKING
from tracker.wording import labels

from .counts import tally

ROWS = 10  # of a list
KINDS = {"commitment-detail": "commitment", "right-detail": "right", "commitment-list": "list"}
KINDS |= {f"embed-{kind}": kind for kind in titles.HEIGHTS}


def commitment(_snapshot, plan, code, theme):
    """One promise: the verdict, the quote, figure and target, and what each side says."""
    c = plan.commitment(code)
    return {
        "commitment": c,
        "title": titles.headline(c),
        "canonical": c.path,
        "facts": titles.facts_of(c, plan.assessed[code]),
        "sides": [(labels.ACCOUNTS[side], getattr(c, f"{side}_says")) for side in SPEAKING],
        "theme": theme,
    }


def right(_snapshot, plan, code, theme):
    """A chapter or a section: a bar of what became of its promises, and a square for each."""
    category = plan.category(code)
    mine = plan.by_category[code]
    return {
        "category": category,
        "title": f"{category.title}: {titles.counted(mine)}",
        "canonical": category.path,
        "commitments": mine,
        "bar": bar(mine),
        "theme": theme,
    }


def bar(commitments):
    """Groups that occur, each with where its part of a bar of 100 begins and how wide it is."""
    counts = tally((c.group for c in commitments), labels.GROUPS, len(commitments))
    parts = labels.bar({count.value: count.n for count in counts})
    return [
        {"count": count, "start": f"{start:.3f}", "width": f"{width:.3f}"}
        for count, (_group, start, width) in zip(counts, parts, strict=True)
    ]


def listed(filters):
    """The first promises of a filtered set, and how many there are."""
    rows = filters.selected()
    query = filters.query()
    return {
        "snapshot": filters.snapshot,
        "plan": filters.plan,
        "title": titles.title_of_set(filters),
        "canonical": filters.path + (f"?{query}" if query else ""),
        "commitments": rows[:ROWS],
        "total": len(rows),
        "bar": bar(rows),
        "theme": filters.parameters.get("theme", ""),
    }


def oembed(newest, query):
    """What oEmbed says of an address of this site. ``Http404`` where nothing of it can be embedded."""
    kind, plan, snapshot, code, parameters = _named(newest, query.get("url", "").strip())
    subject = {"commitment": None, "category": None}
    if kind == "commitment":
        subject["commitment"] = plan.commitment(code)
        title = titles.headline(subject["commitment"])
    elif kind == "right":
        subject["category"] = plan.category(code)
        title = f"{subject['category'].title}: {titles.counted(plan.by_category[code])}"
    else:
        title = titles.title_of_set(EmbeddedFilter(parameters, snapshot=snapshot, plan=plan))
    width = _least(query, "maxwidth", titles.WIDTH)
    heights = titles.NARROW_HEIGHTS if width < titles.NARROW else titles.HEIGHTS
    height = _least(query, "maxheight", heights[kind])
    days = titles.days_of(parameters)
    carried = [(name, each) for name, values in parameters.lists() for each in values] if kind == "list" else days
    carried = [pair for pair in carried if pair[0] not in ("page", "page_size", "by", "columns")]
    address = titles.embed_path(kind, plan, code, query=carried)
    answer = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": _("Promise by promise"),
        "provider_url": settings.SITE_URL + "/",
        "cache_age": 3600,  # seconds
        "width": width,
        "height": height,
        "html": titles.embed_code(address, title, width=width, height=height),
    }
    if _least(query, "maxwidth", 1200) < 1200 or _least(query, "maxheight", 630) < 630:
        return answer  # the picture would not fit either
    card = settings.SITE_URL + titles.card_path(snapshot, plan, **subject, days=days)
    return answer | {"thumbnail_url": card, "thumbnail_width": 1200, "thumbnail_height": 630}


def _named(newest, address):
    """What an address of this site names: the kind of page, plan, snapshot, code and its query."""
    if not address:
        raise BadRequest(_("url: give the address of a page of this site."))
    nothing = _("Nothing at this address can be embedded.")
    try:
        parts = urlsplit(address)
        match = resolve(parts.path)
    except (ValueError, Resolver404) as error:
        raise Http404(nothing) from error
    if parts.netloc != urlsplit(settings.SITE_URL).netloc or match.url_name not in KINDS:
        raise Http404(nothing)
    parameters = QueryDict(parts.query)
    snapshot = snapshot_of_address(parameters, newest)
    return KINDS[match.url_name], snapshot.plan(match.kwargs["plan"]), snapshot, match.kwargs.get("code"), parameters


def _least(query, name, usual):
    """The usual number of pixels, or fewer where the address allows no more."""
    text = query.get(name, "").strip()
    if text and not (text.isascii() and text.isdigit() and int(text[:9]) > 0 and len(text) < 10):
        raise BadRequest(_("%(name)s: give a whole number of pixels.") % {"name": name})
    return min(usual, int(text)) if text else usual
