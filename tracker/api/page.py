"""The page about the API, from the declarations that answer."""

from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.filters.dates import ENTRY
from tracker.views.page import public

from .openapi import FAILURES
from .parameters import KNOWN, LARGEST_PAGE, ON, PAGE, PAGE_SIZE, Keys
from .resources import RESOURCES, SearchQuery

EXAMPLES = {  # requests to copy, as they stand on the page; a test runs them
    "curl": gettext_lazy("curl"),
    "python": gettext_lazy("Python, nothing to install"),
    "pandas": gettext_lazy("Python with pandas"),
    "r": gettext_lazy("R with jsonlite"),
}


@public(forgiving=True)
def api(request, snapshot):
    """What each address gives, what it may be asked, and requests to copy."""
    most, period = settings.API_RATE.split("/")
    failures = {status: words for status, (words, _sentence) in FAILURES.items()}
    common = {"on": ON, "known": KNOWN, "fields": Keys(()), "entry": ENTRY, "page": PAGE, "page_size": PAGE_SIZE}
    context = {
        "snapshot": snapshot,
        "examples": _examples(snapshot),
        "failures": sorted({**failures, 405: _("Something else than reading was asked for")}.items()),
        "rate": _("%(most)s requests in one %(period)s") % {"most": most, "period": period},
        "lists": [_list(each) for each in RESOURCES],
        "root": settings.SITE_URL + reverse("api-start"),
        "search": {
            "address": settings.SITE_URL + reverse("api-search"),
            "parameters": [_parameter(name, SearchQuery.base_fields[name]) for name in ("q", "kind")],
        },
        "common": [_parameter(*each) for each in common.items()],
    }
    return render(request, "tracker/api.html", context)


def _examples(snapshot):
    """Each request with a plan and a right that are there."""
    first_right = {}
    if plan := snapshot.default_plan:
        first_right["plan"] = plan.code
        if first := next(iter(plan.by_category), None):
            first_right["category"] = first
    address = settings.SITE_URL + reverse("api-commitments")
    few = {**first_right, "fields": "code,title,status"}
    addresses = {"few": few, "all": first_right, "one": {**first_right, "page_size": LARGEST_PAGE}}
    urls = {name: f"{address}?{urlencode(query, safe=',')}" for name, query in addresses.items()}
    texts = {name: render_to_string(f"tracker/api_examples/{name}.txt", urls) for name in EXAMPLES}
    return [{"id": name, "label": label, "text": texts[name]} for name, label in EXAMPLES.items()]


def _list(resource):
    path = settings.SITE_URL + reverse(f"api-{resource.name}")
    return {
        "name": resource.name,
        "about": resource.about,
        "address": path,
        "detail": path + "".join(f"{part.upper()}/" for part in resource.key),
        "filters": [_parameter(*each) for each in resource.filters.items()],
        "keys": resource.columns,
    }


def _parameter(name, parameter):
    """A parameter as a row of a table: the values of a closed list, each with its words where they say more."""
    values = [(v, "" if v.replace("_", " ") == str(words).lower() else words) for v, words in parameter.pairs]
    row = {"name": name, "help": parameter.label, "several": parameter.several, "values": values}
    return row | {"takes": _takes(name, parameter)}


def _takes(name, parameter):
    if parameter.type == "date":
        return _("a day such as 2025-12-31")
    if parameter.type == "integer":
        usual = _("the newest") if parameter.usual is None else parameter.usual
        words = {"least": parameter.min_value, "most": parameter.max_value, "usual": usual}
        return _("a whole number from %(least)s to %(most)s, otherwise %(usual)s") % words
    if parameter.type == "number":
        return _("a number such as 0.5")
    if name == "fields":
        return _("keys of the row")
    return _("words") if name == "q" else _("a code")
