"""What public pages have in common: reading only, one snapshot, and a version that makes an unchanged page a 304."""

from functools import wraps

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker import queries
from tracker.release import release


def public(view):
    """A page that anyone may read. The view gets the snapshot behind the request; an unknown code is a 404."""

    @require_safe
    @wraps(view)
    def answer(request, **kwargs):
        snapshot = queries.snapshot()
        etag = f'W/"{snapshot.head}-{release()}-{get_language()}"'
        try:
            response = view(request, snapshot, **kwargs)
        except queries.NotInRegistry as error:
            raise Http404(str(error)) from error
        if response.status_code == 200 and not settings.DEBUG:
            response["ETag"] = etag
            patch_cache_control(response, public=True, no_cache=True)
            return get_conditional_response(request, etag=etag, response=response)
        return response

    return answer


def without_parameters(view):
    """Refuse an address with parameters that the page does not know, by name."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        for name in request.GET:
            raise BadRequest(_("This page takes no parameter “%(name)s”.") % {"name": name})
        return view(request, *args, **kwargs)

    return answer
