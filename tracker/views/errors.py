"""The pages for what went wrong: each says what, and where to go on. Programs that asked for JSON get JSON."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def _answer(request, status, sentence, template):
    if request.path.endswith((".json", ".csv")):
        return JsonResponse({"error": sentence}, status=status)
    return render(request, template, {"sentence": sentence}, status=status)


def bad_request(request, exception):
    return _answer(request, 400, _sentence(exception, _("The request cannot be understood.")), "400.html")


def permission_denied(request, exception):
    return _answer(request, 403, _("This page is for staff with another role."), "403.html")


def not_found(request, exception):
    return _answer(request, 404, _sentence(exception, _("There is no page at this address.")), "404.html")


def server_error(request):
    """Rendered without a context, so that nothing that just failed is asked again."""
    return HttpResponse(render_to_string("500.html"), status=500)


def _sentence(exception, otherwise):
    """The exception's own words where they were written for people; Django's internal ones are not."""
    words = exception.args[0] if exception.args else ""
    return words if isinstance(words, str) and words.endswith((".", "?", "!")) else otherwise
