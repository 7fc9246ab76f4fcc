"""What those who run the site measure: requests and their time, and what waits, in the format of Prometheus.

Without ``PROMETHEUS_TOKEN`` nothing is counted. Each worker counts in files below ``VAR``, which are added up when they
are read; nothing in them says who asked.
"""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from tracker.models import Assessment, Job, JobState, LedgerEntry, ReaderReport, State, Update

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # by which the library knows that there are several processes
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)

_requests = Counter("tracker_requests", "Requests answered, by page and status.", ["page", "status"])
_seconds = Histogram(
    "tracker_request_seconds", "Seconds until a request was answered, by page.", ["page"], buckets=BUCKETS
)
_kept = Counter("tracker_kept_pages", "Pages that could be kept, by whether they were.", ["kept"])
snapshots = Histogram(
    "tracker_snapshot_seconds", "Seconds until what is public was read, or moved on.", buckets=BUCKETS
)


def measured(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Count a request and the seconds that it took, by the name of its page and never by its address."""

    def middleware(request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        page = match.view_name if match and match.view_name else "kept"  # given out before an address was looked up
        _requests.labels(page, response.status_code).inc()
        if hasattr(request, "kept"):  # the page cache was asked
            _kept.labels("no" if request.kept is None else "yes").inc()
        _seconds.labels(page).observe(time.perf_counter() - begun)
        return response

    return middleware


class Waiting(Collector):
    """What the database holds at the moment: the length of the log, and what waits for somebody."""

    def __init__(self, due: int) -> None:
        self.due = due

    def collect(self) -> Iterator[Any]:
        """Each as one number."""
        rows = {State.DRAFT: 0, State.SUBMITTED: 0, State.RETURNED: 0}
        for model in (Update, Assessment):
            for state in rows:
                rows[state] += model.objects.filter(state=state).count()
        waiting = GaugeMetricFamily(
            "tracker_rows_waiting", "Updates and findings that are not public.", labels=["state"]
        )
        for state, n in rows.items():
            waiting.add_metric([str(state.value)], n)
        yield waiting
        yield GaugeMetricFamily("tracker_log_entries", "Entries of the log.", value=LedgerEntry.objects.head())
        due = "Figures and stages that should have appeared, and are not on record."
        yield GaugeMetricFamily("tracker_figures_due", due, value=self.due)
        jobs = Job.objects.filter(state__in=(JobState.WAITING, JobState.RUNNING)).count()
        yield GaugeMetricFamily("tracker_jobs_waiting", "Long work that is not done yet.", value=jobs)
        reports = ReaderReport.objects.waiting().count()
        yield GaugeMetricFamily("tracker_reports_waiting", "Reports of readers that nobody decided.", value=reports)


def measures(due: int) -> bytes:
    """All of it, of every process, with how many figures are due, as Prometheus reads it."""
    registry = CollectorRegistry()
    if FOLDER in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        for each in (_requests, _seconds, _kept, snapshots):
            registry.register(each)
    registry.register(Waiting(due))
    return generate_latest(registry)
