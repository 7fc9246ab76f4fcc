"""Every public page for search engines, from one snapshot."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse


class _Pages(Sitemap):
    """Addresses under the site's own name, whatever name it was asked by."""

    protocol = urlsplit(settings.SITE_URL).scheme

    def __init__(self, snapshot):
        self.snapshot = snapshot

    def get_domain(self, site=None):
        """Host and port of the site."""
        return urlsplit(settings.SITE_URL).netloc

    def location(self, item):
        """Items are paths already."""
        return item


class SharedPages(_Pages):
    """What plans share."""

    def items(self):
        """Lists first, then each instrument, norm, metric, body and source."""
        names = ("plan-list", "metric-list", "body-list", "source-list", "ledger", "data", "method", "about", "api")
        return [
            *map(reverse, names),
            reverse("norm-list"),
            *[record.path for record in (*self.snapshot.instruments.values(), *self.snapshot.norms.values())],
            *[reverse("metric-detail", args=[code]) for code in self.snapshot.metrics],
            *[reverse("body-detail", args=[code]) for code in self.snapshot.bodies],
            *[reverse("source-detail", args=[code]) for code in self.snapshot.sources],
        ]


DASHBOARDS = ("disagreements", "gaps", "changes", "compare", "coverage", "people-list")


class PlanPages(_Pages):
    """The contents of every plan."""

    def items(self):
        """Each plan's own pages, then its rights, paragraphs and promises."""
        addresses = []
        for plan in self.snapshot.plans.values():
            addresses += [plan.path, reverse("right-list", args=[plan.code]), plan.explorer_path]
            addresses += [reverse(name, args=[plan.code]) for name in DASHBOARDS]
            meant = {code for c in plan.commitments.values() for code in c.groups}
            addresses += [reverse("people-detail", args=[plan.code, code]) for code in sorted(meant)]
            addresses.append(reverse("report", args=[plan.code]))
            addresses += [plan.baseline_path] if plan.baseline else []
            for records in (plan.categories, plan.provisions, plan.commitments, plan.baseline):
                addresses += [record.path for record in records.values()]
        return addresses


def sections(snapshot):
    """What the sitemap lists."""
    return {"shared": SharedPages(snapshot), "plans": PlanPages(snapshot)}
