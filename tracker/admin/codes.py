"""Codes and places that are suggested to whoever writes a record of the registry, and taken where theirs are blank."""

import re

from django.utils.text import slugify

from tracker import models
from tracker.text.numbering import as_letters, as_roman

LETTERS = 1000  # room for the promises of one paragraph in the order of the plan, as the loader has it


def free(model, code):
    """The code, or with the first number behind it that nothing has."""
    codes = set(model.everything.filter(code__startswith=code).values_list("code", flat=True))
    return code if code not in codes else next(c for n in range(2, len(codes) + 3) if (c := f"{code}-{n}") not in codes)


def slug(text, limit=60):
    """Words as a code: small letters, digits and single hyphens, cut between words."""
    code = re.sub(r"[^a-z0-9]+", "-", slugify(text)).strip("-")
    return code if len(code) <= limit else code[: limit + 1].rpartition("-")[0] or code[:limit]


def suggested_code(publisher, published, title):
    """A code of a source, made of publisher, year and title, that none has yet."""
    parts = (publisher.code[:40].strip("-"), str(published.year) if published else "", slug(title, 50))
    return free(models.Source, "-".join(filter(None, parts)))


def code_for(model, data):
    """A code for what a form says, ``data`` by field; blank where too little of it is said yet."""
    if model in CODES and all(data.get(name) for name in CODES[model][0]):
        return CODES[model][1](data)
    return ""


def _category(data):
    rows, parent = models.Category.everything.filter(plan=data["plan"]), data.get("parent")
    number = rows.filter(parent=parent).count() + 1
    for n in range(number, number + 40):
        code = f"{parent.code}.{n}" if parent else as_roman(n)
        if not rows.filter(code=code).exists():
            return code
    return ""


def _provision(data):
    rows, before = models.Provision.everything.filter(plan=data["plan"]), data["category"].code
    siblings = rows.filter(category=data["category"]).exclude(form="intro").count()
    number = 0 if data.get("form") == "intro" else siblings + 1
    while rows.filter(code=f"{before}.{number}").exists():
        number += 1
    return f"{before}.{number}"


def _commitment(data):
    provision = data["provision"]
    codes = set(models.Commitment.everything.filter(plan=data["plan"]).values_list("code", flat=True))
    return next(c for n in range(1, len(codes) + 2) if (c := f"{provision.code}{as_letters(n)}") not in codes)


# For each model what must be said before a code follows, and how it does.
CODES = {
    models.Plan: (("short_title",), lambda data: free(models.Plan, slug(data["short_title"]))),
    models.Body: (("name",), lambda data: free(models.Body, slug(data["name"]))),
    models.Metric: (("name",), lambda data: free(models.Metric, slug(data["name"]))),
    models.Source: (("publisher", "title"), lambda d: suggested_code(d["publisher"], d.get("published"), d["title"])),
    models.Category: (("plan",), _category),
    models.Provision: (("plan", "category"), _provision),
    models.Commitment: (("plan", "provision"), _commitment),
    models.Adherence: (("instrument",), lambda data: data["instrument"].code),
    models.Norm: (("instrument", "number"), lambda data: f"{data['instrument'].code}-{data['number']}"),
    models.NormLink: (("commitment", "norm"), lambda data: f"{data['commitment'].code}-{data['norm'].code}"),
    models.Recommendation: (
        ("symbol", "paragraph"),
        lambda data: free(models.Recommendation, models.recommendation_code(data["symbol"], data["paragraph"])),
    ),
    models.RecommendationLink: (
        ("commitment", "recommendation"),
        lambda data: f"{data['commitment'].code}-{data['recommendation'].code}",
    ),
}


def order_for(model, data):
    """The place behind the last of its like; of a promise, where its letter puts it within its paragraph."""
    plan = data.get("plan")
    if plan is None:
        return None
    code = data.get("code") or ""
    if model is models.Commitment and (provision := data.get("provision")) and code.startswith(provision.code):
        place = 0
        for letter in code.removeprefix(provision.code):
            place = place * 27 + max(0, min(26, ord(letter.lower()) - 96))
        return provision.order * LETTERS + min(place, LETTERS - 1)
    last = model.everything.filter(plan=plan).order_by("-order").values_list("order", flat=True).first() or 0
    return last + 1
