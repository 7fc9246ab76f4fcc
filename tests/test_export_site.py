"""export_site: the public site as files, whose links need no server, and nothing of the staff."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils.formats import date_format

from tracker.exports import mirror
from tracker.models import LedgerEntry
from tracker.snapshot.cache import read_snapshot

from . import drafts
from .office import PNG
from .test_http import Seen
from .test_several_plans import both  # noqa: F401  (a fixture)
from .test_uploads import drafted, published

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"


def export(folder):
    out = io.StringIO()
    call_command("export_site", folder, stdout=out)
    return out.getvalue()


class Page(Seen):
    """A page of a copy: what it leads to by any attribute, and its forms."""

    def __init__(self, path):
        self.fetched, self.actions = [], []
        super().__init__(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        super().handle_starttag(tag, attrs)
        names = dict(attrs)
        assert not [name for name in names if name.startswith("hx-")]
        self.fetched += [names["src"]] if "src" in names else []
        if tag == "form":
            self.actions.append(names["action"])


def broken_links(folder):
    """Links of all pages of a copy that lead to no file, to a place that is not there, or to the top of a server."""
    pages, broken = {path: Page(path) for path in folder.rglob("*.html")}, []
    for path, page in pages.items():
        for link in [*page.links, *page.fetched, *page.actions]:
            parts = urlsplit(link)
            if parts.scheme in ("http", "https", "mailto", "data"):
                continue
            target = Path(os.path.normpath(path.parent / unquote(parts.path))) if parts.path else path
            exists = target.is_file() and (target.suffix != ".html" or target in pages)
            place = parts.fragment and target in pages and parts.fragment not in pages[target].ids
            if parts.scheme or parts.query or not exists or place:
                broken.append((str(path.relative_to(folder)), link))
    return broken


@pytest.fixture
def copy(both, edith, rana, tmp_path, settings):  # noqa: F811
    """A copy of a site with two plans, a file of evidence, and a draft that is nobody's business."""
    settings.FILES = tmp_path / "files"
    published(edith, rana, drafts.value(83), content=PNG, name="scan.PNG")
    drafted(edith, drafts.value(99, summary="A draft that waits."))
    output = export(tmp_path / "copy")
    assert f"log entry {LedgerEntry.objects.head()}, head " in output
    return tmp_path / "copy"


@pytest.mark.slow
def test_it_holds_every_public_page_with_links_that_lead_somewhere_and_verifies_by_itself(copy, client):
    assert broken_links(copy) == []
    for address in client.get("/sitemap.xml").content.decode().split("<loc>")[1:]:
        path = urlsplit(address.partition("</loc>")[0]).path
        assert (copy / path.lstrip("/") / "index.html").is_file(), path
    for name in (
        *("vellmark-2030/commitments.csv", "vellmark-2030/commitments.xlsx", "vellmark-2030/commitments.json"),
        *("brumas-2021/commitments.csv", "feeds/vellmark-2030/changes.atom", "ledger.jsonl", "verify.py"),
        *("data/recompute.py", "data/everything.zip", "data/datapackage.json"),
        *("vellmark-2030/commitments/I.1.1a/cite.bib", "vellmark-2030/commitments/I.1.1a/annotation.jsonld"),
    ):
        assert (copy / name).stat().st_size > 100, name
    head = f"head {read_snapshot().head_hash}"
    for program, said in ((["verify.py", "ledger.jsonl"], head), (["data/recompute.py", "data"], "")):
        ended = subprocess.run([sys.executable, *program], cwd=copy, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        assert said in ended.stdout
    served = client.get("/vellmark-2030/commitments.csv")
    assert (copy / "vellmark-2030/commitments.csv").read_bytes() == b"".join(served)
    # Evidence keeps its bytes, under a name that says what it is.
    (file,) = (copy / "files").iterdir()
    assert (file.suffix, file.read_bytes()) == (".png", PNG)

    # Every page says first what it is a copy of, and where the original is.
    snapshot, day = read_snapshot(), date_format(read_snapshot().on, "j F Y")
    for path in copy.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        note = text[text.index("<body>") : text.index("<main")]
        assert f"A copy of {day}, log entry {snapshot.head}, head {snapshot.head_hash[:12]}" in note, path
    promise = (copy / "vellmark-2030/commitments/I.1.1a/index.html").read_text(encoding="utf-8")
    assert f'<a href="{SITE}/vellmark-2030/commitments/I.1.1a/">' in promise
    assert f'rel="canonical" href="{SITE}/vellmark-2030/commitments/I.1.1a/"' in promise

    # What needs a server leads to the site.
    explorer = Page(copy / "vellmark-2030/commitments/index.html")
    assert explorer.actions
    assert {urlsplit(action).netloc for action in explorer.actions} == {"127.0.0.1:8000"}
    asks = {link for link in explorer.links if "?" in link}
    assert asks
    assert all(link.startswith(f"{SITE}/") for link in asks)

    # Nothing of the staff.
    names = {path.relative_to(copy).parts[0] for path in copy.rglob("*")}
    assert names.isdisjoint({"admin", "desk", "cards", "embed"})
    assert [path.name for path in (copy / "api").rglob("*") if path.is_file()] in (["index.html"], [])
    for path in copy.rglob("*"):
        assert not path.is_file() or b"A draft that waits." not in path.read_bytes()
    assert not list(copy.parent.glob(".copy*"))


@pytest.mark.slow
def test_pages_of_a_list_are_pages_of_the_copy(vellmark, edith, rana, tmp_path, monkeypatch):
    monkeypatch.setattr("tracker.ledger.log.ON_A_PAGE", 20)
    export(tmp_path / "copy")
    pages = {path.name for path in (tmp_path / "copy/ledger").iterdir()}
    assert {"index.html", "index-2.html", "index-3.html"} <= pages
    assert "index-1.html" not in pages
    assert "index-3.html" in Page(tmp_path / "copy/ledger/index-2.html").links


def quick(monkeypatch):
    """Write the first page alone."""
    monkeypatch.setattr(mirror.Mirror, "_mapped", lambda _self: [])
    monkeypatch.setattr(mirror.Mirror, "_of_site", lambda *_link: None)


def test_it_takes_the_place_of_an_earlier_copy_alone(vellmark, tmp_path, monkeypatch):
    quick(monkeypatch)
    folder = tmp_path / "copy"
    folder.mkdir()  # an empty one will do
    export(folder)
    (folder / "index.html").write_text("Old.")
    export(folder)
    assert "Old." not in (folder / "index.html").read_text(encoding="utf-8")
    mark = json.loads((folder / "mirror.json").read_text(encoding="utf-8"))
    assert (mark["site"], mark["entry"]) == (SITE, LedgerEntry.objects.head())
    (folder / "thesis.doc").write_text("Mine.")
    with pytest.raises(CommandError, match=r"holds something else than a mirror \(thesis.doc\)"):
        export(folder)
    assert (folder / "thesis.doc").read_text() == "Mine."
    with pytest.raises(CommandError, match="is not a folder"):
        export(folder / "thesis.doc")


def test_where_it_fails_the_earlier_copy_stays(vellmark, tmp_path, monkeypatch):
    quick(monkeypatch)
    export(tmp_path / "copy")
    before = sorted((path, path.stat().st_mtime_ns) for path in tmp_path.rglob("*"))

    def full(self):
        (self.folder / "half").write_text("")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(mirror.Mirror, "write", full)
    with pytest.raises(CommandError, match=r"Nothing was written: .*No space left on device"):
        export(tmp_path / "copy")
    assert sorted((path, path.stat().st_mtime_ns) for path in tmp_path.rglob("*")) == before


def test_an_earlier_copy_is_found_again_where_a_run_was_killed(vellmark, tmp_path, monkeypatch):
    quick(monkeypatch)
    export(tmp_path / "copy")
    (tmp_path / "copy").rename(tmp_path / ".copy.old")
    (tmp_path / ".copy.part").mkdir()
    monkeypatch.setattr(mirror.Mirror, "write", lambda _self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export(tmp_path / "copy")
    assert (tmp_path / "copy/index.html").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]


def test_a_page_that_the_site_cannot_make_ends_it(vellmark, tmp_path, monkeypatch, caplog):
    def broken(*_arguments):
        raise ZeroDivisionError

    monkeypatch.setattr("tracker.ledger.log.page", broken)
    with pytest.raises(CommandError, match=rf"no answer at {reverse('ledger')} \(500\)"):
        export(tmp_path / "copy")
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_without_a_plan_there_is_a_copy_of_what_there_is(db, tmp_path):
    export(tmp_path / "copy")
    assert broken_links(tmp_path / "copy") == []
