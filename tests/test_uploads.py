"""Files of evidence: told by content, private until published, only ever a download, gone by redaction, no orphans."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from functools import partial
from html import unescape
from types import SimpleNamespace

import pikepdf
import pytest
from django.conf import settings as site
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageCms
from PIL.ExifTags import IFD
from PIL.PngImagePlugin import PngInfo

from tracker.actions.changes import correct
from tracker.actions.progress import draft, publish, submit
from tracker.ledger import log
from tracker.ledger.content import public_content
from tracker.models import Evidence, FinalError, LedgerBody, Update
from tracker.standalone.verify import canonical, verify
from tracker.uploads import confined, storage

from . import drafts
from .drafts import redact
from .examples import some
from .forms import value_form
from .office import BAD, GOOD, PDF, PNG, SHEET, image, ooxml, opendocument, pdf
from .test_admin import Fields

pytestmark = pytest.mark.django_db
ADD = "/admin/tracker/update/add/?what=value"
PAGE = "/vellmark-2030/commitments/I.1.1a/"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """A folder for the files of each test."""
    settings.FILES = tmp_path / "files"
    return settings.FILES


def stored(folder):
    """Names of all files that are kept."""
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def sent(content=PDF, name="report.pdf"):
    """A file as a browser sends it, under a type that nobody asks for."""
    return SimpleUploadedFile(name, content, content_type="text/html")


def address(content=PDF):
    return f"/files/{hashlib.sha256(content).hexdigest()}/"


def cited(content=PDF, name="report.pdf"):
    """An unsaved piece of evidence that brings a file."""
    each = Evidence(source=drafts.source(), locator="p. 3")
    each.upload = storage.checked(sent(content, name))
    return each


def drafted(by, row=None, **file):
    return draft(record=row or drafts.value(), by=by, evidence=[cited(**file)])


def published(by, reviewer, row=None, **file):
    return publish(record=submit(record=drafted(by, row, **file), by=by), by=reviewer)


@pytest.fixture
def editor(vellmark, edith, signed_in):
    """The browser of an editor."""
    return signed_in(edith)


@pytest.mark.parametrize("name", GOOD)
def test_a_draft_takes_a_file_of_each_kind(editor, folder, name):
    content, type_ = GOOD[name]
    response = editor.post(ADD, value_form(**{"evidence-0-file": sent(content, name)}))
    assert response.status_code == 302
    each = Evidence.objects.get()
    assert (each.file_name, each.file_type, each.file_size) == (name, type_, len(content))
    assert each.file_hash == hashlib.sha256(content).hexdigest()
    assert stored(folder) == [each.stored]
    assert each.stored not in (name, each.file_hash)
    assert (folder / each.stored).read_bytes() == content
    assert (folder / each.stored).stat().st_mode & 0o777 == 0o600


def bad(what):
    """Name, content and sentence of a file that is refused."""
    name, content, sentence = BAD[what]
    return name, content() if callable(content) else content, unescape(sentence)


@pytest.mark.slow
@pytest.mark.parametrize("what", [each for each in BAD if each != "nothing"])  # which the field itself refuses
def test_it_refuses_a_file_with_a_sentence(what):
    name, content, sentence = bad(what)
    with pytest.raises(ValidationError) as refused:
        storage.checked(sent(content, name))
    assert sentence in " ".join(refused.value.messages)


@pytest.mark.slow
@pytest.mark.parametrize("what", dict.fromkeys(["nothing", *some(BAD, 8)]))
def test_the_sentence_stands_beside_the_field_and_nothing_is_kept(editor, folder, what):
    name, content, sentence = bad(what)
    response = editor.post(ADD, value_form(**{"evidence-0-file": sent(content, name)}))
    assert response.status_code == 200
    form = response.context["inline_admin_formsets"][0].formset.forms[0]
    assert list(form.errors) == ["file"]
    assert sentence in unescape(str(form.errors["file"]))
    assert sentence in unescape(response.content.decode())
    assert (Update.objects.count(), Evidence.objects.count(), stored(folder)) == (0, 0, [])


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\reports\\water 2025.PDF", "water 2025.pdf"),
        ("a\0b.html", "ab.pdf"),
        ("report.pdf.exe", "report.pdf.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a_bSet-Cookie_ x.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("..", "file.pdf"),
        ("<script>.pdf", "_script_.pdf"),
        ("水 报告.pdf", "水 报告.pdf"),
        ("n" * 300 + ".pdf", "n" * 100 + ".pdf"),
        ("", "file.pdf"),
    ],
)
def test_a_shown_name_is_harmless_and_ends_as_its_type(given, shown):
    assert storage.shown_name(given, "pdf") == shown


@pytest.mark.parametrize("name", ["../../../srv/evil.pdf", "..\\evil.pdf", "evil\x00.pdf"])
def test_a_name_with_a_path_or_a_null_leads_nowhere(editor, folder, name):
    assert editor.post(ADD, value_form(**{"evidence-0-file": sent(name=name)})).status_code == 302
    each = Evidence.objects.get()
    assert each.file_name == "evil.pdf"
    assert stored(folder) == [each.stored]


def cleaned(content, name="report.pdf"):
    """A file as it would be stored, with the words for what it has lost."""
    upload = storage.checked(sent(content, name))
    assert (upload.size, upload.hash) == (len(upload.content), hashlib.sha256(upload.content).hexdigest())
    return upload.content, set(upload.taken_out)


def told():
    """EXIF of a photograph by Jorun: where, when, with what, and turned by a quarter."""
    exif = Image.Exif()
    exif[0x013B], exif[0x010F], exif[0x010E], exif[0x0112] = "Jorun", "Fjordcam", "In her kitchen", 6
    exif.get_ifd(IFD.Exif)[0x9003] = "2026:05:01 10:00:00"
    exif.get_ifd(IFD.GPSInfo)[2] = (61.0, 5.0, 7.0)
    return exif


XMP = b'<?xpacket?><x:xmpmeta xmlns:x="adobe:ns:meta/">Jorun</x:xmpmeta>'
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_is_stored_without_place_author_and_time_and_upright(kind):
    content = image(kind, (30, 20), exif=told(), icc_profile=PROFILE, xmp=XMP)
    assert b"Jorun" in content
    stored_, words = cleaned(content, "photo")
    assert words == {"place", "author", "time", "device", "comments", "data"}
    assert b"Jorun" not in stored_
    assert b"Fjordcam" not in stored_
    picture = Image.open(io.BytesIO(stored_))
    assert (picture.size, dict(picture.getexif()), picture.info.get("xmp")) == ((20, 30), {}, None)
    assert picture.info["icc_profile"] == PROFILE
    assert max(abs(a - b) for a, b in zip(picture.convert("RGB").getpixel((5, 5)), (20, 90, 160), strict=True)) < 4
    assert cleaned(stored_, "photo") == (stored_, set())


def test_a_photograph_that_is_upright_keeps_every_dot_and_loses_what_stands_behind_it():
    noise = Image.effect_noise((64, 48), 60).convert("RGB")
    made = io.BytesIO()
    noise.save(made, "JPEG", comment=b"by Jorun", progressive=True)
    stored_, words = cleaned(made.getvalue() + b"a film of the same minute", "photo.jpg")
    assert words == {"comments"}
    assert b"Jorun" not in stored_
    assert stored_.endswith(b"\xff\xd9")
    with Image.open(made) as before, Image.open(io.BytesIO(stored_)) as after:
        assert before.tobytes() == after.tobytes()


def test_an_image_loses_its_comments():
    notes = PngInfo()
    notes.add_text("Author", "Jorun")
    stored_, words = cleaned(image("PNG", pnginfo=notes), "scan.png")
    assert (b"Jorun" in stored_, words) == (False, {"comments"})


def written_by_jorun(document):
    """A PDF with properties, XMP, notes beside the page and on it, a link, and a photograph with EXIF."""
    document.docinfo["/Author"], document.docinfo["/Producer"] = "Jorun", "Jorun's press"
    document.docinfo["/CreationDate"] = "D:20260501100000"
    document.Root.Metadata = document.make_stream(XMP)
    document.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([0]))
    page = document.pages[0].obj
    page.PieceInfo = Dictionary(Press=Dictionary(Private="Jorun"))
    by = {"T": "Jorun", "M": "D:20260501", "Contents": "Jorun heard it"}
    marks = [
        Dictionary(Subtype=Name.Text, Rect=[0, 0, 9, 9], **by),
        Dictionary(Subtype=Name.Highlight, Rect=[0, 0, 9, 9], **by),
        Dictionary(Subtype=Name.FreeText, Rect=[0, 0, 9, 9], **(by | {"Contents": "seen on the page"})),
        Dictionary(Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.URI, URI="https://vellmark.example")),
    ]
    page.Annots = Array([document.make_indirect(mark) for mark in marks])
    photograph = document.make_stream(image("JPEG", (30, 20), exif=told()))
    photograph.Filter, photograph.Subtype = Name.DCTDecode, Name.Image
    page.Resources = Dictionary(XObject=Dictionary(Photo=photograph))
    page.Signed = Dictionary(Type=Name.Sig, ByteRange=Array([0, 1, 2, 3]), Name="Jorun", Contents=b"Jorun")
    page.Contents = document.make_stream(b"BT (HTML/JavaScript) Tj ET")


def test_a_pdf_is_stored_without_author_notes_and_the_words_of_its_photographs():
    stored_, words = cleaned(pdf(written_by_jorun))
    assert words == {"author", "device", "time", "comments", "actions", "data"}
    with pikepdf.open(io.BytesIO(stored_)) as document:
        everything = "".join(
            repr(each) + (each.read_raw_bytes().decode("latin-1") if isinstance(each, pikepdf.Stream) else "")
            for each in document.objects
        )
        page = document.pages[0]
        assert [str(mark.Subtype) for mark in page.obj.Annots] == ["/Highlight", "/FreeText", "/Link"]
        assert str(page.obj.Annots[1].Contents) == "seen on the page"
        assert page.obj.Contents.read_bytes() == b"BT (HTML/JavaScript) Tj ET"
        assert Image.open(io.BytesIO(page.obj.Resources.XObject.Photo.read_raw_bytes())).size == (30, 20)
        assert "/Info" not in document.trailer
        assert not {"/OpenAction", "/Metadata"} & set(document.Root.keys())
    assert "vellmark.example" in everything
    assert not [word for word in ("Jorun", "Fjordcam", "2026") if word in everything]
    assert cleaned(stored_) == (stored_, set())


def test_what_an_earlier_version_of_a_pdf_said_is_gone():
    later = b"\n9 0 obj<</Was(by Jorun)>>endobj\n"
    at = PDF.rindex(b"startxref")
    stored_, _words = cleaned(PDF[:at] + later + PDF[at:])
    assert b"Jorun" not in stored_


def test_a_pdf_that_its_owner_has_locked_and_everybody_may_read_is_taken():
    stored_, _words = cleaned(pdf(encryption=pikepdf.Encryption(owner="x", user="")))
    with pikepdf.open(io.BytesIO(stored_)) as document:
        assert (document.is_encrypted, len(document.pages)) == (False, 1)


@pytest.mark.parametrize(
    "content",
    [
        ooxml(**{"docProps/core.xml": "<creator>Jorun</creator>", "docProps/app.xml": "<Company>Jorun</Company>"}),
        ooxml(SHEET, **{"docProps/custom.xml": "<Properties>Jorun</Properties>"}),
        opendocument(**{"meta.xml": "<initial-creator>Jorun</initial-creator>"}),
        ooxml(**{"package/services/1.psmdcp": "<c:coreProperties xmlns:c='x'>Jorun</c:coreProperties>"}),
        ooxml(**{"customXml/item1.xml": "<p:properties xmlns:p='x'><UserInfo>Jorun</UserInfo></p:properties>"}),
        opendocument(**{"Object 1/meta.xml": "<o:document-meta xmlns:o='x'>Jorun</o:document-meta>"}),
        ooxml(
            SHEET,
            main="xl/workbook.xml",
            **{"xl/styles.xml": "<x xmlns:a='b'><a:absPath  url = 'C:\\Users\\Jorun\\'/></x>"},
        ),
        ooxml(SHEET, **{"xl/a.xml": '<x><fileSharing readOnlyRecommended="1" userName="Jorun"/></x>'}),
        ooxml(SHEET, **{"xl/pivotCache/b.xml": '<pivotCacheDefinition id="1" refreshedBy="Jorun" refreshedDate="4"/>'}),
    ],
)
def test_an_office_document_is_stored_without_its_properties(content):
    stored_, words = cleaned(content)
    with zipfile.ZipFile(io.BytesIO(stored_)) as new, zipfile.ZipFile(io.BytesIO(content)) as old:
        assert new.namelist() == old.namelist()
        parts = {part.filename: new.read(part) for part in new.infolist()}
        assert {part.date_time for part in new.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not [each for each in parts if b"Jorun" in parts[each]]
    assert words == {"author"}
    assert cleaned(stored_) == (stored_, set())


def test_a_photograph_in_an_office_document_loses_what_the_camera_wrote():
    stored_, words = cleaned(ooxml(**{"word/media/image1.jpeg": image("JPEG", (30, 20), exif=told())}), "a.docx")
    with zipfile.ZipFile(io.BytesIO(stored_)) as document:
        assert b"Jorun" not in document.read("word/media/image1.jpeg")
    assert words == {"data"}


def test_a_picture_in_an_office_document_loses_its_texts_and_what_stands_behind_it():
    made, words = io.BytesIO(), PngInfo()
    words.add_text("Author", "Jorun")
    Image.new("RGB", (3, 2), "red").save(made, "PNG", pnginfo=words)
    for content in (made.getvalue(), PNG + b"Jorun"):
        stored_, taken_out = cleaned(ooxml(**{"word/media/image1.png": content}), "a.docx")
        with zipfile.ZipFile(io.BytesIO(stored_)) as document:
            picture = document.read("word/media/image1.png")
        assert (b"Jorun" in picture, taken_out) == (False, {"data"})
        assert Image.open(io.BytesIO(picture)).size == (3, 2)
    broken = PNG[:40]
    assert cleaned(ooxml(**{"word/media/image1.png": broken}), "a.docx")[1] == set()


@pytest.mark.parametrize(
    ("came", "stored"),
    [("scan.png", None), ("Scan.PNG", None), ("scan.pdf", "scan.png"), ("a <b>\u202e.png", "a _b_.png")],
)
def test_the_editor_is_told_when_a_file_has_another_name_than_it_came_under(editor, folder, came, stored):
    page = editor.post(ADD, value_form(**{"evidence-0-file": sent(PNG, came)}), follow=True).content.decode()
    assert (f"is stored as “{stored}”" in page) == (stored is not None)
    assert ("is stored as" in page) == (stored is not None)


def test_the_editor_is_told_what_was_taken_out_and_the_original_is_kept_nowhere(editor, folder):
    content = image("JPEG", (30, 20), exif=told())
    page = editor.post(ADD, value_form(**{"evidence-0-file": sent(content, "photo.jpg")}), follow=True)
    assert "Taken out of “photo.jpg” before it is stored: who made it, comments," in page.content.decode()
    assert "the place, the time." in page.content.decode()
    each = Evidence.objects.get()
    assert each.file_hash != hashlib.sha256(content).hexdigest()
    assert [b"Jorun" in path.read_bytes() for path in folder.iterdir()] == [False]


@pytest.mark.parametrize(
    "limit", [(storage, "MOST_SECONDS", 0), (confined, "sys", SimpleNamespace(executable="/bin/false"))]
)
def test_a_file_whose_cleaning_takes_too_long_or_dies_is_refused(monkeypatch, limit):
    monkeypatch.setattr(*limit)
    with pytest.raises(ValidationError, match="unpacks to too much"):
        storage.checked(sent())


@pytest.mark.parametrize(("hostile", "reason"), [("bytes(2 * 1024**3)", b"large"), ("written()", b"broken")])
def test_cleaning_has_little_memory_and_writes_no_file(tmp_path, hostile, reason):
    program = (
        "import pathlib; from tracker.uploads import cleaning\n"
        f"def written(): return pathlib.Path({str(tmp_path / 'file')!r}).write_bytes(b'hostile')\n"
        f"cleaning.pdf = lambda content: ({hostile}, ())\n"
        "cleaning.main()"
    )
    program = [sys.executable, "-c", program, "application/pdf"]
    ended = subprocess.run(program, input=PDF, capture_output=True, cwd=site.BASE_DIR)
    assert ended.stdout == b'{"refused": "%s"}\n' % reason


def test_the_form_says_the_limit_that_holds(editor, settings):
    assert "10.0\xa0MB at most" in editor.get(ADD).content.decode()
    settings.FILE_LIMIT = 3 * 1024 * 1024
    assert "3.0\xa0MB at most" in editor.get(ADD).content.decode()


def test_a_row_with_a_file_and_no_source_is_refused(editor, folder):
    response = editor.post(ADD, value_form(**{"evidence-0-source": "", "evidence-0-file": sent()}))
    assert response.status_code == 200
    assert "This field is required." in response.content.decode()
    assert "choose yours again" in response.content.decode()
    assert stored(folder) == []


@pytest.mark.parametrize("more", [{"value": "many"}, {"as_of": "2099-01-01", "_submit": "1"}, {"_preview": "1"}])
def test_a_refused_form_and_a_preview_leave_no_file(editor, folder, more):
    response = editor.post(ADD, value_form(**{"evidence-0-file": sent()}, **more))
    assert response.status_code == 200
    assert (Update.objects.count(), stored(folder)) == (0, [])


def test_a_second_bad_file_takes_the_first_with_it(editor, folder):
    form = value_form(**{"evidence-0-file": sent(), "evidence-1-source": drafts.source().pk})
    form |= {"evidence-TOTAL_FORMS": 2, "evidence-1-file": sent(b"<html>")}
    assert editor.post(ADD, form).status_code == 200
    assert (Evidence.objects.count(), stored(folder)) == (0, [])


def test_an_action_that_fails_half_way_leaves_no_file(vellmark, edith, folder):
    bad = Evidence(source=drafts.source(), locator="two\nlines")
    with pytest.raises(Exception, match="one line"):
        draft(record=drafts.value(), by=edith, evidence=[cited(), bad])
    assert (Evidence.objects.count(), stored(folder)) == (0, [])


def save_again(editor, row, **changes):
    """Open a draft, change some of its fields, and save it."""
    page = editor.get(f"/admin/tracker/update/{row.pk}/change/")
    form = Fields(page).sent
    assert page.status_code == 200
    form = {name: value for name, value in form.items() if not name.endswith("-file")} | changes
    return editor.post(f"/admin/tracker/update/{row.pk}/change/", {k: v for k, v in form.items() if v is not None})


@pytest.mark.slow
def test_a_file_stays_with_its_draft_until_it_is_taken_out(editor, edith, folder, django_capture_on_commit_callbacks):
    row = drafted(edith)
    first = Evidence.objects.get().stored
    with django_capture_on_commit_callbacks(execute=True):
        assert save_again(editor, row, summary="Other words.").status_code == 302
    assert (Evidence.objects.get().stored, stored(folder)) == (first, [first])
    with django_capture_on_commit_callbacks(execute=True):
        assert save_again(editor, row, **{"evidence-0-file": sent(PNG, "scan.png")}).status_code == 302
    each = Evidence.objects.get()
    assert (each.file_name, stored(folder)) == ("scan.png", [each.stored])
    with django_capture_on_commit_callbacks(execute=True):
        assert save_again(editor, row, **{"evidence-0-kept_files": None}).status_code == 302
    assert (Evidence.objects.get().file_hash, stored(folder)) == ("", [])


@pytest.mark.slow
def test_an_old_file_that_cannot_be_deleted_takes_no_new_one_with_it(
    editor, edith, rana, folder, monkeypatch, django_capture_on_commit_callbacks
):
    def fail(names):
        raise PermissionError("The disk is read-only.")

    row = drafted(edith)
    with monkeypatch.context() as patched:
        patched.setattr(storage, "forget", fail)
        with django_capture_on_commit_callbacks(execute=True):
            assert save_again(editor, row, **{"evidence-0-file": sent(PNG, "scan.png")}).status_code == 302
    new = Evidence.objects.get().stored
    assert new in stored(folder)
    row = publish(record=submit(record=row, by=edith), by=rana)
    with monkeypatch.context() as patched:
        patched.setattr(storage, "forget", fail)
        with django_capture_on_commit_callbacks(execute=True):
            redact(record=row, reason="A witness could be found.", by=rana)
    assert verify(log.lines())[3] is None


def test_a_file_that_another_process_takes_away_meanwhile_is_not_swept(db, folder, capsys):
    folder.mkdir()
    (folder / ("0" * 32)).symlink_to(folder / "gone")
    call_command("sweep_files")
    assert capsys.readouterr().out == "0 of 1 files are named by no evidence.\n"


@pytest.mark.slow
def test_a_file_of_another_draft_cannot_be_named(editor, edith):
    drafted(edith, content=PNG, name="scan.png")
    row = drafted(edith)
    response = save_again(editor, row, **{"evidence-0-kept_files": hashlib.sha256(PNG).hexdigest()})
    assert response.status_code == 200
    assert "This file is not with the draft: choose it again." in response.content.decode()
    assert row.evidence.get().file_name == "report.pdf"


def test_a_draft_is_for_staff_who_see_drafts(vellmark, client, anna, edith, rana, adam, signed_in):
    drafted(edith)
    assert client.get(address()).status_code == 404
    assert client.get(address(PNG)).status_code == 404
    assert signed_in(anna).get(address()).status_code == 404
    for person in (edith, rana, adam):
        response = signed_in(person).get(address())
        assert b"".join(response.streaming_content) == PDF
        assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("row", [drafts.value, partial(drafts.finding, commitment="I.1.1a")])
def test_once_published_it_is_a_download_for_everybody(vellmark, client, edith, rana, row):
    published(edith, rana, row(), name="Water “2025”.pdf")
    response = client.get(address())
    assert (response.status_code, b"".join(response.streaming_content)) == (200, PDF)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "no-cache"
    assert client.head(address()).status_code == 200
    assert client.post(address()).status_code == 405
    assert f'href="{address()}"' in client.get(PAGE).content.decode()


@pytest.mark.parametrize("path", ["/files/", "/files/abc/", f"/files/{'A' * 64}/", f"/files/{'a' * 64}/"])
def test_other_addresses_lead_to_no_file(vellmark, client, path):
    assert client.get(path).status_code == 404


def test_whoever_holds_a_private_file_does_not_learn_whether_the_site_has_it(vellmark, client, edith):
    drafted(edith)
    assert Evidence.objects.get().file_hash in address()
    private, absent = (client.get(each) for each in (address(), f"/files/{'a' * 64}/"))
    assert (private.status_code, absent.status_code) == (404, 404)
    numbers = [each.headers.pop("Request-Id") for each in (private, absent)]
    assert numbers[0] != numbers[1]
    assert private.headers == absent.headers
    pages = [each.content.decode().replace(each.request["PATH_INFO"], "") for each in (private, absent)]
    assert pages[0] == pages[1]


def test_the_log_says_which_file_and_nothing_where_there_is_none(vellmark, edith, rana):
    row = published(edith, rana)
    digest = hashlib.sha256(PDF).hexdigest()
    cites = json.loads(LedgerBody.objects.get(pk=row.entry_id).text)["evidence"]
    file = {"file": digest, "file_type": "application/pdf", "file_size": len(PDF), "file_name": "report.pdf"}
    assert cites == [{"source": "village-census-2025", "locator": "p. 3", "note": ""} | file]
    bare = public_content(drafts.value(), evidence=[Evidence(source=drafts.source(), locator="p. 3")])
    assert bare["evidence"] == [{"source": "village-census-2025", "locator": "p. 3", "note": ""}]
    assert canonical(bare["evidence"]) == '[{"locator":"p. 3","note":"","source":"village-census-2025"}]'
    call_command("verify_ledger")


def test_verify_ledger_names_a_file_that_was_changed_or_lost(vellmark, edith, rana, folder, capsys):
    published(edith, rana)
    each = Evidence.objects.get()
    (folder / each.stored).write_bytes(PDF + b"more")
    with pytest.raises(CommandError, match="1 rows are not what the log says"):
        call_command("verify_ledger")
    assert f"The file of evidence {each.pk} is missing or is not the one" in capsys.readouterr().err


def test_a_lost_file_is_not_published_and_its_address_says_so(vellmark, edith, folder, signed_in):
    row = drafted(edith)
    (folder / Evidence.objects.get().stored).unlink()
    assert signed_in(edith).get(address()).status_code == 404
    with pytest.raises(Exception, match=r"The file “report\.pdf” is lost: choose it again"):
        submit(record=row, by=edith)


def test_frozen_evidence_takes_no_other_file(vellmark, edith, rana):
    published(edith, rana)
    each = Evidence.objects.get()
    each.file_name = "other.pdf"
    with pytest.raises(FinalError):
        each.save()
    changes = [{"file_hash": "0" * 64}, {"file_name": "other.pdf"}, {"stored": "0" * 32}, {"file_size": 1}]
    changes += [{"file_type": "image/png"}, {"file_hash": "", "file_name": "", "file_type": "", "file_size": 0}]
    for change in changes:
        with pytest.raises(FinalError):
            Evidence.objects.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            QuerySet(Evidence).update(**change)


@pytest.mark.slow
def test_redaction_takes_the_file_from_everybody(
    vellmark, client, edith, rana, folder, signed_in, django_capture_on_commit_callbacks
):
    row = published(edith, rana, name="Jorun of the third house.pdf")
    other = drafted(edith, drafts.value(81))
    with django_capture_on_commit_callbacks(execute=True):
        redact(record=row, reason="A witness could be found.", by=rana)
    for browser in (client, signed_in(edith)):
        response = browser.get(address())
        assert response.status_code == 410
        assert "was taken away for somebody" in response.content.decode()
    assert stored(folder) == []
    assert "Jorun" not in "".join(log.lines()) + json.dumps(list(row.evidence.values()), default=str)
    assert address() not in client.get(PAGE).content.decode()
    assert verify(log.lines())[3] is None
    call_command("verify_ledger")
    with pytest.raises(Exception, match="not published again"):
        submit(record=other, by=edith)


@pytest.mark.slow
def test_a_redacted_file_does_not_come_in_again(editor, edith, rana, folder, django_capture_on_commit_callbacks):
    row = published(edith, rana)
    with django_capture_on_commit_callbacks(execute=True):
        redact(record=row, reason="A witness could be found.", by=rana)
    response = editor.post(ADD, value_form(**{"evidence-0-file": sent()}))
    assert response.status_code == 200
    assert "is not published again" in response.content.decode()
    assert stored(folder) == []
    correction = correct(published=row, changes={"value": 79}, reason="Misread.", by=edith)
    assert correction.evidence.get().file_hash == ""


def test_a_correction_cites_the_same_file_and_its_draft_can_let_go_of_it(
    vellmark, edith, rana, folder, django_capture_on_commit_callbacks
):
    row = published(edith, rana)
    correction = correct(published=row, changes={"value": 79}, reason="Misread.", by=edith)
    assert correction.evidence.get().stored == row.evidence.get().stored
    with django_capture_on_commit_callbacks(execute=True):
        draft(record=correction, by=edith, evidence=[Evidence(source=drafts.source())])
    assert stored(folder) == [row.evidence.get().stored]


def test_the_form_of_a_published_row_offers_the_download_and_no_field(editor, edith, rana):
    row = published(edith, rana)
    page = editor.get(f"/admin/tracker/update/{row.pk}/change/").content.decode()
    assert f'<a href="{address()}">report.pdf</a>' in page
    assert 'type="file"' not in page


def test_a_reviewer_finds_the_file_in_the_review(vellmark, edith, rana, signed_in):
    row = submit(record=drafted(edith), by=edith)
    assert address() in signed_in(rana).get(f"/admin/tracker/update/{row.pk}/review/").content.decode()


def test_only_so_many_files_are_cleaned_at_once_and_who_waits_too_long_is_told(folder, monkeypatch):
    monkeypatch.setattr(storage, "LONGEST_WAIT", 0.2)
    wait = pytest.raises(ValidationError, match="send this one again in a minute")
    with storage._turn(), storage._turn(), wait, storage._turn():
        pass
    with storage._turn():
        pass
