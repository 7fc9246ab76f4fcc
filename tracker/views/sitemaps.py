"""Every public page for search engines, from one snapshot.

But for the entries of the log: they would be two thirds of the map, and say again what stands on the pages of the
records that they speak of. Those who follow links find them from ``/ledger/``.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import get_resolver, reverse

LISTS = (
    *("plan-list", "metric-list", "body-list", "source-list"),
    *("ledger", "data", "method", "glossary", "about", "corrections", "api", "norm-list", "recommendation-list"),
)


class Pages(Sitemap):
    """Paths under the site's own name, whatever name it was asked by."""

    protocol = urlsplit(settings.SITE_URL).scheme

    def __init__(self, paths):
        self.items = lambda: paths

    def get_domain(self, site=None):
        """Host and port of the site, which no row of a database says."""
        del site
        return urlsplit(settings.SITE_URL).netloc

    def location(self, item):
        """Items are paths already."""
        return item


def _shared(snapshot):
    """Lists first, then each instrument, norm, recommendation, metric, body and source."""
    yield from map(reverse, LISTS)
    for records in (snapshot.instruments, snapshot.norms, snapshot.recommendations):
        yield from (record.path for record in records.values())
    for name, codes in (("metric", snapshot.metrics), ("body", snapshot.bodies), ("source", snapshot.sources)):
        yield from (reverse(f"{name}-detail", args=[code]) for code in codes)


def _of_plan(plan):
    """The pages that the site map has once for a plan, then its groups of people, rights, paragraphs and promises."""
    (patterns,) = [each for each in get_resolver().url_patterns if str(each.pattern) == "<code:plan>/"]
    for each in patterns.url_patterns:
        route = str(each.pattern)
        if "<" not in route and route[-1:] in ("", "/") and (plan.baseline or each.name != "baseline"):
            yield reverse(each.name, args=[plan.code])
    for code in sorted({code for c in plan.commitments.values() for code in c.groups}):
        yield reverse("people-detail", args=[plan.code, code])
    for records in (plan.categories, plan.provisions, plan.commitments, plan.baseline):
        yield from (record.path for record in records.values())


def sections(snapshot):
    """What the sitemap lists."""
    of_plans = [path for plan in snapshot.plans.values() for path in _of_plan(plan)]
    return {"shared": Pages([*_shared(snapshot)]), "plans": Pages(of_plans)}
