"""Every public page for search engines, from the snapshot."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from . import queries


class _Pages(Sitemap):
    """Addresses under the site's own name, whatever name it was asked by."""

    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc

    def location(self, item):
        return item


class SharedPages(_Pages):
    """What plans share."""

    def items(self):
        snapshot = queries.snapshot()
        names = ("plan-list", "metric-list", "body-list", "method", "about")
        return [
            *map(reverse, names),
            *[reverse("metric-detail", args=[code]) for code in snapshot.metrics],
            *[reverse("body-detail", args=[code]) for code in snapshot.bodies],
        ]


class PlanPages(_Pages):
    """The contents of every plan."""

    def items(self):
        addresses = []
        for plan in queries.snapshot().plans.values():
            addresses += [plan.path, reverse("right-list", args=[plan.code]), plan.explorer_path]
            for records in (plan.categories, plan.provisions, plan.commitments):
                addresses += [record.path for record in records.values()]
        return addresses


SITEMAPS = {"shared": SharedPages, "plans": PlanPages}
