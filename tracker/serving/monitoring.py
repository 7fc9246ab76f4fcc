"""What those who run the site measure: requests and their time, and what waits, in the format of Prometheus; failures.

Without ``PROMETHEUS_TOKEN`` nothing is counted. Each worker counts in files below ``VAR``, which are added up when they
are read; nothing in them says who asked. Without ``SENTRY_DSN`` no failure leaves the machine; with it, what leaves is
where in our code something failed and the number of the request, under which the server's own log has the rest.
"""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from tracker.models import Assessment, Job, JobState, LedgerEntry, ReaderReport, State, Update
from tracker.serving.middleware import number_of_request
from tracker.serving.release import release

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # by which the library knows that there are several processes
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)

# Of a failure and of each call that led to it, what leaves: no words, which may be anybody's, and no values.
OF_A_FAILURE = ("event_id", "timestamp", "platform", "level", "logger", "transaction", "release", "environment", "sdk")
OF_A_CALL = ("filename", "function", "module", "lineno", "pre_context", "context_line", "post_context", "in_app")

_requests = Counter("tracker_requests", "Requests answered, by page and status.", ["page", "status"])
_seconds = Histogram(
    "tracker_request_seconds", "Seconds until a request was answered, by page.", ["page"], buckets=BUCKETS
)
_kept_pages = Counter("tracker_kept_pages", "Pages that could be kept, by whether they were.", ["kept"])
snapshots = Histogram(
    "tracker_snapshot_seconds", "Seconds until what is public was read, or moved on.", buckets=BUCKETS
)


def measured(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Count a request and the seconds that it took, by the name of its page and never by its address."""

    def middleware(request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        from_cache = getattr(request, "kept_page", None) is not None  # given out before an address was looked up
        page = match.view_name if match and match.view_name else "kept" if from_cache else "other"
        _requests.labels(page, response.status_code).inc()
        if hasattr(request, "kept_page"):  # the page cache was asked
            _kept_pages.labels("no" if request.kept_page is None else "yes").inc()
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
        for each in (_requests, _seconds, _kept_pages, snapshots):
            registry.register(each)
    registry.register(Waiting(due))
    return generate_latest(registry)


def report_failures(**more: Any) -> None:
    """Send what fails from now on to where ``SENTRY_DSN`` says."""
    import sentry_sdk
    from sentry_sdk.integrations.atexit import AtexitIntegration
    from sentry_sdk.integrations.dedupe import DedupeIntegration
    from sentry_sdk.integrations.django import DjangoIntegration
    from sentry_sdk.integrations.excepthook import ExcepthookIntegration
    from sentry_sdk.integrations.logging import LoggingIntegration
    from sentry_sdk.integrations.threading import ThreadingIntegration

    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        release=release(),
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            *(
                DjangoIntegration(middleware_spans=False, signals_spans=False),
                LoggingIntegration(),
                DedupeIntegration(),
            ),
            *(ExcepthookIntegration(), ThreadingIntegration(), AtexitIntegration(callback=lambda *_waiting: None)),
        ],
        before_send=_without_people,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        **more,
    )


def _without_people(event: Any, _hint: Any) -> Any:
    """A failure as it may leave: the kind of each exception and the lines of code, and the number of the request."""
    kinds = [
        {
            "type": each.get("type"),
            "module": each.get("module"),
            "stacktrace": {
                "frames": [
                    {name: frame[name] for name in OF_A_CALL if name in frame}
                    for frame in (each.get("stacktrace") or {}).get("frames", ())
                ]
            },
        }
        for each in event.get("exception", {}).get("values", ())
    ]
    report = {name: event[name] for name in OF_A_FAILURE if name in event}
    if kinds:
        report["exception"] = {"values": kinds}
    if message := event.get("logentry", {}).get("message"):
        report["logentry"] = {"message": message}  # as the code has it, without what was put into it
    return report | {"tags": {"request": number_of_request()}}
