"""Which plans are loaded at a start, and what happens when seed files and site do not agree: the site is served."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from tracker.actions.changes import amend
from tracker.actions.progress import publish, submit
from tracker.models import Commitment, LedgerEntry, Plan, SeedProblem

from .reading import page_of, words_of
from .seeds import edit
from .test_settings import read

pytestmark = pytest.mark.django_db

TITLE = 'title = "Piped water in 88 percent or more of village homes"'


def start():
    """What ``serve`` says of the seed files."""
    out = io.StringIO()
    call_command("load_plan", stdout=out, serving=True)
    return out.getvalue()


@pytest.fixture
def parted(folder, vellmark, settings, edith, rana):
    """Staff amended a target, and then a release changed the same row of the file; another row it changed alone."""
    settings.SEEDS, settings.PLANS = folder.parent, [folder.name]
    water = Commitment.objects.get(code="I.1.1a")
    row = amend(record=water, changes={"target_value": 85}, reason="Read in print.", by=edith)
    publish(record=submit(record=row, by=edith), by=rana)
    edit(folder, "commitments/I.toml", "target_value = 88", 'target_value = 90\namended_because = "Read again."')
    edit(folder, "groups.toml", '"Villagers"', '"People in villages"\namended_because = "Read again."')
    return folder


def test_a_site_whose_seeds_disagree_is_served_and_says_where_to_decide(parted, client, admin_client, edith, signed_in):
    before = LedgerEntry.objects.head()
    output = start()
    assert "vellmark-2030: nothing was loaded, 1 problem(s):" in output
    assert "I.1.1a was changed here and in the seed file. target_value: here 85, in the seed file 90." in output
    assert "The site serves what it has." in output
    assert LedgerEntry.objects.head() == before
    assert page_of(client, "/vellmark-2030/")
    health = client.get("/healthz")
    assert (health.status_code, health.json()["status"]) == (200, "ok; seeds not loaded: 1")
    notice = words_of(admin_client.get("/desk/").content.decode())
    assert "Seed files not loaded: 1 problem" in notice
    assert "Target here: 85 in the file: 90" in " ".join(notice.split())
    assert "Seed files not loaded" not in words_of(signed_in(edith).get("/desk/").content.decode())
    with pytest.raises(CommandError, match=r"nothing was loaded, 1 problem\(s\)"):
        call_command("load_plan", stdout=io.StringIO())


@pytest.mark.both_databases
def test_either_way_of_deciding_loads_the_rest(parted, edith, rana, client):
    start()
    call_command("load_plan", keep_ours=True, stdout=io.StringIO())
    water = Commitment.objects.get(code="I.1.1a")
    assert (water.target_value, water.groups.get().name) == (85, "People in villages")
    assert client.get("/healthz").json()["status"] == "ok"
    assert "unchanged since it was loaded" in start()
    edit(parted, "commitments/I.toml", "target_value = 90", "target_value = 91")  # the next release asks again
    start()
    assert SeedProblem.objects.get().differences == {"target_value": ["85", "91"]}
    row = amend(record=water, changes={"target_value": 91}, reason="As released.", by=edith)
    publish(record=submit(record=row, by=edith), by=rana)
    start()
    assert not SeedProblem.objects.exists()


def test_a_broken_file_keeps_no_site_from_starting_but_an_empty_one(folder, settings, client, admin_client):
    settings.SEEDS, settings.PLANS = folder.parent, [folder.name]
    groups = (folder / "groups.toml").read_text(encoding="utf-8")
    (folder / "groups.toml").write_text("[[group", encoding="utf-8")
    with pytest.raises(CommandError, match=r"nothing was loaded, .*\n?.*groups\.toml"):
        start()
    (folder / "groups.toml").write_text(groups, encoding="utf-8")
    start()
    (folder / "groups.toml").write_text("[[group", encoding="utf-8")
    assert "groups.toml:1: Not TOML here" in start()
    assert page_of(client, "/vellmark-2030/")
    assert "groups.toml:1" in words_of(admin_client.get("/desk/").content.decode())
    settings.PLANS = []
    assert start() == "PLANS names no plan: nothing is loaded, and what is loaded stays.\n"
    assert Plan.objects.exists()
    assert client.get("/healthz").json()["status"] == "ok"


def test_the_setting_names_bundled_plans_one_several_or_none(client, db):
    assert read()["PLANS"] == ["hrap-2021-2025"]
    assert (read(PLANS="")["PLANS"], read(PLANS="")["PLAN"]) == ([], "")
    assert read(PLANS=" hrap-2021-2025 , hrap-2021-2025 ")["PLANS"] == ["hrap-2021-2025"]
    assert read(PLAN="osmarra-2030", PLANS="")["PLAN"] == "osmarra-2030"
    with pytest.raises(Exception, match=r"PLANS has “atlantis”: seeds/ holds hrap-2021-2025\."):
        read(PLANS="hrap-2021-2025,atlantis")
    for path in ("/", "/plans/", "/bodies/", "/metrics/", "/sources/", "/method/", "/about/", "/data/", "/ledger/"):
        assert client.get(path).status_code == 200, path
    assert "No plan is open yet" in page_of(client, "/")
    assert json.loads(client.get("/api/v1/plans/").content)["count"] == 0
