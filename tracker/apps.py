"""The one application of the project."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrackerConfig(AppConfig):
    """Plans, the promises in them, and what became of each."""

    name = "tracker"
    verbose_name = _("Commitment tracker")
