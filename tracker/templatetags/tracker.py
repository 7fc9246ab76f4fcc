"""Words, figures and what stands often in templates."""

import re
from functools import lru_cache, partial
from operator import getitem
from urllib.parse import urlencode, urlsplit

from django import template
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.urls import reverse
from django.utils.encoding import uri_to_iri
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from tracker.ledger import log
from tracker.serving.release import release
from tracker.snapshot.timeline import Standing
from tracker.standalone.assess import GROUPS
from tracker.wording import labels, meanings

register = template.Library()
register.filter("number", labels.number)
register.filter("target", labels.target)
register.filter("target_from", labels.target_from)
register.filter("unit_of", labels.unit_of)
register.filter("named", labels.named)
register.filter("status", labels.status)
register.filter("status_sign", labels.status_sign)
register.filter("verdict", labels.verdict)
register.filter("bounded", labels.bounded)
register.filter("readable", uri_to_iri)
register.filter("dated_in_words", labels.dated_in_words)
register.filter("dated", lambda day, precision: labels.dated_in_words(day, precision, "M"))
register.filter("period", lambda update: labels.period(update, "M"))
# The sign of a group of statuses, of what a side says, and of a kind of commitment.
register.filter("group_sign", partial(getitem, labels.GROUP_SIGNS))
register.filter("says_sign", partial(getitem, labels.SAYS_SIGNS))
register.filter("sign", partial(getitem, labels.KIND_SIGNS))
register.simple_tag(release, name="current_release")
register.simple_tag(labels.percent, name="percent_of")
register.simple_tag(labels.measured)
# Where the public finds the site, without a slash at the end.
register.simple_tag(lambda: settings.SITE_URL, name="site_url")
# The value of a key that a template variable names; a date in words by the locale, and as tables have it.
register.filter("get", lambda mapping, key: mapping.get(key))
register.filter("day", lambda value: labels.day_in_words(value) if value else "")
register.filter("short_day", lambda value: labels.day_in_words(value, "j M Y") if value else "")
register.filter("label", labels.words_for)  # {{ c.kind|label:"kind" }}
register.filter("meaning", meanings.meaning_of)


@register.inclusion_tag("tracker/_glossary.html")
def glossary(name, codes=""):
    """The words of a list of results, all or those named, each with what it means and an example."""
    results, signs = meanings.RESULTS[name], {}
    if name in ("group", "status"):
        signs = labels.GROUP_SIGNS | {code: labels.GROUP_SIGNS[group] for code, group in GROUPS.items()}
        signs |= labels.DIRECTION_SIGNS
    listed = [(code, labels.LABELS[name][code], *results[code]) for code in codes.split() or results]
    return {
        "name": name,
        "words": [
            {"code": code, "label": words, "meaning": meaning, "example": example, "sign": signs.get(code)}
            for code, words, meaning, example in listed
        ],
    }


@register.inclusion_tag("tracker/_words.html")
def words_of(commitments):
    """The words for what became of some promises, each once and with its meaning, and the way to all words."""
    stored = {("missing", c.missing) if c.missing else ("status", c.status): labels.status_sign(c) for c in commitments}
    order = [*((name, code) for name in ("status", "missing") for code in labels.LABELS[name])]
    return {
        "words": [
            (stored[each], labels.LABELS[each[0]][each[1]], meanings.meaning_of(each[1], each[0]))
            for each in order
            if each in stored
        ]
    }


@register.inclusion_tag("tracker/_words.html")
def words_in(name, counts=None):
    """The words of a list of results, or those that are counted, each with its meaning, and the way to all words."""
    signs = {"group": labels.GROUP_SIGNS, "says": labels.SAYS_SIGNS}.get(name, {})
    codes = labels.LABELS[name] if counts is None else [count.value for count in counts if count.n]
    return {"words": [(signs.get(code), labels.LABELS[name][code], meanings.meaning_of(code, name)) for code in codes]}


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


@register.simple_tag
def pieces(pieces, published=None):
    """A text in pieces, those that a search looked for marked; in the language of whom it is published by."""
    text = "".join([f"<mark>{escape(piece)}</mark>" if marked else escape(piece) for piece, marked in pieces])
    return in_language_of(mark_safe(text), published)  # noqa: S308  (escaped above)


@register.filter
def sentences(text, most):
    """The first sentences of a text, as many as stay within so many words, and always a whole one."""
    first = []
    for sentence in re.split(r"(?<=[.!?”])\s+(?=[A-Z“])", text):
        if first and len(" ".join([*first, sentence]).split()) > most:
            break
        first.append(sentence)
    return " ".join(first)


@register.filter
def host(address):
    """The name of the site that an address leads to, as a word for the link."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


@register.filter
def language_name(code):
    """The name of a language; its code where Django knows no name. Chinese it knows by its scripts only."""
    if code.lower() == "zh":
        return _("Chinese")
    try:
        return get_language_info(code.lower())["name_translated"]
    except KeyError:
        return code


@register.filter
def published(plan):
    """When a plan came out, no more exactly than is known."""
    return labels.dated_in_words(plan.published_on, plan.published_precision)


@register.filter
def came_out(plan):
    """When a plan came out, with the preposition that the date needs: on 3 February 2026, in February 2026."""
    when = {"when": published(plan)}
    return _("on %(when)s") % when if plan.published_precision == "day" else _("in %(when)s") % when


@register.filter
def years(plan):
    """The years of a plan's period: 2021–2025."""
    return f"{plan.starts_on.year}–{plan.ends_on.year}"


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
def result_bar(counts):
    """Counts of groups as one bar, for the eye alone: each as long as its share of the whole, in its colour."""
    parts = [(each, f"{start:g}", f"{width:g}") for each, start, width in labels.bar({c.value: c.n for c in counts})]
    rects = format_html_join("", '<rect class="g-{}" x="{}" width="{}" height="1"/>', parts)
    return format_html(
        '<svg class="result-bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">{}</svg>', rects
    )


@register.simple_tag
def result_words(counts):
    """The same in words, of what there is: “12 kept, 3 in part, 34 not known, of 49”."""
    parts = labels.groups_in_words({count.value: count.n for count in counts})
    return _("%(parts)s, of %(of)s") % {"parts": parts, "of": labels.number(counts[0].of)} if parts else _("no promise")


@register.simple_tag
def facet_choices(facet):
    """The choices of a facet, each as a box to tick with what it would give; one that would give nothing is pale."""
    language, parts = get_language(), [format_html('<legend class="vh">{}</legend>', facet.label)]
    numbers = {count: labels.number(count) for count in {choice.count for choice in facet.choices}}  # few differ
    for choice in facet.choices:
        before, named, after = _facet_choice(language, facet.name, choice.value, choice.label, choice.depth)
        zero, ticked = "" if choice.count else " zero", " checked" if choice.chosen else ""
        parts.append(f"{before}{zero}{named}{ticked}{after}{numbers[choice.count]}</span></label>")
    return mark_safe("\n".join(parts))  # noqa: S308  (numbers, and what was escaped)


@lru_cache(maxsize=10_000)  # hundreds of choices stand on a page, and only what each would give differs between two
def _facet_choice(_language, name, value, label, depth):
    parts = (
        '<label class="d{depth}',
        '"><input type="checkbox" id="{name}-{value}" name="{name}" value="{value}"',
        '> <span>{label}</span> <span class="num">',
    )
    return [format_html(part, name=name, value=value, label=label, depth=depth) for part in parts]


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
    flagged = [flag for flag in labels.SQUARE_MARKS if flag in flags]
    looked = " looked" if standing.missing not in ("", "nobody_looked") else ""
    return format_html(
        '<a class="sq g-{}{}{}" href="{}" aria-label="{} {}: {}{}">{}</a>',
        standing.group,
        looked,
        "".join(f" {flag}" for flag in flagged),
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


@register.filter
def sent(request, name):
    """What an address gives for a parameter; blank where it gives nothing, or cannot be read at all."""
    try:
        return request.GET.get(name, "")
    except (AttributeError, SuspiciousOperation):  # a page of a refusal
        return ""


@register.simple_tag(takes_context=True)
def as_of_query(context, before="?"):
    """The dates of a page as of a past day, for links to other pages as of the same day; nothing on today's pages."""
    query = context["request"].GET
    dates = "&".join(f"{name}={query[name]}" for name in ("on", "known") if query.get(name))
    return format_html("{}{}", before, dates) if dates else ""


@register.simple_tag(takes_context=True)
def as_of_more(context):
    """The same dates for an address that has parameters already."""
    return as_of_query(context, before="&")


@register.simple_tag(takes_context=True)
def parameters_but(context, *names):
    """The parameters of a page and their values, but for those named: what a form carries on unseen."""
    query = context["request"].GET
    return [(name, value) for name in query if name not in names for value in query.getlist(name) if value]


@register.simple_tag(takes_context=True)
def as_of_today(context):
    """The address of a page with all its parameters but the dates, and without the number of a page of rows."""
    query = urlencode(parameters_but(context, "on", "known", "page"))
    return context["request"].path + (f"?{query}" if query else "")
