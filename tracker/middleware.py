"""What happens to every request before a view sees it."""

from django.http import HttpResponseRedirect

# Parameters that other sites append to links. They say nothing to this site, and an address without them is shared.
TRACKING_PREFIXES = ("utm_", "mc_", "pk_", "mtm_")
TRACKING_NAMES = frozenset(
    ("fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "igshid", "ttclid", "_ga", "_gl")
)


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
            return HttpResponseRedirect("/" + request.path.lstrip("/") + rest)
        return get_response(request)

    return middleware
