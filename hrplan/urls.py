"""The site map: what plans share first, then each plan's contents under its code."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from tracker.admin import carrying, finding, publishing
from tracker.api.page import api
from tracker.corrections import views as corrections
from tracker.desk import jobs, messages, paragraphs, preparations, reports, spreadsheets, texts
from tracker.desk import views as desk
from tracker.desk.figures import count_due
from tracker.filters.baseline import BaselineFilter
from tracker.filters.commitments import CommitmentFilter
from tracker.people import account, sign_in
from tracker.standalone.verify import WIDTH, address_of_tile
from tracker.views import along, dashboards, data, errors, health, ledger, public, sets


class CodeConverter(StringConverter):
    """Codes of plans, rights, paragraphs, promises, metrics and bodies: letters, digits, inner dots and hyphens."""

    regex = r"[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*"


class HashConverter(StringConverter):
    """A SHA-256 in small letters and digits."""

    regex = r"[0-9a-f]{64}"


class TileConverter(StringConverter):
    """A tile of the log's tree, as C2SP tlog-tiles names it: level, or ``entries`` for the leaves; number; width."""

    regex = r"(?:entries|[0-9]|[1-5][0-9]|6[0-3])/(?:x[0-9]{3}/){0,4}[0-9]{3}(?:\.p/[1-9][0-9]{0,2})?"

    def to_python(self, value):
        whole, _dot, width = value.partition(".p/")
        level, *parts = whole.split("/")
        tile = level, int("".join(part.lstrip("x") for part in parts)), int(width or WIDTH)
        if tile[2] > WIDTH or address_of_tile(*tile) != f"tile/{value}":
            raise ValueError(value)  # another spelling of an address is no address
        return tile

    def to_url(self, value):
        return address_of_tile(*value).removeprefix("tile/")


register_converter(CodeConverter, "code")
register_converter(TileConverter, "tile")
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
    path("commitments/<code:code>/annotation.jsonld", data.annotation, name="annotation"),
    path("commitments/<code:code>/cite.bib", data.citation, {"form": "bib"}, name="cite-bib"),
    path("commitments/<code:code>/cite.json", data.citation, {"form": "json"}, name="cite-json"),
    path("commitments/<code:code>/cite.ris", data.citation, {"form": "ris"}, name="cite-ris"),
    path("annotations.jsonld", data.annotations, name="annotations"),
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
    path("catalog.jsonld", data.catalogue, name="data-catalogue"),
    path("dataset.jsonld", data.linked_data, name="data-jsonld"),
    path("<code:table>.csv", data.table_csv, name="data-csv"),
    path("<code:table>.csv-metadata.json", data.table_metadata, name="data-csv-metadata"),
    path("<code:table>.json", data.table_json, name="data-json"),
]

# What other sites show: pictures for links, and what they may frame.
card_patterns = [
    path("site.png", along.card_of_site, name="card-site"),
    path("<code:plan>/plan.png", along.card_of_plan, name="card-plan"),
    path("<code:plan>/rights/<code:code>.png", along.card_of_right, name="card-right"),
    path("<code:plan>/commitments/<code:code>.png", along.card_of_commitment, name="card-commitment"),
]
embed_patterns = [
    path("rights/<code:code>/", along.embed_right, name="embed-right"),
    path("commitments/", along.embed_list, name="embed-list"),
    path("commitments/<code:code>/", along.embed_commitment, name="embed-commitment"),
]

desk_patterns = [
    path("", desk.desk, name="desk"),
    path("review/", desk.rows_list, {"way": "review"}, name="desk-review"),
    path("review/publish/", publishing.publish_view, name="desk-publish"),
    path("mine/drafts/hand-in/", publishing.hand_in_view, name="desk-hand-in"),
    path("mine/returned/", desk.rows_list, {"way": "returned"}, name="desk-returned"),
    path("mine/drafts/", desk.rows_list, {"way": "drafts"}, name="desk-drafts"),
    path("mine/handed-in/", desk.rows_list, {"way": "handed-in"}, name="desk-handed-in"),
    path("rows/", desk.rows_list, {"way": "all"}, name="desk-all"),
    path("promises/", desk.todo, name="desk-todo"),
    path("promises/due/", desk.todo, {"what": "due"}, name="desk-due"),
    path("promises/<code:plan>/", desk.promises, name="desk-promises"),
    path("assignments/", desk.assignments, name="desk-assignments"),
    path("preparations/", preparations.preparations, name="desk-preparations"),
    path("preparations/<int:pk>/", preparations.preparation, name="desk-preparation"),
    path("preparations/<int:pk>/spreadsheet/", spreadsheets.spreadsheet, name="desk-spreadsheet"),
    path("preparations/<int:pk>/spreadsheet/step/", spreadsheets.step, name="desk-spreadsheet-step"),
    path("spreadsheets/", spreadsheets.spreadsheets, name="desk-spreadsheets"),
    path("spreadsheets/<slug:which>.xlsx", spreadsheets.start_file, name="desk-spreadsheet-start"),
    path("spreadsheets/plans/<int:pk>.<slug:ending>", spreadsheets.plan_file, name="desk-plan-file"),
    path("spreadsheets/plans/<int:pk>/make/", spreadsheets.make_files, name="desk-plan-files"),
    path("preparations/<int:pk>/open/", preparations.open_it, name="desk-preparation-open"),
    path("preparations/<int:pk>/discard/", preparations.discard, name="desk-preparation-discard"),
    path("preparations/<int:pk>/remove/<slug:kind>/<int:row>/", preparations.remove, name="desk-preparation-remove"),
    path("preparations/<int:pk>/text/", texts.text_page, name="desk-text"),
    path("preparations/<int:pk>/text/make/", texts.make, name="desk-text-make"),
    path("preparations/<int:pk>/text/lines/", texts.lines, name="desk-text-lines"),
    path("preparations/<int:pk>/text/<code:code>/", paragraphs.paragraph, name="desk-text-paragraph"),
    path("messages/", messages.message_list, name="desk-messages"),
    path("reports/", reports.report_list, name="desk-reports"),
    path("reports/<int:pk>/", reports.report_detail, name="desk-report"),
    path("reports/<int:pk>/file/", reports.report_file, name="desk-report-file"),
    path("calendar/", desk.calendar, name="desk-calendar"),
    path("calendar/<slug:token>.ics", desk.calendar_file, name="desk-calendar-file"),
]

corrections_patterns = [
    path("", corrections.corrections, name="corrections"),
    path("report/promise/<code:plan>/<code:code>/", corrections.report_commitment, name="report-commitment"),
    path("report/finding/<int:entry>/", corrections.report_finding, name="report-finding"),
    path("report/source/<code:code>/", corrections.report_source, name="report-source"),
    path("outcome/<slug:token>/", corrections.report_outcome, name="report-outcome"),
]

urlpatterns = [
    path("", public.home, name="home"),
    path("plans/", public.plan_list, name="plan-list"),
    path("metrics/", public.metric_list, name="metric-list"),
    path("metrics/<code:code>/", public.metric_detail, name="metric-detail"),
    path("metrics/<code:code>/chart.vl.json", public.metric_chart, name="metric-chart"),
    path("metrics/<code:code>/series.csv", data.metric_csv, name="metric-csv"),
    path("norms/", public.norm_list, name="norm-list"),
    path("norms/<code:code>/", public.instrument_detail, name="instrument-detail"),
    path("norms/<code:instrument>/<code:number>/", public.norm_detail, name="norm-detail"),
    path("recommendations/", public.recommendation_list, name="recommendation-list"),
    path("recommendations/<code:code>/", public.recommendation_detail, name="recommendation-detail"),
    path("sources/", public.source_list, name="source-list"),
    path("sources/<code:code>/", public.source_detail, name="source-detail"),
    path("files/<hash:file_hash>/", public.evidence_file, name="evidence-file"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/<int:seq>/", ledger.entry, name="ledger-entry"),
    path("ledger/entry-<int:seq>.tlog-proof", ledger.proof, name="ledger-proof"),
    path("ledger/checkpoint", ledger.checkpoint, name="ledger-checkpoint"),
    path("ledger/consistency-<int:old>.txt", ledger.consistency, name="ledger-consistency"),
    path("ledger/tile/<tile:tile>", ledger.tile, name="ledger-tile"),
    path("ledger.jsonl", data.ledger_file, name="ledger-file"),
    path("verify.py", public.verifier, name="verifier"),
    path("bodies/", public.body_list, name="body-list"),
    path("bodies/<code:code>/", public.body_detail, name="body-detail"),
    path("feeds/changes.atom", data.feed, name="feed"),
    path("feeds/corrections.atom", corrections.corrections_feed, name="corrections-feed"),
    path("feeds/<code:plan>/changes.atom", data.feed_of_plan, name="feed-plan"),
    path("feeds/<code:plan>/commitments/<code:code>.atom", data.feed_of_commitment, name="feed-commitment"),
    path("data/", include(data_patterns)),
    path("cards/", include(card_patterns)),
    path("embed/<code:plan>/", include(embed_patterns)),
    path("oembed", along.oembed, name="oembed"),
    path("method/", public.method, name="method"),
    path("glossary/", public.glossary, name="glossary"),
    path("about/", public.about, name="about"),
    path("search/", public.search, name="search"),
    path("search/opensearch.xml", public.opensearch, name="opensearch"),
    path("corrections/", include(corrections_patterns)),
    path("corrections.csv", corrections.corrections_csv, name="corrections-csv"),
    path("corrections.csv-metadata.json", corrections.corrections_csv_metadata, name="corrections-csv-metadata"),
    path("corrections.json", corrections.corrections_json, name="corrections-json"),
    path(".well-known/security.txt", public.security, name="security"),
    path("api/", api, name="api"),
    path("api/v1/", include("tracker.api.views")),
    path("healthz", health.healthz, name="healthz"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("prometheus", health.prometheus, {"count_due": count_due}, name="prometheus"),
    path("robots.txt", public.robots, name="robots"),
    path("favicon.ico", public.favicon, name="favicon"),
    path("sitemap.xml", public.sitemap, name="sitemap"),
    path("admin/find/", finding.find_view, name="find"),
    path("admin/unsaved/", carrying.keep_view, name="unsaved"),
    path("admin/unsaved/<int:pk>/", carrying.show_view, name="unsaved-form"),
    path("admin/unsaved/<int:pk>/discard/", carrying.discard_view, name="unsaved-discard"),
    path("desk/", include(desk_patterns)),
    path("desk/account/", account.account, name="account"),
    path("desk/account/factor/", account.factor, name="factor-setup"),
    path("desk/forgotten/", sign_in.forgotten, name="forgotten"),
    path("desk/link/<slug:token>/", sign_in.link, name="staff-link"),
    # Before the admin's own of the same address, which its pages and decorators lead to.
    path("admin/login/", sign_in.SignIn.as_view(), name="sign-in"),
    path("admin/login/code/", sign_in.code, name="sign-in-code"),
    path("admin/logout/", LogoutView.as_view(template_name="people/signed_out.html"), name="sign-out"),
    path("admin/password_change/", account.account, name="own-password"),
    path("desk/jobs/<int:pk>/", jobs.job, name="desk-job"),
    path("desk/jobs/<int:pk>/stop/", jobs.stop, name="desk-job-stop"),
    path("desk/jobs/<int:pk>/again/", jobs.again, name="desk-job-again"),
    path("admin/", admin.site.urls),
    path("<code:plan>/", include(plan_patterns)),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error
