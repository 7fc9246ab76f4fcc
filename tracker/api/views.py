"""The addresses under ``/api/v1/``: read, ask the snapshot, answer in JSON with the version of the answer."""

from django.conf import settings
from django.urls import path, reverse
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.exports.about import LICENCE
from tracker.filters.dates import snapshot_of
from tracker.filters.parameters import Query
from tracker.filters.search import KINDS, SearchResult
from tracker.pages import search
from tracker.paging import paged
from tracker.standalone.assess import METHOD
from tracker.views.page import versioned

from . import openapi
from .answers import VersionMissed, beside
from .resources import OF_LOG, OF_PLAN, RESOURCES, SearchQuery

RELATIONS = {"next": "next", "previous": "prev"}  # to the pages beside one, in an answer and in its header Link


class Reading(APIView):
    """What all addresses have in common: reading only, and a version by which an unchanged answer is a 304."""

    http_method_names = ("get", "head", "options")
    resource = None
    query = Query  # what may be asked; nothing, where an address says nothing else

    def get(self, request, **key):
        """The newest answer, or a 304 for a reader who has it."""
        response = versioned(request, lambda snapshot: self.answer(request, snapshot, tuple(key.values())))
        if response.status_code == 412:
            raise VersionMissed
        return response

    def answer(self, request, snapshot, key):
        """What was asked for, with the state of the site that it is of; ``body`` gives it with headers of its own."""
        query = self.query(request.GET)
        snapshot = snapshot_of(query.values, snapshot)
        body, headers = self.body(request, snapshot, query, key)
        state = {"As-Of": snapshot.on, "Ledger-Entry": snapshot.known, "Ledger-Head": snapshot.head_hash}
        return Response(body, headers={**headers, **state, "Method-Version": METHOD})

    def options(self, *_args, **_key):
        """What may be done here stands in the headers."""
        return Response(status=204)


class List(Reading):
    """A list, a page at a time."""

    def body(self, request, snapshot, query, _key):
        page = paged(self.resource.select(snapshot, query), query.get("page"), query.get("page_size"))
        addresses = beside(page, query, snapshot, request)
        rows = self.resource.rows(snapshot, page["rows"], query.get("fields"))
        links = [f'<{addresses[name]}>; rel="{rel}"' for name, rel in RELATIONS.items() if addresses[name]]
        return {"count": page["total"], **addresses, "results": rows}, {"Link": ", ".join(links)} if links else {}


class Detail(Reading):
    """One row."""

    def body(self, _request, snapshot, query, key):
        """The row of the key. Raises ``NotInRegistry``."""
        return self.resource.cut(self.resource.find(snapshot, key), query.get("fields")), {}


class Start(Reading):
    """Where everything is."""

    def body(self, _request, snapshot, _query, _key):
        lists = {each.name: settings.SITE_URL + reverse(f"api-{each.name}") for each in RESOURCES}
        paths = {"documentation": reverse("api"), "openapi": reverse("api-openapi")}
        body = {name: settings.SITE_URL + path for name, path in paths.items()}
        state = {"as_of": str(snapshot.on), "ledger_entry": snapshot.known, "ledger_head": snapshot.head_hash}
        return {**body, "licence": LICENCE, "method": METHOD, **state, "lists": lists}, {}


class Search(Reading):
    """What has some words, of every kind, best match first; how many of each kind."""

    query = SearchQuery

    def body(self, request, snapshot, query, _key):
        """A page of the hits; none where no word is asked for."""
        result = SearchResult(snapshot, query.get("q") or "", query.get("kind") or "")
        page = paged(result.documents, query.get("page"), query.get("page_size"))
        addresses = beside(page, query, snapshot, request)
        kinds = {kind: result.counts[kind] for kind in KINDS if result.counts[kind]}
        rows = [search.row(search.hit(snapshot, result, each)) for each in page["rows"]]
        return {
            "count": page["total"],
            "kinds": kinds,
            "instead": result.instead or None,
            **addresses,
            "results": rows,
        }, {}


class OpenApi(Reading):
    """The description of all this for programs."""

    def body(self, _request, snapshot, _query, _key):
        return openapi.document(snapshot), {}


urlpatterns = [
    path("", Start.as_view(), name="api-start"),
    path("openapi.json", OpenApi.as_view(), name="api-openapi"),
    path("search/", Search.as_view(), name="api-search"),
]
for _each in RESOURCES:
    _key = {OF_PLAN: "<code:plan>/<code:code>", OF_LOG: "<int:entry>"}.get(_each.key, "<code:code>")
    _list = List.as_view(resource=_each, query=_each.list_query)
    _detail = Detail.as_view(resource=_each, query=_each.detail_query)
    urlpatterns.append(path(f"{_each.name}/", _list, name=f"api-{_each.name}"))
    urlpatterns.append(path(f"{_each.name}/{_key}/", _detail, name=f"api-{_each.name}-detail"))
