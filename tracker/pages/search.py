"""What a search of everything public found: hits with their words marked, of which kinds, and where else to look."""

from collections import Counter
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import search as words
from tracker.filters.search import KINDS, LONGEST_QUESTION, ROWS_ON_A_PAGE, SearchResult, documents_of, in_full
from tracker.paging import paged
from tracker.snapshot.snapshot import once_for_a_snapshot

ONE_OF = {  # a kind as it stands beside a hit
    "commitments": gettext_lazy("Promise"),
    "assessments": gettext_lazy("Finding"),
    "updates": gettext_lazy("Update"),
    "categories": gettext_lazy("Right"),
    "provisions": gettext_lazy("Paragraph"),
    "metrics": gettext_lazy("Metric"),
    "baseline": gettext_lazy("Before the plan"),
    "instruments": gettext_lazy("Treaty or goals"),
    "norms": gettext_lazy("Article or target"),
    "recommendations": gettext_lazy("UN recommendation"),
    "bodies": gettext_lazy("Body"),
    "sources": gettext_lazy("Source"),
    "plans": gettext_lazy("Plan"),
}
SHARED = {"metrics": "metric-detail", "bodies": "body-detail", "sources": "source-detail"}  # the names of their pages
EXCERPTED = {  # fields of which a hit may show a part, beside its title
    "commitments": ("quote", "test", "other_reading"),
    "metrics": ("definition", "statistic", "scope", "problems"),
    "baseline": ("quote", "note", "scope"),
    "provisions": ("heading",),
    "bodies": ("why",),
    "recommendations": ("text",),
}


def search(snapshot, q, kind, page, days=()):
    """What has the words, best match first; before anything is asked, what can be result."""
    context = {"question": q, "kind": kind, "longest": LONGEST_QUESTION, "of": len(documents_of(snapshot).all)}
    if not q:
        return context | {"can_be_found": counts_of(snapshot)}
    result = SearchResult(snapshot, q, kind)
    parameters = {"q": q, **({"kind": kind} if kind else {})}
    page = paged(result.documents, page, ROWS_ON_A_PAGE, lambda n: address(parameters | {"page": n}, days))
    number = page["number"]
    return context | {
        **page,
        "hits": [hit(snapshot, result, each) for each in page["rows"]],
        "every": sum(result.counts.values()),
        "kinds": [
            {"kind": name, "label": label, "n": result.counts[name], "path": address({"q": q, "kind": name}, days)}
            for name, label in KINDS.items()
            if result.counts[name] or name == kind
        ],
        "all_kinds": address({"q": q}, days),
        "instead": result.instead,
        "instead_path": address({"q": result.instead}, days),
        "apart": [{"q": q, "n": n, "path": address({"q": q}, days)} for q, n in result.apart],
        "explorers": explorers(snapshot, result, days),
        "canonical": address(parameters | ({"page": number} if number > 1 else {}), days),
    }


def address(parameters, days):
    """The address of a search, its day kept."""
    return f"{reverse('search')}?{urlencode({**parameters, **dict(days)})}"


@once_for_a_snapshot
def counts_of(snapshot):
    """How many there are of each kind that can be result."""
    counts = Counter(each.kind for each in documents_of(snapshot).all)
    return [{"label": label, "n": counts[name]} for name, label in KINDS.items() if counts[name]]


def explorers(snapshot, result, days):
    """Of each plan that has promises with the words how many, and where they can be filtered and taken away."""
    counts = Counter(each.record.plan for each in result.every if each.kind == "commitments")
    query = urlencode({"q": result.question, **dict(days)})
    plans = ((snapshot.plans[code], n) for code, n in counts.items())
    return [{"plan": plan, "n": n, "path": f"{plan.explorer_path}?{query}"} for plan, n in plans]


def hit(snapshot, result, document):
    """Something found as a page and the API show it: pieces of its title and of a text, each with whether it is marked.

    ``titled`` and ``excerpted`` are that whose language they have, where it is not this site's.
    """
    kind, record, about = document = in_full(snapshot, document)
    plan = snapshot.plans.get(getattr(about or record, "plan", ""), record if kind == "plans" else None)
    texts = _texts(snapshot, plan, document)
    number, excerpt = words.excerpt([text for text, _published in texts], result.terms)
    if not excerpt and about and texts:
        excerpt = words.excerpt([record.summary], ())[1]
    return {
        "kind": kind,
        "one_of": ONE_OF[kind],
        "record": record,
        "about": about,
        "plan": plan,
        "plan_named": plan if len(snapshot.plans) > 1 and kind != "plans" else None,
        "path": _path(document),
        "title": words.marked(_title(snapshot, document), result.terms),
        "titled": {"categories": plan, "plans": plan, "sources": record}.get(kind),
        "excerpt": excerpt,
        "excerpted": texts[number][1] if excerpt and texts else None,
        "origin": snapshot.bodies.get(getattr(record, "origin", "") or getattr(record, "publisher", "")),
    }


def row(hit):
    """A hit as the API gives it."""
    record = hit["record"]
    return {
        "kind": hit["kind"],
        "plan": hit["plan"].code if hit["plan"] else None,
        "code": getattr(record, "code", None),
        "entry": getattr(record, "entry", None),
        "title": "".join(piece for piece, _marked in hit["title"]),
        "excerpt": "".join(piece for piece, _marked in hit["excerpt"]) or None,
        "url": settings.SITE_URL + hit["path"],
    }


def _path(document):
    kind, record, about = document
    if kind in SHARED:
        return reverse(SHARED[kind], args=[record.code])
    if about:
        page = getattr(about, "path", "") or reverse("metric-detail", args=[about.code])
        return f"{page}#entry-{record.entry}"
    return record.path


def _title(snapshot, document):
    kind, record, about = document
    if about:
        title = getattr(about, "title", "") or about.name
        if origin := snapshot.bodies.get(record.origin):
            return _("%(body)s on: %(title)s") % {"body": origin.name, "title": title}
        return title
    if kind == "recommendations":
        return record.cited
    if kind == "norms":
        return f"{record.instrument} {record.number}: {record.title}"
    return getattr(record, "title", "") or record.name


def _texts(snapshot, plan, document):
    """Texts of which a part may be shown, each with what it is a quotation of."""
    kind, record, about = document
    if about:
        return [(text, None) for text in words.texts_of_statement(record, record.evidence)]
    quoted = {"commitments": plan, "baseline": snapshot.sources.get(getattr(record, "source", ""))}.get(kind)
    fields = EXCERPTED.get(kind, ())
    texts = [(getattr(record, name), quoted if name in ("quote", "heading") else None) for name in fields]
    if kind == "provisions":
        texts = [(text, plan) for text in snapshot.passages(plan.code, [record.code]).values()] + texts
    if kind == "commitments":
        texts += [(snapshot.metrics[record.metric].name, None)] if record.metric else []
        texts += [(plan.provisions[record.provision].title, None)]
        texts += [(each.title, plan) for each in reversed(plan.trail(record.category))]
    return texts
