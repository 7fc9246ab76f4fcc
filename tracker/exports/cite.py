"""A promise and what became of it as a citation: BibTeX, CSL-JSON and RIS.

Each holds the verdict, the day, the log entry up to which the site had been read, and the address.
"""

import re
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tracker.explain.ruling import in_words, ruling_of
from tracker.records.registry import CommitmentRecord
from tracker.snapshot.plan import PlanView
from tracker.snapshot.snapshot import Snapshot
from tracker.wording import labels

from .answers import named

# What stands for each sign that TeX would take for its own.
TEX = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
TEX |= {sign: f"\\{sign}" for sign in "&%$#_"}
TYPES = {
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "json": "application/vnd.citationstyles.csl+json",
}


def facts(snapshot: Snapshot, plan: PlanView, code: str, days: str = "") -> dict[str, Any]:
    """What every form of the citation says; ``days`` is the query of a page as of a past day."""
    c: CommitmentRecord = plan.commitment(code)
    return {
        "key": re.sub(r"[^A-Za-z0-9]+", "-", f"{plan.code}-{code}-{snapshot.known}"),
        "site": _("Promise by promise"),
        "title": _("%(verdict)s: %(title)s (promise %(code)s of the %(plan)s)")
        % {"verdict": labels.verdict(c), "title": c.title, "code": c.code, "plan": plan.title},
        "day": snapshot.on,
        "entry": _("log entry %(n)s") % {"n": labels.number(snapshot.known)},
        "note": _("Verdict: %(verdict)s, as of %(day)s, log entry %(n)s.")
        % {
            "verdict": labels.verdict(c),
            "day": date_format(snapshot.on, "j F Y"),
            "n": labels.number(snapshot.known),
        },
        "ruling": in_words(ruling_of(snapshot, plan, code)),
        "url": settings.SITE_URL + c.path + (f"?{days}" if days else ""),
    }


def bibtex(words: dict[str, Any]) -> str:
    """An entry of a BibTeX file."""
    day = words["day"]
    fields = {"author": "{" + tex(words["site"]) + "}", "title": "{" + tex(words["title"]) + "}"}
    fields |= {"year": str(day.year), "month": str(day.month), "day": str(day.day), "date": str(day)}
    fields |= {"howpublished": rf"\url{{{words['url']}}}", "url": words["url"], "version": tex(words["entry"])}
    fields |= {"note": tex(words["note"]), "abstract": tex(words["ruling"])}
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{words['key']},\n{lines}\n}}\n"


def tex(text: str) -> str:
    """A text in which TeX finds no sign of its own."""
    return "".join(TEX.get(sign, sign) for sign in text)


def csl(words: dict[str, Any]) -> list[dict[str, Any]]:
    """An item of CSL-JSON, in a list as programs expect it."""
    parts = [[words["day"].year, words["day"].month, words["day"].day]]
    return [
        {
            "id": words["key"],
            "type": "webpage",
            "title": words["title"],
            "container-title": words["site"],
            "author": [{"literal": words["site"]}],
            "issued": {"date-parts": parts},
            "version": words["entry"],
            "note": words["note"],
            "abstract": words["ruling"],
            "URL": words["url"],
            "language": get_language(),
        }
    ]


def ris(words: dict[str, Any]) -> str:
    """A record of a RIS file."""
    tags = [("TY", "ELEC"), ("ID", words["key"]), ("AU", words["site"]), ("TI", words["title"])]
    tags += [("PY", str(words["day"].year)), ("DA", f"{words['day']:%Y/%m/%d}"), ("PB", words["site"])]
    tags += [("ET", words["entry"]), ("N1", words["note"]), ("AB", words["ruling"]), ("UR", words["url"]), ("ER", "")]
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in tags)


def answer(snapshot: Snapshot, plan: PlanView, code: str, form: str, days: str) -> HttpResponse:
    """A citation as a file: ``bib``, ``json`` or ``ris``."""
    words = facts(snapshot, plan, code, days)
    headers = named(f"{words['key']}.{form}")
    if form == "json":
        characters = {"ensure_ascii": False}
        return JsonResponse(
            csl(words), safe=False, content_type=TYPES[form], headers=headers, json_dumps_params=characters
        )
    return HttpResponse({"bib": bibtex, "ris": ris}[form](words), content_type=TYPES[form], headers=headers)
