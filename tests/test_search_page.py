"""One search over everything public: every kind by its words, nothing that is not public, as languages are written."""

import html
import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from tests.registering import recommend, register
from tracker import search
from tracker.actions.attach import attach
from tracker.actions.preparation import prepare_by_itself
from tracker.actions.progress import draft, publish, submit
from tracker.actions.searching import rebuild
from tracker.filters.commitments import CommitmentFilter
from tracker.filters.search import KINDS, SearchResult, documents_of
from tracker.models import AttachedText, Body, LedgerEntry, Plan, SearchText, Source
from tracker.snapshot.cache import read_snapshot

from . import drafts
from .examples import examples
from .reading import page_of, refused, source_of, words_of
from .test_search import HOSTILE, amended

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.both_databases


def matches(question, kind="", known=None):
    """What a question finds: pairs of a kind and a code, or the number of a log entry."""
    documents = SearchResult(read_snapshot(known=known), question, kind).documents
    return [(each.kind, getattr(each.record, "code", None) or each.record.entry) for each in documents]


def titled(title, by, code="letter", language="en"):
    """A source of that title, public."""
    source = Source(code=code, publisher=Body.objects.get(code="chancery"), title=title, language=language)
    source.reason_withheld = "Not seen."
    return register(record=source, by=by)


def texts_of(snapshot):
    """The texts that a snapshot says are public, by the key of each wording, as the index has them."""
    texts = {}
    for document in documents_of(snapshot).all:
        if document.about:
            of_statement = search.texts_of_statement(document.record, document.record.evidence)
            texts[document.record.entry] = search.text_of(of_statement)
        else:
            wordings = search.wordings_of(document.record)
            texts |= {key: search.text_of(words) for key, _subject, words, _weight in wordings}
    return texts


@pytest.mark.slow
@pytest.mark.both_databases
def test_the_index_holds_what_the_snapshot_shows_and_only_what_it_ever_showed(vellmark_progress, edith, rana):
    amended(Plan.objects.get(), edith, rana, short_title="Vellmark")
    amended(Body.objects.get(code="lake-council"), edith, rana, name="Council of the Lake")
    snapshot, indexed = read_snapshot(), dict(SearchText.objects.values_list("key", "text"))
    texts = texts_of(snapshot)
    assert texts.items() <= indexed.items()
    documents = documents_of(snapshot)
    assert documents.by_key.keys() | documents.by_entry.keys() == texts.keys()
    assert documents.by_name.keys() <= documents.by_key.keys()
    ever = set().union(*(texts_of(read_snapshot(known=n)) for n in range(1, snapshot.known + 1)))
    assert indexed.keys() - ever == set()
    assert rebuild() == (0, 0)


@pytest.mark.both_databases
def test_each_kind_is_found_by_the_words_of_each_record(vellmark_progress, edith):
    recommend(edith)
    snapshot = read_snapshot()
    kinds = set()
    for document in documents_of(snapshot).all:
        kinds.add(document.kind)
        record = document.record
        text = record.summary if document.about else getattr(record, "title", "") or record.name
        text = record.text if document.kind == "recommendations" else text
        code = getattr(record, "code", None) or record.entry
        assert (document.kind, code) in matches(f'"{text}"', document.kind), document
    assert kinds == set(KINDS)


@pytest.mark.parametrize(
    ("question", "kind", "code"),
    [
        ("OECS", "", None),
        ("LC/2026/4", "assessments", None),
        ("lake council", "bodies", "lake-council"),
        ("I.1.1a", "commitments", "I.1.1a"),
        ("village census 2026", "sources", "census-2026"),
        ("piped water", "metrics", "village-homes-with-piped-water"),
        ("vellmark 2030", "plans", "vellmark-2030"),
    ],
)
def test_names_codes_and_symbols_are_found(vellmark_progress, question, kind, code):
    hits = matches(question, kind)
    assert bool(hits) is (question != "OECS")
    assert code is None or hits[0] == (kind, code)


def test_promises_are_those_that_the_explorer_finds(vellmark_progress):
    snapshot = read_snapshot()
    plan = snapshot.plan("vellmark-2030")
    for question in ("water", "law wells", "daily life", '"deep wells"', "jobs", "homes"):
        explorer = CommitmentFilter(QueryDict(f"q={question}"), snapshot=snapshot, plan=plan, paged=False)
        codes = {c.code for c in explorer.selected()}
        assert {code for _kind, code in matches(question, "commitments")} == codes, question


@pytest.mark.parametrize(
    ("title", "questions"),
    [
        pytest.param("Two kindergartens", ["kindergarten", "kindergartens", "KINDERGARTEN", "kinder"], marks=BOTH),
        ("A kindergarten", ["kindergartens"]),
        ("Pre-school for all", ["preschool", "pre-school", "pre school", "Pre‑school"]),
        ("Preschool for all", ["pre-school", "preschools"]),
        ("Two new policies", ["policy", "policies"]),
        ("A new policy", ["policies"]),
        ("Classes and boxes", ["class", "box"]),
        ("A class in a box", ["classes", "boxes"]),
        ("Women and a child", ["woman", "children"]),
        ("Uyghur labour programmes", ["uygur", "Uighurs", "labor", "program", "uighur labor program"]),
        ("Organized in two centers", ["organised", "centre", "centres"]),
        ("An organisation of pediatricians", ["organizations", "paediatrician"]),
        pytest.param("Élan naïf à Genève", ["elan", "ELAN naif", "geneve"], marks=BOTH),
        pytest.param("中国人权事业", ["人权", "人权事业", "中国"], marks=BOTH),
        pytest.param("حقوق الأويغور", ["الأويغور", "أويغور", "اويغور"], marks=BOTH),
        ("الْأُوَيْغُور", ["أويغور"]),
        pytest.param("สิทธิมนุษยชน", ["มนุษย", "สิทธิ"], marks=BOTH),
        ("Права человека", ["права", "ЧЕЛОВЕКА"]),
    ],
)
def test_words_are_found_as_their_language_writes_them(vellmark, edith, title, questions):
    titled(title, edith)
    for question in questions:
        assert ("sources", "letter") in matches(question), question
        hit = page_text("letter", question)
        assert "<mark>" in hit, question


def page_text(code, question):
    """The title of a source as the page of a search shows it."""
    from tracker.pages import search as page

    snapshot = read_snapshot()
    result = SearchResult(snapshot, question, "sources")
    document = next(each for each in result.documents if each.record.code == code)
    pieces = page.hit(snapshot, result, document)["title"]
    return "".join(f"<mark>{text}</mark>" if marked else text for text, marked in pieces)


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("news", "Anew"),
        ("aids", "Aid"),
        pytest.param("人权", "权人", marks=BOTH),
        ("unkind", "kind"),
        pytest.param("form", "reform", marks=BOTH),
        ("labour", "laboratory"),
    ],
)
def test_what_only_looks_alike_is_not_found(vellmark, edith, title, question):
    titled(title, edith)
    assert ("sources", "letter") not in matches(question)


@pytest.mark.parametrize(
    ("slip", "meant"),
    [pytest.param("xinjang", "xinjiang", marks=BOTH), ("kindergarden", "kindergarten"), ("watre", "water")],
)
def test_a_typing_slip_is_offered_and_not_put_in_its_place(client, vellmark, edith, slip, meant):
    titled("Xinjiang, a kindergarten, water", edith)
    assert matches(slip) == []
    page = source_of(client, f"/search/?q={slip}")
    assert f'Did you mean <a href="/search/?q={meant}">{meant}</a>?' in page
    assert "0 of " in words_of(page)
    assert "Did you mean" not in source_of(client, f"/search/?q={meant}")
    assert "Did you mean" not in source_of(client, "/search/?q=zzzzqqq")


@pytest.mark.parametrize(
    ("typed", "near"), [pytest.param("suicide", "pesticide", marks=BOTH), ("meningitis", "minorities"), ("hiv", "hi")]
)
def test_no_word_is_offered_that_only_looks_a_little_alike(client, vellmark, edith, typed, near):
    titled(near, edith)
    assert "Did you mean" not in source_of(client, f"/search/?q={typed}")


def test_words_that_stand_nowhere_together_are_counted_apart(client, vellmark, edith):
    titled("Freedom of expression", edith)
    page = source_of(client, '/search/?q=expression+"of+speech"+freedom')
    text = words_of(page)
    assert "No record has all of these words. How many have each of them: expression 1 &quot;of speech&quot; 0" in text
    assert '<a href="/search/?q=expression">expression' in page
    assert "How many have each" not in source_of(client, "/search/?q=zzzzqqq")


@pytest.mark.both_databases
def test_no_word_is_offered_that_stands_nowhere_any_more(client, vellmark, edith, rana):
    source = titled("Xylophone", edith)
    amended(source, edith, rana, title="A drum")
    assert search.nearest("xylofone") == ["xylophone"]
    assert "Did you mean" not in source_of(client, "/search/?q=xylofone")


def test_drafts_and_what_is_in_preparation_are_not_found(vellmark, edith, rana):
    prepare_by_itself(
        record=Source(code="quiet", publisher=Body.objects.first(), title="Quietude", reason_withheld="x"), by=edith
    )
    row = draft(record=drafts.value(81, summary="Unheard tidings."), by=edith, evidence=drafts.evidence("murmur"))
    handed_in = submit(record=row, by=edith)
    assert matches("quietude") == matches("tidings") == matches("murmur") == []
    assert not SearchText.objects.filter(text__contains="tidings").exists()
    publish(record=handed_in, by=rana)
    assert [kind for kind, _entry in matches("tidings")] == [kind for kind, _entry in matches("murmur")] == ["updates"]


@pytest.mark.both_databases
def test_a_correction_takes_the_place_of_what_it_corrects(vellmark, edith, rana):
    first = drafts.published(drafts.value(81, summary="Earlier tidings."), edith, rana)
    before = LedgerEntry.objects.head()
    second = drafts.value(82, summary="Newer tidings.")
    second.replaces, second.reason = first, "A slip."
    drafts.published(second, edith, rana)
    assert matches("earlier tidings") == []
    assert len(matches("newer tidings")) == 1
    assert matches("earlier tidings", known=before) == [("updates", first.entry_id)]
    assert matches("newer", known=before) == []


@pytest.mark.both_databases
def test_what_was_redacted_is_gone_on_any_day(vellmark, edith, rana):
    row = drafts.published(drafts.value(81, summary="Jorun told it."), edith, rana)
    before = LedgerEntry.objects.head()
    drafts.redact(record=row, reason="A person could be found.", by=rana)
    assert matches("jorun") == matches("jorun", known=before) == []
    assert "jorun" not in str(list(SearchText.objects.values_list("text", flat=True)))
    assert search.nearest("joruna") == []


def test_what_was_withdrawn_is_gone_and_stands_as_of_before(client, vellmark_progress, rana):
    assert matches("takenback") == []
    known = vellmark_progress["withdrawn"].entry_id
    assert matches("takenback", known=known) == [("updates", known)]


@pytest.mark.both_databases
def test_a_transaction_that_is_taken_back_leaves_nothing(vellmark, edith):
    from django.db import transaction

    with transaction.atomic():
        titled("Evanescent", edith)
        assert matches("evanescent")
        transaction.set_rollback(True)
    assert not SearchText.objects.filter(text="evanescent letter").exists()
    assert matches("evanescent") == []


def attached_text(text, code="I.1.1", sha256="1" * 64):
    return {"record": AttachedText(plan=Plan.objects.get(), sha256=sha256, quotes=0), "passages": {code: text}}


@pytest.mark.both_databases
def test_paragraphs_are_found_by_the_text_that_is_attached_and_by_no_edition_before(client, vellmark, edith):
    attach(**attached_text("Rivulets for every hamlet"), by=edith)
    assert matches("rivulets") == [("provisions", "I.1.1")]
    assert "<mark>Rivulets</mark> for every hamlet" in source_of(client, "/search/?q=rivulets")
    attach(**attached_text("Brooks for every hamlet", sha256="2" * 64), by=edith)
    assert matches("rivulets") == []
    assert matches("brooks") == [("provisions", "I.1.1")]
    assert rebuild() == (0, 0)


@pytest.mark.both_databases
def test_the_command_says_whether_the_index_is_right_and_puts_it_right(vellmark_progress, capsys):
    call_command("index_search")
    assert "is right" in capsys.readouterr().out
    SearchText.objects.filter(subject__startswith="body ").delete()
    SearchText.objects.create(key=-5, subject="body spy", text="spy")
    call_command("index_search")
    assert re.search(r"Put right: \d+ texts were missing, 1 were wrong", capsys.readouterr().out)
    assert matches("lake council", "bodies")
    assert rebuild() == (0, 0)


def test_the_page_has_kinds_with_counts_marks_and_links(client, vellmark_progress):
    page = source_of(client, "/search/?q=water")
    text = words_of(page)
    result = SearchResult(read_snapshot(), "water")
    assert f"{len(result.documents)} of " in text
    for kind, n in result.counts.items():
        assert f"/search/?q=water&amp;kind={kind}" in page
        assert f"{KINDS[kind]} {n}" in text
    assert "<mark>water</mark>" in page
    assert 'href="/vellmark-2030/commitments/?q=water"' in page
    one = source_of(client, "/search/?q=water&kind=metrics")
    hits = re.findall(r"<h2><a href=\"([^\"]+)\">", one)
    assert hits
    assert all(path.startswith("/metrics/") for path in hits)
    assert re.search(r'href="/search/\?q=water&amp;kind=metrics" aria-current="page"', one)
    for path in re.findall(r"<h2><a href=\"([^\"]+)\">", page):
        anchor = path.partition("#")[2]
        assert not anchor or f'id="{anchor}"' in source_of(client, path.partition("#")[0]), path


def test_it_has_pages(client, vellmark_progress):
    total = len(matches("the"))
    assert total > 20
    first, second = source_of(client, "/search/?q=the"), source_of(client, "/search/?q=the&page=2")
    assert f"1 to 20 of {total}" in words_of(first)
    assert 'rel="next" href="/search/?q=the&amp;page=2"' in first
    assert 'rel="prev" href="/search/?q=the"' in second or 'rel="prev" href="/search/?q=the&amp;page=1"' in second
    assert "page=999" in refused(client, "/search/?q=the&page=999")


def test_what_makes_no_sense_is_refused_by_name(client, vellmark):
    assert "at most 400 characters; this has 401" in refused(client, f"/search/?q={'a' * 401}")
    assert "at most 64 different words" in refused(client, "/search/?q=" + "+".join(f"a{n}" for n in range(65)))
    assert "kind=colour" in refused(client, "/search/?q=a&kind=colour")
    assert "“colour”" in refused(client, "/search/?q=a&colour=red")
    assert "known=1995-01-01" in refused(client, "/search/?q=a&known=1995-01-01")


def test_without_words_it_says_what_can_be_found(client, vellmark_progress):
    promises = len(read_snapshot().commitments)
    for address in ("/search/", "/search/?q=+"):
        text = words_of(page_of(client, address))
        assert "Type a word, a name, a code or the symbol of a document." in text
        assert f"Promises {promises}" in text
    assert "0 of " in words_of(page_of(client, "/search/?q=%C2%B6"))


def test_what_is_asked_is_shown_as_text(client, vellmark):
    question = '<script>alert("1")</script>'
    page = client.get("/search/", {"q": question}).content.decode()
    assert "<script>alert" not in page
    assert html.escape(question) in page
    assert '<meta name="robots" content="noindex">' in page


@pytest.mark.both_databases
def test_nothing_that_can_be_typed_is_an_error(client, vellmark):
    typed = [question.encode("utf-8", "replace").decode() for question in HOSTILE]
    answers = {question: client.get("/search/", {"q": question}).status_code for question in typed}
    assert {question: status for question, status in answers.items() if status not in (200, 400)} == {}


def test_any_words_are_marked_where_they_are_found(vellmark_progress):
    snapshot = read_snapshot()
    promises = snapshot.plan("vellmark-2030").rows

    @examples(20)
    @given(st.data())
    def holds(data):
        promise = data.draw(st.sampled_from(promises))
        word = data.draw(st.sampled_from(search.words_of(promise.title)))
        terms = search.terms_of(word)
        pieces = search.marked(promise.title, terms)
        assert "".join(text for text, _marked in pieces) == promise.title
        marked = [text for text, is_marked in pieces if is_marked]
        assert marked
        assert any(search.stands_in(terms[0], search.text_of([text])) for text in marked)

    holds()


def test_an_excerpt_is_cut_between_words_where_the_words_are():
    long = "Before it. " * 60 + "The deep wells are here. " + "After it. " * 60
    number, pieces = search.excerpt(["Nothing.", long], search.terms_of("wells deep"))
    text = "".join(piece for piece, _marked in pieces)
    assert number == 1
    assert [piece for piece, marked in pieces if marked] == ["deep", "wells"]
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert len(text) < search.GLANCE + 20
    assert text[2:-2] in long
    assert search.excerpt(["Nothing."], search.terms_of("wells")) == (0, [])


@pytest.mark.both_databases
def test_a_page_of_hits_costs_the_log_and_one_search(client, vellmark_progress, django_assert_num_queries):
    client.get("/search/?q=water")
    with django_assert_num_queries(2):
        client.get("/search/?q=water+law+deep&kind=commitments")
    with django_assert_num_queries(1):
        client.get("/search/")
    with django_assert_num_queries(3):  # parts of words too
        client.get("/search/?q=%D8%A3%D9%88%D9%8A%D8%BA%D9%88%D8%B1")
    near = 5 if connection.vendor == "sqlite" else 6
    with django_assert_num_queries(near):
        assert "Did you mean" in client.get("/search/?q=watre").content.decode()
    etag = client.get("/search/?q=water")["ETag"]
    with django_assert_num_queries(1):
        assert client.get("/search/?q=water", headers={"If-None-Match": etag}).status_code == 304


def test_the_box_stands_on_every_page_and_the_explorer_says_what_its_own_searches(client, vellmark):
    for address in ("/", "/vellmark-2030/commitments/", "/data/", "/about/", "/nothing-here/"):
        page = client.get(address).content.decode()
        assert re.search(r'<form class="find" role="search" action="/search/">', page), address
        assert "/search/opensearch.xml" in page
    assert client.get("/search/?q=water").content.decode().count('role="search"') == 1
    explorer = words_of(page_of(client, "/vellmark-2030/commitments/?q=nothingsuch"))
    assert "Looks through what each promise says" in explorer
    assert "Search everything for these words" in explorer


def test_the_api_gives_the_same_hits(client, vellmark_progress):
    answer = client.get("/api/v1/search/?q=water&page_size=5").json()
    result = SearchResult(read_snapshot(), "water")
    assert answer["count"] == len(result.documents)
    assert answer["kinds"] == {kind: result.counts[kind] for kind in KINDS if result.counts[kind]}
    assert len(answer["results"]) == 5
    assert "page=2" in answer["next"]
    for row in client.get("/api/v1/search/?q=water&page_size=100").json()["results"]:
        of_plan = row["kind"] in ("commitments", "provisions", "categories", "baseline")
        key = f"{row['plan']}/{row['code']}" if of_plan else row["entry"] or row["code"]
        assert client.get(f"/api/v1/{row['kind']}/{key}/").status_code == 200, row
    assert client.get("/api/v1/search/?q=watre").json()["instead"] == "water"
    assert client.get("/api/v1/search/").json()["results"] == []
    assert client.get("/api/v1/search/?q=a&colour=red").status_code == 400
    assert client.get("/api/v1/search/?q=a&page_size=101").status_code == 400


def test_browsers_are_told_how_to_ask(client, vellmark, settings):
    settings.SITE_URL = "https://tracker.example"
    response = client.get("/search/opensearch.xml")
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    assert 'template="https://tracker.example/search/?q={searchTerms}"' in response.content.decode()
    short = re.search("<ShortName>(.*?)</ShortName>", response.content.decode())[1]
    assert len(short) <= 16
