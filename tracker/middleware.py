"""What happens to every request before a view sees it."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpResponseRedirect
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _

# Parameters that other sites append to links. They say nothing to this site, and an address without them is shared.
TRACKING_PREFIXES = ("utm_", "mc_", "pk_", "mtm_")
TRACKING_NAMES = frozenset(
    ("fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "igshid", "ttclid", "_ga", "_gl")
)

API = "/api/v1/"


def is_tracking(name):
    """Whether a parameter is one that other sites append."""
    return name in TRACKING_NAMES or name.startswith(TRACKING_PREFIXES)


def without_tracking_parameters(get_response):
    """Redirect a page asked for with tracking parameters to its address without them."""

    def middleware(request):
        if request.method in ("GET", "HEAD") and any(map(is_tracking, request.GET)):
            query = request.GET.copy()
            for name in filter(is_tracking, list(query)):
                del query[name]
            rest = f"?{query.urlencode()}" if query else ""
            # From the root: a path such as //host would otherwise lead to another site.
            return HttpResponseRedirect("/" + escape_uri_path(request.path.lstrip("/")) + rest)
        return get_response(request)

    return middleware


def without_null_characters(get_response):
    """Refuse an address or a form field with a null character: no text has one, and PostgreSQL stores none."""

    def middleware(request):
        fields = [request.GET]
        if request.method == "POST":
            fields.append(request.POST)
        if "\0" in request.path or any(
            "\0" in text for each in fields for name, values in each.lists() for text in (name, *values)
        ):
            raise BadRequest(_("The address or a field has a null character in it; take it out and try again."))
        return get_response(request)

    return middleware


def readable_from_anywhere(get_response):
    """Let pages of other sites read the API: its answers, and its failures and redirects too."""

    def middleware(request):
        response = get_response(request)
        if request.path.startswith(API):
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = (
                "ETag, Link, Retry-After, As-Of, Ledger-Entry, Ledger-Head, Method-Version"
            )
            if request.method == "OPTIONS":
                response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
                response["Access-Control-Allow-Headers"] = "If-None-Match"
                response["Access-Control-Max-Age"] = "86400"
        return response

    return middleware


def client_address(request):
    """Where a request comes from: behind our proxy the last address that it noted, since a visitor can write others."""
    if settings.TRUST_PROXY:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip()
        if forwarded:
            return forwarded
    return request.META.get("REMOTE_ADDR")
