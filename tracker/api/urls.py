"""The addresses under ``/api/v1/``: a list and its details for each resource."""

from django.urls import path

from .resources import ENTRY, OF_PLAN, RESOURCES
from .views import Detail, List, OpenApi, Start


def _key(resource):
    """The part of a detail's address that names the row."""
    if resource.key == OF_PLAN:
        return "<code:plan>/<code:code>"
    return "<int:entry>" if resource.key == ENTRY else "<code:code>"


urlpatterns = [path("", Start.as_view(), name="api-start"), path("openapi.json", OpenApi.as_view(), name="api-openapi")]
for _each in RESOURCES:
    _list, _detail = List.as_view(resource=_each), Detail.as_view(resource=_each)
    urlpatterns.append(path(f"{_each.name}/", _list, name=f"api-{_each.name}"))
    urlpatterns.append(path(f"{_each.name}/{_key(_each)}/", _detail, name=f"api-{_each.name}-detail"))
