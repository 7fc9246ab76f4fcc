"""What goes along to other sites: cards for links, embeds that they may frame, and oEmbed, by which they find those."""

from csp.decorators import csp
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from tracker.charts import cards
from tracker.exports.answers import READ_ANYWHERE
from tracker.filters.commitments import THEMES, EmbeddedFilter
from tracker.filters.dates import DatedQuery
from tracker.filters.parameters import OneOf, Words
from tracker.pages import embeds

from .page import answered, public, shown
from .sets import filters_of

# Any site may frame an embed; it has no script, no form, and fetches nothing but its stylesheet.
FRAMED = {
    "default-src": ["'none'"],
    "style-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["*"],
}


class EmbedQuery(DatedQuery):
    """An embed as of a day, light or dark whatever the reader's own preference."""

    theme = OneOf(THEMES, usual="")


class CardQuery(DatedQuery):
    """A card as of a day. ``v`` chooses nothing: it changes with the site's state, so that no old picture is shown."""

    v = Words()


def framed(view):
    """A page that any site may frame."""
    return xframe_options_exempt(csp(FRAMED)(view))


embed_commitment = framed(shown("embed_commitment", embeds.commitment, EmbedQuery))
embed_right = framed(shown("embed_right", embeds.right, EmbedQuery))


@framed
@public(None, days=("on", "known"))
def embed_list(request, newest, plan):
    """The first promises of a filtered set."""
    filters = filters_of(request, newest, plan, EmbeddedFilter, paged=False)
    return render(request, "tracker/embed_list.html", embeds.listed(filters))


def _card_of(make):
    def card(snapshot, *, v="", **names):
        del v
        return HttpResponse(cards.png(snapshot, make, *names.values()), content_type="image/png")

    return answered(card, CardQuery)


card_of_site, card_of_plan, card_of_right, card_of_commitment = map(
    _card_of, (cards.site, cards.plan, cards.right, cards.commitment)
)


@public(None)
def oembed(request, newest):
    """How to show a page of this site within another, by the standard of https://oembed.com."""
    if request.GET.get("format", "json") != "json":
        sentence = _("Only format=json is answered here.")
        return JsonResponse({"error": sentence}, status=501, headers=READ_ANYWHERE)
    return JsonResponse(embeds.oembed(newest, request.GET), headers=READ_ANYWHERE)
