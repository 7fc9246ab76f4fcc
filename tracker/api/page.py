"""The page about the API, from the declarations that answer."""

from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.views.page import public, without_parameters

from .parameters import KNOWN, LARGEST_PAGE, ON, PAGE, PAGE_SIZE, fields_of
from .resources import RESOURCES
from .schema import FAILURES

# Requests to copy, as they stand on the page; a test runs them.
EXAMPLES = {
    "curl": 'curl "{few}"\n',
    "python": """\
import json
from urllib.request import urlopen

address, promises = "{all}", []
while address:
    with urlopen(address) as answer:
        page = json.load(answer)
    promises += page["results"]
    address = page["next"]
for promise in promises:
    print(promise["code"], promise["status"], promise["title"])
""",
    "pandas": """\
import json
from urllib.request import urlopen

import pandas as pd

with urlopen("{one}") as answer:
    promises = pd.DataFrame(json.load(answer)["results"])
promises["value"] = pd.to_numeric(promises["value"])
print(promises.groupby(["kind", "status"]).size())
""",
    "r": """\
library(jsonlite)

promises <- fromJSON("{one}")$results
promises$value <- as.numeric(promises$value)
print(table(promises$kind, promises$status))
""",
}


@public
@without_parameters
def api(request, snapshot):
    """What each address gives, what it may be asked, and requests to copy."""
    context = {"snapshot": snapshot, "examples": _examples(snapshot), "failures": _failures(), "rate": _rate()}
    context |= {"lists": [_list(each) for each in RESOURCES], "root": settings.SITE_URL + reverse("api-start")}
    common = (ON, KNOWN, fields_of(()), PAGE, PAGE_SIZE)
    return render(request, "tracker/api.html", context | {"common": [_parameter(each) for each in common]})


def _rate():
    most, period = settings.API_RATE.split("/")
    return _("%(most)s requests in one %(period)s") % {"most": most, "period": period}


def _examples(snapshot):
    """Each request with a plan and a right that are there."""
    asked = {}
    if plan := snapshot.default_plan or next(iter(snapshot.plans.values()), None):
        asked["plan"] = plan.code
        if first := next(iter(plan.by_category), None):
            asked["category"] = first
    address = settings.SITE_URL + reverse("api-commitments")
    few = {**asked, "fields": "code,title,status"}
    addresses = {"few": few, "all": asked, "one": {**asked, "page_size": LARGEST_PAGE}}
    made = {name: f"{address}?{urlencode(query, safe=',')}" for name, query in addresses.items()}
    labels = {"curl": _("curl"), "python": _("Python, nothing to install"), "pandas": _("Python with pandas")}
    labels["r"] = _("R with jsonlite")
    return [{"id": key, "label": labels[key], "text": text.format(**made)} for key, text in EXAMPLES.items()]


def _list(resource):
    path = settings.SITE_URL + reverse(f"api-{resource.name}")
    return {
        "name": resource.name,
        "about": resource.about,
        "address": path,
        "detail": path + "".join(f"{part.upper()}/" for part in resource.key),
        "filters": [_parameter(each) for each in resource.filters],
        "keys": resource.columns,
    }


def _parameter(parameter):
    """A parameter as a row of a table."""
    return {
        "name": parameter.name,
        "help": parameter.help,
        "several": parameter.several,
        "values": _values(parameter),
        "takes": _takes(parameter),
    }


def _values(parameter):
    """The values of a closed list, each with its words where they say more; nothing of the keys, which stand below."""
    listed = parameter.choices if parameter.name != "fields" else ()
    return [(value, "" if value.replace("_", " ") == str(words).lower() else words) for value, words in listed]


def _takes(parameter):
    if parameter.type == "date":
        return _("a day such as 2025-12-31")
    if parameter.type == "integer":
        least, most = parameter.bounds
        words = {"least": least, "most": most, "usual": parameter.usual}
        return _("a whole number from %(least)s to %(most)s, otherwise %(usual)s") % words
    if parameter.type == "number":
        return _("a number such as 0.5")
    if parameter.name == "fields":
        return _("keys of the row")
    return _("words") if parameter.name == "q" else _("a code")


def _failures():
    extra = {405: _("Something else than reading was asked for")}
    return sorted({**{status: words for status, (words, _sentence) in FAILURES.items()}, **extra}.items())
