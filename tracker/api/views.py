"""The addresses of the API: read, ask the snapshot, answer in JSON with the version of the answer."""

from django.conf import settings
from django.urls import reverse
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.exports.about import LICENCE
from tracker.filters import dates
from tracker.standalone.assess import METHOD
from tracker.views.page import versioned

from . import schema
from .errors import VersionMissed
from .pagination import Page
from .parameters import read
from .resources import RESOURCES
from .serializers import Index, page_of


class Reading(APIView):
    """What all addresses have in common: reading only, and a version by which an unchanged answer is a 304."""

    http_method_names = ("get", "head", "options")
    resource = None
    parameters = ()

    def get(self, request, **key):
        """The newest answer, or a 304 for a reader who has it."""
        response = versioned(request, lambda snapshot: self.answer(request, snapshot, tuple(key.values())))
        if response.status_code == 412:
            raise VersionMissed
        return response

    def answer(self, request, snapshot, key):
        """What was asked for, with the state of the site that it is of."""
        asked = read(self.parameters, request.GET)
        snapshot = dates.snapshot_asked_for(request.GET, snapshot)
        body, headers = self.found(request, snapshot, asked, key)
        state = {"As-Of": snapshot.on, "Ledger-Entry": snapshot.known, "Ledger-Head": snapshot.head_hash}
        return Response(body, headers={**headers, **state, "Method-Version": METHOD})

    def options(self, request, **key):
        """What may be done here stands in the headers."""
        return Response(status=204)


class List(Reading):
    """A list, a page at a time."""

    @property
    def parameters(self):
        """What may be asked."""
        return self.resource.of_list

    @property
    def answers_with(self):
        """The serializer of the answer."""
        return page_of(self.resource.serializer)

    def found(self, request, snapshot, asked, key):
        """A page of the rows that were asked for, and its headers."""
        page = Page(self.resource.select(snapshot, asked, request.GET), asked, request)
        rows, links = self.resource.rows(snapshot, page.items, asked.get("fields")), page.links()
        return page.envelope(rows), {"Link": links} if links else {}


class Detail(Reading):
    """One row."""

    @property
    def parameters(self):
        """What may be asked."""
        return self.resource.of_detail

    @property
    def answers_with(self):
        """The serializer of the answer."""
        return self.resource.serializer

    def found(self, request, snapshot, asked, key):
        """The row of the key. Raises ``NotInRegistry``."""
        return self.resource.cut(self.resource.find(snapshot, key), asked.get("fields")), {}


class Start(Reading):
    """Where everything is."""

    answers_with = Index

    def found(self, request, snapshot, asked, key):
        """The address of each list, and from which state of the site they answer."""
        lists = {each.name: settings.SITE_URL + reverse(f"api-{each.name}") for each in RESOURCES}
        here = {"documentation": reverse("api"), "openapi": reverse("api-openapi")}
        body = {name: settings.SITE_URL + path for name, path in here.items()}
        state = {"as_of": str(snapshot.on), "ledger_entry": snapshot.known, "ledger_head": snapshot.head_hash}
        return {**body, "licence": LICENCE, "method": METHOD, **state, "lists": lists}, {}


class OpenApi(Reading):
    """The description of all this for programs."""

    schema = None

    def found(self, request, snapshot, asked, key):
        """The OpenAPI document."""
        return schema.document(snapshot), {}
