"""What a page says of itself to those who show a link to it or read it by program."""

import html
import json
import re
from urllib.parse import parse_qsl, urlencode

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from tracker.explain import titles
from tracker.explain.ruling import in_words, ruling_of
from tracker.serving.middleware import staff_paths
from tracker.wording import labels

from .tracker import in_language_of

register = template.Library()
register.filter("counted", titles.counted)
register.simple_tag(titles.in_short, name="in_short")
register.simple_tag(titles.title_of_set, name="title_of_set")

PARTS = {
    "title": re.compile(r"<title>(.*?)</title>", re.DOTALL),
    "description": re.compile(r'<meta name="description"\s+content="(.*?)">', re.DOTALL),
    "url": re.compile(r'<link rel="canonical" href="(.*?)">', re.DOTALL),
}
CAN_BE_EMBEDDED = ("commitment-detail", "right-detail", "commitment-list")
# What would end a script element or begin a comment in it, as JSON may write it.
IN_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.tag
def said_of_itself(parser, _token):
    """What stands between this and its end, and the same again for those who show a link to the page."""
    nodelist = parser.parse(("endsaid_of_itself",))
    parser.delete_first_token()
    return SaidOfItself(nodelist)


class SaidOfItself(template.Node):
    """A tag of its own, and no simple one: blocks of a page are looked for in its list of nodes."""

    def __init__(self, nodelist):
        self.nodelist = nodelist

    def render(self, context):
        """The lines of the head."""
        return _said_of_itself(context, self.nodelist.render(context))


def _said_of_itself(context, content):
    """A page's title, description and address, and behind them the same for those who show a link to it.

    That is Open Graph and Twitter's cards, with a picture; and for what can be embedded, where oEmbed tells how.
    """
    request = context.get("request")
    if request is None or request.path.startswith(staff_paths()):
        return content
    words = {name: " ".join(html.unescape(part.search(content)[1]).split()) for name, part in PARTS.items()}
    snapshot = context.get("snapshot")
    days = titles.days_of(request.GET) if snapshot else ()  # a page of a refusal cannot always be asked
    if days and "?" not in words["url"]:
        words["url"] += f"?{urlencode(days)}"
    words["title"] = words["title"].removesuffix(" · " + _("Promise by promise"))
    properties = {"og:site_name": _("Promise by promise"), "og:type": "website", "og:locale": "en_GB"}
    properties |= {f"og:{name}": value for name, value in words.items()}
    names = {"twitter:card": "summary_large_image", "twitter:title": words["title"]}
    names["twitter:description"] = words["description"]
    if snapshot:
        image = settings.SITE_URL + _card(context, snapshot, days)
        properties |= {"og:image": image, "og:image:type": "image/png", "og:image:width": 1200, "og:image:height": 630}
        properties["og:image:alt"] = names["twitter:image:alt"] = words["title"]
        names["twitter:image"] = image
    lines = [content.strip()]
    lines += [f'<meta property="{name}" content="{escape(value)}">' for name, value in properties.items()]
    lines += [f'<meta name="{name}" content="{escape(value)}">' for name, value in names.items()]
    match = request.resolver_match
    if match and match.url_name in CAN_BE_EMBEDDED and snapshot:
        query = urlencode({"url": settings.SITE_URL + request.get_full_path(), "format": "json"})
        address = f"{settings.SITE_URL}{reverse('oembed')}?{query}"
        link = '<link rel="alternate" type="application/json+oembed" href="{}" title="{}">'
        lines.append(format_html(link, address, words["title"]))
    return mark_safe("\n    ".join(lines))  # noqa: S308  (a template's own, and what was escaped above)


def _card(context, snapshot, days):
    plan = context.get("plan")
    promise, category = context.get("commitment"), context.get("category")
    if not category and plan and (provision := context.get("provision")):
        category = plan.categories.get(provision.category)
    return titles.card_path(snapshot, plan, commitment=promise, category=category, days=days)


@register.simple_tag
def json_ld(document):
    """A document for programs within a page: data, which no browser runs. Nothing for none."""
    if not document:
        return ""
    text = json.dumps(document, ensure_ascii=False).translate(IN_SCRIPT)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308  (no < is in it)


def marked(text, plan, *quoted):
    """A text of ours with what it quotes of a plan marked as of the plan's language."""
    html_of = escape(text)
    for each in quoted:
        html_of = html_of.replace(escape(each), conditional_escape(in_language_of(each, plan)))
    return mark_safe(html_of)  # noqa: S308  (escaped above)


@register.simple_tag(takes_context=True)
def taken_along(context):
    """What a page of a promise, a right or a list gives along: a sentence, a link, and the code of an embed."""
    snapshot, plan, request = context["snapshot"], context["plan"], context["request"]
    commitment, category, filters = (context.get(name) for name in ("commitment", "category", "filters"))
    days, of_plan = titles.days_of(request.GET), in_language_of(plan.title, plan)
    if commitment:
        kind, code, path, title = "commitment", commitment.code, commitment.path, titles.headline(commitment)
        words = in_words(ruling_of(snapshot, plan, code))
        sentence = format_html("{}. {}", title, marked(words, plan, plan.title, commitment.quote))
    elif category:
        kind, code, path, counted = (
            "right",
            category.code,
            category.path,
            titles.counted(plan.by_category[category.code]),
        )
        title = f"{plan.short_title}, {code}: {counted}"
        sentence = format_html("{}, {}, {}: {}.", of_plan, code, in_language_of(category.title, plan), counted)
    else:
        kind, code, path, title = "list", None, filters.path, titles.title_of_set(filters)
        sentence = format_html("{}, {}: {}.", of_plan, title, titles.counted(filters.selected()))
        days = parse_qsl(filters.query())
    state = {"day": labels.day_in_words(snapshot.on), "entry": labels.number(snapshot.known)}
    address = settings.SITE_URL + path + (f"?{urlencode(days)}" if days else "")
    embed = titles.embed_path(kind, plan, code, query=days)
    return {
        "sentence": format_html("{} {}", sentence, _("As of %(day)s, log entry %(entry)s.") % state),
        "address": address,
        "embed": embed,
        "card": _card(context, snapshot, titles.days_of(request.GET)),
        "code": titles.embed_code(embed, title, height=titles.HEIGHTS[kind]),
    }
