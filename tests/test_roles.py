"""Who may open what on the staff pages: every role at every address."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from tracker.models import LedgerEntry, Update
from tracker.models.roles import ADMINISTRATOR, ANALYST, EDITOR, REVIEWER, role_of

from .examples import NIGHTLY
from .factories import StaffFactory

pytestmark = pytest.mark.django_db

REGISTRY = ("plan", "category", "provision", "beneficiarygroup", "metric", "commitment", "body")
STAFF = ("nobody", "analyst", "editor", "reviewer", "administrator", "superuser")
EVERYONE = set(STAFF) - {"nobody"}
CHIEFS = {"administrator", "superuser"}
# What common sense expects, said apart from tracker/models/roles.py: who adds and who changes each kind of record.
ADDS = dict.fromkeys(REGISTRY, {"editor", "reviewer"} | CHIEFS)  # what is added is in preparation
CHANGES = dict.fromkeys(REGISTRY, CHIEFS) | dict.fromkeys(("metric", "body", "commitment"), ADDS["metric"])
# Whose every form is opened and sent by each role: of each kind of permission one by day, and the longest form.
OPENED = REGISTRY if NIGHTLY else ("plan", "commitment", "body")


@pytest.fixture
def cast(vellmark, admin_user):
    """One account for each role; ``nobody`` is staff without one."""
    people = {name: StaffFactory(username=name, role=name) for name in (ANALYST, EDITOR, REVIEWER, ADMINISTRATOR)}
    return people | {"nobody": StaffFactory(username="nobody"), "superuser": admin_user}


def first(model):
    """A record of a model."""
    return apps.get_model("auth" if model in ("user", "group") else "tracker", model).objects.order_by("pk").first()


def addresses(model, app="tracker"):
    """The five addresses of a model's records."""
    start = f"/admin/{app}/{model}/"
    pk = first(model).pk
    return {
        "list": start,
        "add": f"{start}add/",
        "change": f"{start}{pk}/change/",
        "delete": f"{start}{pk}/delete/",
        "history": f"{start}{pk}/history/",
    }


@pytest.mark.parametrize("model", [*REGISTRY, "ledgerentry"])
def test_a_stranger_is_led_to_the_sign_in_from_every_address(client, vellmark, model):
    for address in addresses(model).values():
        for response in (client.get(address), client.post(address, {"post": "yes"})):
            assert response.status_code == 302
            assert response.headers["Location"] == f"/admin/login/?next={address}"


@pytest.mark.slow
@pytest.mark.parametrize("name", STAFF)
def test_the_registry_opens_by_role(cast, signed_in, name):
    client, sees = signed_in(cast[name]), 200 if name in EVERYONE else 403
    for model in OPENED:
        adds = 200 if name in ADDS[model] else 403
        expected = {"list": sees, "add": adds, "change": sees, "delete": 403, "history": sees}
        codes = {what: client.get(address).status_code for what, address in addresses(model).items()}
        assert (model, codes) == (model, expected)


@pytest.mark.slow
@pytest.mark.parametrize("name", STAFF)
def test_a_form_can_be_sent_only_by_those_who_may_change(cast, signed_in, name):
    client, before = signed_in(cast[name]), LedgerEntry.objects.count()
    for model in OPENED:
        record = first(model)
        stored = type(record).objects.filter(pk=record.pk).values().get()
        # An empty form is refused by its fields (200) where the role allows it, by the role (403) where it does not.
        codes = {what: client.post(address, {}).status_code for what, address in addresses(model).items()}
        may_add, may_change = name in ADDS[model], name in CHANGES[model]
        assert (model, codes["add"], codes["change"]) == (model, 200 if may_add else 403, 200 if may_change else 403)
        assert codes["delete"] == 403
        assert type(record).objects.filter(pk=record.pk).values().get() == stored
    assert LedgerEntry.objects.count() == before


@pytest.mark.parametrize("model", [*REGISTRY, "ledgerentry"])
def test_nothing_is_deleted_by_page_or_by_bulk_action(vellmark, signed_in, admin_user, model):
    client = signed_in(admin_user)
    assert admin_user.is_superuser
    record = first(model)
    everything = record._meta.model.objects.count()
    page = client.get(f"/admin/tracker/{model}/").content.decode()
    assert "delete_selected" not in page
    assert "deletelink" not in client.get(addresses(model)["change"]).content.decode()
    assert client.get(f"/admin/tracker/{model}/{record.pk}/delete/").status_code == 403
    assert client.post(f"/admin/tracker/{model}/{record.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(
        f"/admin/tracker/{model}/",
        {"action": "delete_selected", "_selected_action": record.pk, "post": "yes", "index": "0"},
    )
    assert record._meta.model.objects.count() == everything


def test_the_log_is_to_read_even_for_a_superuser(vellmark, adam, admin_user, signed_in):
    entry = first("ledgerentry")
    stored = list(LedgerEntry.objects.values())
    for client in (signed_in(adam), signed_in(admin_user)):
        assert client.post("/admin/tracker/ledgerentry/add/", {"action": "forged"}).status_code == 403
        assert client.post(addresses("ledgerentry")["change"], {"summary": "forged"}).status_code == 403
        assert 'name="_save"' not in client.get(f"/admin/tracker/ledgerentry/{entry.pk}/change/").content.decode()
    assert list(LedgerEntry.objects.values()) == stored


@pytest.mark.parametrize("name", STAFF)
def test_everybody_with_a_role_reads_the_log_and_nobody_writes_it(cast, signed_in, name):
    client, may = signed_in(cast[name]), 200 if name in EVERYONE else 403
    expected = {"list": may, "add": 403, "change": may, "delete": 403, "history": may}
    assert {what: client.get(url).status_code for what, url in addresses("ledgerentry").items()} == expected


@pytest.mark.parametrize("name", STAFF)
def test_accounts_are_for_administrators_and_roles_are_to_read(cast, signed_in, name):
    client, may = signed_in(cast[name]), 200 if name in CHIEFS else 403
    someone = cast["analyst"].pk
    expected = {
        "": may,
        "add/": may,
        f"{someone}/change/": may,
        "locks/": may,
        f"{someone}/history/": may,
    }
    expected |= {f"{someone}/delete/": 403}
    assert {path: client.get(f"/admin/auth/user/{path}").status_code for path in expected} == expected
    expected = {"list": may, "add": 403, "change": may, "delete": 403, "history": may}
    assert {what: client.get(url).status_code for what, url in addresses("group", "auth").items()} == expected
    assert client.post(addresses("group", "auth")["change"], {"name": "owners"}).status_code == 403
    assert not Group.objects.filter(name="owners").exists()


@pytest.mark.parametrize("name", STAFF)
def test_the_first_page_shows_only_what_the_role_may_open(cast, signed_in, name):
    response = signed_in(cast[name]).get("/admin/")
    assert response.status_code == 200
    page = response.content.decode()
    offered = [each for app in response.context["available_apps"] for each in app["models"]]
    may = {each["model"]._meta.model_name: each["perms"] for each in offered}
    for model in REGISTRY if name in EVERYONE else ():
        adds, changes = name in ADDS[model], name in CHANGES[model]
        assert (model, may[model]) == (model, {"add": adds, "change": changes, "delete": False, "view": True})
    for model in REGISTRY:
        assert (f'href="/admin/tracker/{model}/"' in page) is (name in EVERYONE)
        assert (f'href="/admin/tracker/{model}/add/"' in page) is (name in ADDS[model])
    assert ('href="/admin/auth/user/"' in page) is (name in CHIEFS)
    assert "/admin/tracker/seedrow/" not in page


@pytest.mark.parametrize("name", STAFF)
def test_who_may_only_look_gets_no_button_to_save(cast, signed_in, name):
    if name not in EVERYONE:
        return
    page = signed_in(cast[name]).get(addresses("commitment")["change"]).content.decode()
    assert ('name="_save"' in page) is (name in CHANGES["commitment"])


def test_an_editor_drafts_the_amendment_of_a_metric_and_nothing_is_public_yet(vellmark, edith, signed_in):
    metric = apps.get_model("tracker", "metric").objects.get(code="real-wages")
    before = LedgerEntry.objects.count()
    fields = ("name", "definition", "scope", "nature", "unit", "decimals", "lag_months", "shape", "statistic")
    sent = {name: getattr(metric, name) for name in fields} | {"rungs": "", "initial-rungs": "[]"}
    sent |= {"problems": "None known.", "reason": "Looked up.", "producer": metric.producer_id}
    assert signed_in(edith).post(f"/admin/tracker/metric/{metric.pk}/change/", sent).status_code == 302
    update = Update.objects.get()
    assert (update.what, update.state, update.author) == ("amendment", "draft", edith)
    assert update.changes == {"problems": [metric.problems or None, "None known."]}
    assert LedgerEntry.objects.count() == before


@pytest.mark.parametrize("name", ["analyst", "editor", "administrator"])
def test_autocomplete_shows_only_what_the_role_may_see(cast, signed_in, name):
    where = "/admin/autocomplete/?term=&app_label=tracker&model_name=commitment&field_name=bodies"
    assert signed_in(cast[name]).get(where).status_code == 200
    assert signed_in(cast["nobody"]).get(where).status_code == 403


def test_an_account_that_is_not_staff_is_told_so(vellmark, signed_in, django_user_model):
    client = signed_in(django_user_model.objects.create_user("visitor"))
    for address in ("/admin/", *addresses("commitment").values()):
        response = client.get(address, follow=True)
        assert response.redirect_chain == [(f"/admin/login/?next={address}", 302)]
        assert "not authorized to access this page" in " ".join(response.content.decode().split())


def test_an_account_that_is_closed_is_signed_out_at_once(vellmark, adam, signed_in):
    client = signed_in(adam)
    assert client.get("/admin/tracker/commitment/").status_code == 200
    get_user_model().objects.filter(pk=adam.pk).update(is_active=False)
    assert client.get("/admin/tracker/commitment/").status_code == 302


def test_the_public_pages_say_the_same_to_everybody(cast, client, signed_in):
    page = client.get("/vellmark-2030/commitments/I.1.1a/").content
    for person in cast.values():
        assert signed_in(person).get("/vellmark-2030/commitments/I.1.1a/").content == page


@pytest.mark.parametrize("name", STAFF)
def test_an_account_has_its_highest_role(cast, name):
    expected = {"nobody": "staff", "superuser": "administrator"}
    assert role_of(cast[name]) == expected.get(name, name)
    cast[name].groups.add(Group.objects.get(name=REVIEWER))
    raised = {"nobody": "reviewer", "analyst": "reviewer", "editor": "reviewer", "superuser": "administrator"}
    assert role_of(cast[name]) == raised.get(name, name)


OFFER = "autocomplete/?app_label=tracker&model_name=commitment&field_name"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("tracker/commitment/?q=%00", 400),
        ("tracker/commitment/?plan__id__exact=%00", 400),
        ("tracker/commitment/?plan__id__exact=99999999999999999999999", 200),
        ("tracker/commitment/?kind__exact=zebra", 200),
        ("tracker/commitment/?kind__exact=%00", 400),
        (f"{OFFER}=plan&term=%00", 400),
        ("tracker/commitment/add/?plan=%00", 400),
        ("tracker/commitment/add/?metric=abc", 200),
        ("tracker/commitment/?zebra=1", 302),
        ("tracker/category/?parent__id__exact=x", 302),
        ("tracker/commitment/%00/change/", 400),
        ("tracker/commitment/99999999999999999999999/change/", 302),
        ("tracker/commitment/?plan__publisher__why__regex=x", 400),
        (f"{OFFER}=title&term=a", 403),
        ("autocomplete/", 403),
        ("tracker/seedrow/", 404),
        ("nothing/", 404),
    ],
)
def test_an_odd_address_is_answered_without_a_crash(vellmark, adam, signed_in, address, status):
    assert signed_in(adam).get(f"/admin/{address}").status_code == status
