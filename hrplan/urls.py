"""The site map: what plans share first, then each plan's contents under its code."""

from django.contrib import admin
from django.urls import include, path, register_converter

from tracker.admin import desk
from tracker.api.page import api
from tracker.filters.baseline import BaselineFilter
from tracker.filters.commitments import CommitmentFilter
from tracker.views import dashboards, data, errors, public, sets


class CodeConverter:
    """Codes of plans, rights, paragraphs, promises, metrics and bodies: letters, digits, inner dots and hyphens."""

    regex = r"[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class HashConverter(CodeConverter):
    """A SHA-256 in small letters and digits."""

    regex = r"[0-9a-f]{64}"


register_converter(CodeConverter, "code")
register_converter(HashConverter, "hash")

COMMITMENTS, BASELINE = {"filterset": CommitmentFilter}, {"filterset": BaselineFilter}
plan_patterns = [
    path("", public.plan_detail, name="plan-detail"),
    path("rights/", public.right_list, name="right-list"),
    path("rights/<code:code>/", public.right_detail, name="right-detail"),
    path("provisions/<code:code>/", public.provision_detail, name="provision-detail"),
    path("commitments/", sets.commitment_list, name="commitment-list"),
    path("commitments.csv", sets.csv, COMMITMENTS, name="commitment-csv"),
    path("commitments.csv-metadata.json", sets.csv_metadata, COMMITMENTS, name="commitment-csv-metadata"),
    path("commitments.xlsx", sets.xlsx, COMMITMENTS, name="commitment-xlsx"),
    path("commitments.json", sets.json, COMMITMENTS, name="commitment-json"),
    path("commitments/<code:code>/", public.commitment_detail, name="commitment-detail"),
    path("commitments/<code:code>/chart.vl.json", public.commitment_chart, name="commitment-chart"),
    path("baseline/", sets.baseline, name="baseline"),
    path("baseline.csv", sets.csv, BASELINE, name="baseline-csv"),
    path("baseline.csv-metadata.json", sets.csv_metadata, BASELINE, name="baseline-csv-metadata"),
    path("baseline.xlsx", sets.xlsx, BASELINE, name="baseline-xlsx"),
    path("baseline.json", sets.json, BASELINE, name="baseline-json"),
    path("baseline/<code:code>/", public.baseline_detail, name="baseline-detail"),
    path("disagreements/", dashboards.disagreements, name="disagreements"),
    path("gaps/", dashboards.gaps, name="gaps"),
    path("changes/", dashboards.changes, name="changes"),
    path("compare/", dashboards.compare, name="compare"),
    path("coverage/", dashboards.coverage, name="coverage"),
    path("people/", dashboards.people_list, name="people-list"),
    path("people/<code:code>/", dashboards.people_detail, name="people-detail"),
    path("report/", dashboards.report, name="report"),
]

data_patterns = [
    path("", data.index, name="data"),
    path("everything.zip", data.archive, name="data-zip"),
    path("datapackage.json", data.data_package, name="data-package"),
    path("dataset.jsonld", data.linked_data, name="data-jsonld"),
    path("<code:table>.csv", data.table_csv, name="data-csv"),
    path("<code:table>.csv-metadata.json", data.table_metadata, name="data-csv-metadata"),
    path("<code:table>.json", data.table_json, name="data-json"),
]

urlpatterns = [
    path("", public.home, name="home"),
    path("plans/", public.plan_list, name="plan-list"),
    path("metrics/", public.metric_list, name="metric-list"),
    path("metrics/<code:code>/", public.metric_detail, name="metric-detail"),
    path("norms/", public.norm_list, name="norm-list"),
    path("norms/<code:code>/", public.instrument_detail, name="instrument-detail"),
    path("norms/<code:instrument>/<code:number>/", public.norm_detail, name="norm-detail"),
    path("sources/", public.source_list, name="source-list"),
    path("sources/<code:code>/", public.source_detail, name="source-detail"),
    path("files/<hash:file_hash>/", public.evidence_file, name="evidence-file"),
    path("ledger/", public.ledger, name="ledger"),
    path("ledger.jsonl", public.ledger_file, name="ledger-file"),
    path("verify.py", public.verifier, name="verifier"),
    path("bodies/", public.body_list, name="body-list"),
    path("bodies/<code:code>/", public.body_detail, name="body-detail"),
    path("feeds/changes.atom", data.feed, name="feed"),
    path("feeds/<code:plan>/changes.atom", data.feed_of_plan, name="feed-plan"),
    path("feeds/<code:plan>/commitments/<code:code>.atom", data.feed_of_commitment, name="feed-commitment"),
    path("data/", include(data_patterns)),
    path("method/", public.method, name="method"),
    path("about/", public.about, name="about"),
    path("api/", api, name="api"),
    path("api/v1/", include("tracker.api.views")),
    path("healthz", public.healthz, name="healthz"),
    path("robots.txt", public.robots, name="robots"),
    path("favicon.ico", public.favicon, name="favicon"),
    path("sitemap.xml", public.sitemap, name="sitemap"),
    path("desk/", desk.desk, name="desk"),
    path("admin/", admin.site.urls),
    path("<code:plan>/", include(plan_patterns)),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error
