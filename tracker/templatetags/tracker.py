"""Words, figures and what stands often in templates."""

import re
from functools import lru_cache, partial
from operator import getitem
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from tracker import labels
from tracker.ledger import log
from tracker.release import release
from tracker.snapshot.timeline import Standing

register = template.Library()
register.filter("number", labels.number)
register.filter("target", labels.target)
register.filter("status", labels.status)
register.filter("status_sign", labels.status_sign)
register.filter("bounded", labels.bounded)
# The sign of a group of statuses, of what a side says, and of a kind of commitment.
register.filter("group_sign", partial(getitem, labels.GROUP_SIGNS))
register.filter("says_sign", partial(getitem, labels.SAYS_SIGNS))
register.filter("sign", partial(getitem, labels.KIND_SIGNS))
register.simple_tag(release, name="current_release")


@register.filter
def label(value, name):
    """The words for a stored value: ``{{ c.kind|label:"kind" }}``."""
    return labels.LABELS[name].get(value, value)


@register.filter
def in_language_of(text, published):
    """Words to the letter of a plan or a source, marked with its language where that is not the page's.

    So they are read out, hyphenated and set in their own language (WCAG 2.2, 3.1.2); ``bdi`` keeps the direction of
    theirs from turning round the words beside them. Words of nobody's (``None``) stay as they are.
    """
    language = getattr(published, "language", "")
    if not text or not language or f"{get_language()}-".lower().startswith(f"{language}-".lower()):
        return text
    return format_html('<bdi lang="{}">{}</bdi>', language, text)


@register.filter
def language_name(code):
    """The name of a language; its code where Django knows no name."""
    try:
        return get_language_info(code.lower())["name_translated"]
    except KeyError:
        return code


@register.filter
def dated(day, precision):
    """A date no more exactly than it is known."""
    return date_format(day, {"day": "j M Y", "month": "M Y", "year": "Y"}.get(precision, "j M Y")) if day else ""


@register.filter
def period(update):
    """The time that an update speaks of, no more exactly than it is known: a day, a year, or from one to another."""
    last = dated(update.as_of, update.precision)
    first = dated(update.starts_on, update.precision)
    return _("%(first)s to %(last)s") % {"first": first, "last": last} if first and first != last else last


@register.filter
def day(value):
    """A date in words by the locale."""
    return date_format(value, "j F Y") if value else ""


@register.filter
def short_day(value):
    """A date for tables by the locale."""
    return date_format(value, "j M Y") if value else ""


@register.filter
def published(plan):
    """When a plan came out, no more exactly than is known."""
    formats = {"day": "j F Y", "month": "F Y", "year": "Y"}
    return date_format(plan.published_on, formats[plan.published_precision])


@register.filter
def came_out(plan):
    """When a plan came out, with the preposition that the date needs: on 3 February 2026, in February 2026."""
    when = {"when": published(plan)}
    return _("on %(when)s") % when if plan.published_precision == "day" else _("in %(when)s") % when


@register.filter
def years(plan):
    """The years of a plan's period: 2021–2025."""
    return f"{plan.starts_on.year}–{plan.ends_on.year}"


@register.filter
def get(mapping, key):
    """The value of a key that a template variable names."""
    return mapping.get(key)


@register.simple_tag
def n_of(n, of):
    """So many of how many: 3 of 12."""
    return _("%(n)s of %(of)s") % {"n": labels.number(n), "of": labels.number(of)}


@register.simple_tag
def figure_of(n, of):
    """So many of how many where the first number is the figure and the rest stands small beside it."""
    return format_html(_('{n} <span class="of">of {of}</span>'), n=labels.number(n), of=labels.number(of))


@register.simple_tag
def code_link(record, query="", title=""):
    """A link to the page of a record by its code and its title, or another title that is given."""
    return format_html(
        '<a href="{}{}"><span class="num">{}</span> {}</a>', record.path, query, record.code, title or record.title
    )


@register.simple_tag
def explorer_path(plan, **parameters):
    """The address of a plan's explorer with parameters; those without a value are left out."""
    return f"{plan.explorer_path}?{urlencode({name: v for name, v in parameters.items() if v}, safe='/')}"


@register.simple_tag
def cited_norm(instrument, norm):
    """A part of an instrument as it is cited: article 5, target 6.1, or its number alone."""
    cited = {"treaty": _("article %(n)s"), "goals": _("target %(n)s")}.get(instrument.kind, "%(n)s")
    return cited % {"n": norm.number}


TABLE_PARTS = re.compile(r"<(thead|tbody|tr|th|td)\b([^>]*)>")
TABLE_ROLES = {"thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}


@register.simple_block_tag
def table(content, classes, label=""):
    """A table that stays one to a screen reader where a small screen lays its rows out as blocks.

    Every part has its role written out, because browsers forget it of a table that is no longer displayed as one. A
    cell with a bare ``data-label`` gets the heading of its column, which stands before it on a small screen; one in
    which nothing stands is empty, so that its heading does not show there.
    """
    content = re.sub(r"(<td\b[^>]*>)\s+(?=</td>)", r"\1", content)
    head = content[: content.find("</thead>")].rpartition("<tr")[2]
    headings = [re.sub("<[^>]*>", "", cell).strip() for cell in re.findall(r"<th\b[^>]*>(.*?)</th>", head, re.DOTALL)]
    column = 0

    def with_role(part):
        nonlocal column
        name, attributes = part.groups()
        role = TABLE_ROLES.get(name) or ("columnheader" if 'scope="col' in attributes else "rowheader")
        if name == "tr":
            column = 0
        elif name in ("th", "td"):
            if re.search(r" data-label(?!=)", attributes):
                label = headings[column].replace('"', "&quot;")
                attributes = re.sub(r" data-label(?!=)", f' data-label="{label}"', attributes)
            column += 1
        return f'<{name} role="{role}"{attributes}>'

    start = format_html('<table role="table" class="{}"', classes)
    start += format_html(' aria-label="{}">', label) if label else mark_safe(">")
    return start + mark_safe(TABLE_PARTS.sub(with_role, content)) + mark_safe("</table>")  # noqa: S308 (a template's own)


@register.simple_tag
def kind_square(kind):
    """The square of a kind of commitment, for the eye alone."""
    return format_html('<span class="sq k-{}" aria-hidden="true">{}</span>', kind, labels.KIND_SIGNS[kind])


@register.simple_tag
def square(commitment):
    """One square of the mosaic: a link with a readable name and the sign of its kind."""
    c = commitment
    return _square(get_language(), c.code, c.title, c.path, Standing(c.status, c.group, c.missing), c.flags)


@lru_cache(maxsize=10_000)  # hundreds of squares stand on a page, and hardly one of them changes between two readers
def _square(_language, code, title, path, standing, flags):
    flagged = [flag for flag in flags if flag in ("kept_before_promise", "harm_found")]
    looked = " looked" if standing.missing not in ("", "nobody_looked") else ""
    return format_html(
        '<a class="sq g-{}{}{}" href="{}" aria-label="{} {}: {}{}">{}</a>',
        standing.group,
        looked,
        " flagged" if flagged else "",
        path,
        code,
        title,
        labels.status(standing),
        "".join(f", {labels.FLAGS[flag]}" for flag in flagged),
        labels.status_sign(standing) if standing.group != "not_known" else "",
    )


@register.simple_tag(takes_context=True)
def of_plan(context, record):
    """Whose plan a record is of, on a page where records of several plans can meet; nothing on that plan's own."""
    plans, here = context["snapshot"].plans, context.get("plan")
    if len(plans) < 2 or (here and here.code == record.plan):
        return ""
    return format_html('<span class="tag">{}</span>', plans[record.plan].short_title)


@register.simple_tag(takes_context=True)
def log_link(context, entry):
    """A link to an entry of the log, on the page of the log where it stands now."""
    page = (context["snapshot"].head - entry) // log.ON_A_PAGE + 1
    query = f"?page={page}" if page > 1 else ""
    return format_html('<a class="num" href="{}{}#log-{}">{}</a>', reverse("ledger"), query, entry, entry)


def _dates(context):
    query = context["request"].GET
    return "&".join(f"{name}={query[name]}" for name in ("on", "known") if query.get(name))


@register.simple_tag(takes_context=True)
def as_of_query(context):
    """The dates of a page as of a past day, for links to other pages as of the same day; nothing on today's pages."""
    dates = _dates(context)
    return format_html("?{}", dates) if dates else ""


@register.simple_tag(takes_context=True)
def as_of_more(context):
    """The same dates for an address that has parameters already."""
    dates = _dates(context)
    return format_html("&amp;{}", dates) if dates else ""


@register.simple_tag(takes_context=True)
def asked_but(context, *names):
    """The parameters of a page and their values, but for those named: what a form carries on unseen."""
    query = context["request"].GET
    return [(name, value) for name in query if name not in names for value in query.getlist(name) if value]


@register.simple_tag(takes_context=True)
def as_of_today(context):
    """The address of a page with all its parameters but the dates, and without the number of a page of rows."""
    query = urlencode(asked_but(context, "on", "known", "page"))
    return context["request"].path + (f"?{query}" if query else "")


@register.simple_tag
def site_url():
    """Where the public finds the site, without a slash at the end."""
    return settings.SITE_URL
