"""Full-text search: what is a word, what finds a promise, an index that follows the registry, hostile questions."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from tracker import search
from tracker.actions.changes import amend, amend_at_once
from tracker.actions.progress import publish, submit
from tracker.filters.commitments import CommitmentFilter
from tracker.loader.load import load_folder
from tracker.models import BeneficiaryGroup, Category, Commitment, LedgerEntry, Metric, Provision, SearchText, triggers
from tracker.snapshot.cache import read_snapshot

from .conftest import VELLMARK
from .drafts import redact
from .examples import examples
from .reading import source_of

pytestmark = pytest.mark.django_db

EXPLORER = "/vellmark-2030/commitments/"
HOSTILE = [
    '"', '""', '"""', '" "', "'", "''", "\\", "*", "**", '"*', '"" *', "NEAR(", "NEAR(a b, 5)", "AND",
    "OR", "NOT", "NOT a", "-", "--", "-a", "a-", ":", "text:a", "subject : a", "^", "^a", "{a b}", "(a",
    "a)", "()", "+", "a + b", "a:*", "a & b", "a | !b", "!a", "a <-> b", "<->", "&", "|", "!", "%", "_",
    "\\'", "$$", ";--", "null", "None", "undefined", "nan", "0", "\U0001f6b0",
    "\U0001f468‍\U0001f469‍\U0001f467", "人权", "水", "ﷺ", "İ", "ß", "ǆ", "e\u0301", "\u0301", "\u202e",
    "\ufeff", "\ud800", "\udfff a", "\ufffd", "\x1f", "\x7f", "\u2028", "\u00a0", "٣", "½", "Ⅷ",
    "x" * 3000, "é" * 3000, '"' * 10_000, "NEAR(" * 2000, "a " * 5000, "* " * 5000,
]  # fmt: skip


def codes_for(question, known=None, plan="vellmark-2030"):
    """Codes of the promises that a question finds, asked as the explorer asks."""
    snapshot = read_snapshot(known=known)
    data = QueryDict(mutable=True)
    data["q"] = question
    filters = CommitmentFilter(data, snapshot=snapshot, plan=snapshot.plan(plan), paged=False)
    return [c.code for c in filters.answer()[0]]


def indexed():
    return {row.key: (row.subject, row.text) for row in SearchText.objects.all()}


def matching(word):
    """Keys of the wordings that have a word, as the index has it."""
    return set(search.matches(search.terms_of(word))[0])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Élan, naïve — “Straße”", ["elan", "naive", "strasse"]),
        ("I.1.1a well-being 88%", ["i", "1", "1a", "well", "being", "88"]),
        ("snake_case", ["snake", "case"]),
        ("人权 of 2021年", ["人", "权", "of", "2021", "年"]),
        ("\U0001f6b0 … ¶", []),
    ],
)
def test_a_word_is_a_run_of_letters_and_digits_and_an_ideograph_is_one(text, words):
    assert search.words_of(text) == words


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("Deep wells", [(("deep",), True), (("wells",), True)]),
        ('"deep wells" north', [(("deep", "wells"), False), (("north",), True)]),
        ("“deep wells”", [(("deep", "wells"), False)]),
        ('deep "wells in', [(("deep",), True), (("wells",), True), (("in",), True)]),
        ("I.2", [(("i", "2"), True)]),
        ("water WATER wáter", [(("water",), True)]),
        ('"" * -', []),
    ],
)
def test_a_question_is_words_to_begin_with_and_quoted_words_as_they_stand(question, terms):
    assert [(term.words, term.open) for term in search.terms_of(question)] == terms


@pytest.mark.both_databases
def test_every_text_of_a_promise_and_of_what_it_stands_under_is_searched(vellmark):
    assert codes_for("I.1.1b") == ["I.1.1b"]
    assert codes_for("fifteen") == []
    assert codes_for("homes with tap") == codes_for("tap with homes") == []
    for question in ("Daily Life", "daily life water"):  # the chapter's title
        assert set(codes_for(question)) >= {"I.1.1a", "I.1.1e"}, question
    assert "I.2.1a" not in codes_for("daily life water wells")
    metric = Metric.objects.get(code="deep-wells-dug")
    assert "I.1.1b" in codes_for(f'"{metric.name}"')
    promise = Commitment.objects.exclude(other_reading="").first()
    assert promise.code in codes_for(f'"{promise.other_reading}"')
    assert promise.code in codes_for(f'"{promise.provision.title}"')


@pytest.mark.both_databases
def test_a_phrase_does_not_run_from_one_text_into_the_next(vellmark):
    promise = Commitment.objects.get(code="I.1.1b")
    assert codes_for('"wells dug"') == ["I.1.1b", "I.1.1c"]
    last, first = search.words_of(promise.quote)[-1], search.words_of(promise.test)[0]
    assert codes_for(f'"{last} {first}"') == []
    assert promise.code in codes_for(f"{last} {first}")


@pytest.mark.both_databases
def test_any_promise_is_found_by_any_of_its_words_and_by_any_run_of_them(vellmark):
    rows = list(Commitment.objects.all())

    @examples(20)
    @given(st.data())
    def holds(data):
        promise = data.draw(st.sampled_from(rows))
        text = search.words_of(data.draw(st.sampled_from([promise.title, promise.quote, promise.test])))
        start = data.draw(st.integers(0, len(text) - 1))
        run = text[start : start + data.draw(st.integers(1, 5))]
        assert promise.code in codes_for(f'"{" ".join(run)}"')
        shortened = data.draw(st.integers(1, len(run[-1])))
        assert promise.code in codes_for(" ".join([*run[:-1], run[-1][:shortened]]))
        assert promise.code not in codes_for(" ".join([*run, "nothing-such"]))

    holds()


@pytest.mark.parametrize("question", HOSTILE)
def test_a_hostile_question_is_a_search_for_its_words_or_for_nothing(vellmark, question):
    codes = codes_for(question)
    words = {word for term in search.terms_of(question) for word in term.words}
    if not words and question.strip():  # a blank is no question, and leaves all in the set
        assert codes == []
    texts = {c.code: " ".join((c.code, c.title, c.quote, c.test, c.other_reading)) for c in Commitment.objects.all()}
    for code in codes:
        c = Commitment.objects.get(code=code)
        around = [c.provision.title, c.metric.name if c.metric else ""]
        place = c.provision.category
        while place:
            around.append(place.title)
            place = place.parent
        have = search.words_of(" ".join([texts[code], *around]))
        assert all(any(each.startswith(word) for each in have) for word in words), code


def test_nothing_that_can_be_typed_is_an_error(client, vellmark):
    signs = st.sampled_from([*"\"*^:-+(){}|&!<>\\'%_~", "NEAR", "AND", "OR", "NOT", " ", "water", "é", "人"])

    @examples(20)
    @given(st.text(max_size=60) | st.lists(signs, max_size=12).map("".join))
    def holds(question):
        question = question.encode("utf-8", "replace").decode()
        response = client.get(EXPLORER, {"q": question.replace("\0", "")})
        assert response.status_code == 200
        if not search.words_of(question) and question.replace("\0", "").strip():
            assert '<h2 id="found">0 ' in response.content.decode()

    holds()


@pytest.mark.both_databases
def test_a_search_is_one_question_however_many_words(vellmark, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(search.matches(search.terms_of("water wells deep law " * 3))) == 4
    with django_assert_num_queries(0):
        assert search.matches(search.terms_of("% *")) == []


@pytest.mark.both_databases
def test_the_index_holds_what_the_registry_says(vellmark):
    expected = {}
    for record in (*Commitment.objects.all(), *Metric.objects.all(), *Category.objects.all()):
        expected |= {key: (subject, search.text_of(texts)) for key, subject, texts, _w in search.wordings_of(record)}
    assert expected.items() <= indexed().items()
    kinds = {subject.split()[0] for subject, _text in indexed().values()}
    assert kinds - {"update", "finding"} == set(search.SEARCHED) - {"recommendation"}  # the plan has none
    assert list(search.wordings_of(BeneficiaryGroup.objects.first())) == []


def amended(record, by, reviewer, **changes):
    row = amend(record=record, changes=changes, reason="Clearer.", by=by)
    return publish(record=submit(record=row, by=by), by=reviewer)


@pytest.mark.both_databases
def test_an_amended_wording_is_found_today_and_the_old_one_by_what_was_known_before(vellmark, edith, rana):
    promise, before = Commitment.objects.get(code="I.1.1a"), LedgerEntry.objects.head()
    amended(promise, edith, rana, title="Running faucets")
    between = LedgerEntry.objects.head()
    amend_at_once(
        record=Commitment.objects.get(code="I.1.1a"),
        changes={"title": "Spigots"},
        reason="Plainer.",
        by=edith,
        reviewer=rana,
    )
    assert codes_for("spigots") == ["I.1.1a"]
    assert codes_for("faucets") == []
    assert codes_for("faucets", known=between) == ["I.1.1a"]
    assert codes_for("spigots", known=between) == codes_for("faucets", known=before) == []
    assert "I.1.1a" in codes_for('"Piped water in 88 percent or more of village homes"', known=before)
    assert "I.1.1a" not in codes_for('"Piped water in 88 percent or more of village homes"', known=between)


def test_an_amended_metric_is_found_under_its_name_of_the_time(vellmark, edith, rana):
    metric, before = Metric.objects.get(code="deep-wells-dug"), LedgerEntry.objects.head()
    amended(metric, edith, rana, name="Boreholes sunk")
    assert codes_for("boreholes") == ["I.1.1b"]
    assert codes_for("boreholes", known=before) == []
    assert "I.1.1b" in codes_for('"deep wells dug"', known=before)


@pytest.mark.parametrize(("model", "code"), [(Category, "I.2"), (Provision, "I.2.1")])
def test_an_amended_title_of_the_text_is_found_under_that_of_the_time(vellmark, edith, rana, model, code):
    record, before = model.objects.get(plan__code=vellmark, code=code), LedgerEntry.objects.head()
    plan, title = read_snapshot().plan(vellmark), record.title
    mine = [c.code for c in (plan.by_category if model is Category else plan.by_provision)[code]]
    amended(record, edith, rana, title="Livelihood")
    assert codes_for("livelihood") == mine
    assert codes_for("livelihood", known=before) == []
    assert set(mine) <= set(codes_for(f'"{title}"', known=before))
    titles = SearchText.objects.filter(
        subject=f"{model._meta.model_name} {vellmark}/{code}", text__in=("livelihood", search.text_of([title]))
    )
    assert titles.count() == 2


def test_an_amendment_that_is_only_drafted_is_not_found(vellmark, edith):
    amend(record=Commitment.objects.get(code="I.1.1a"), changes={"title": "Faucets"}, reason="Plainer.", by=edith)
    assert codes_for("faucets") == []
    assert not SearchText.objects.filter(text__contains="faucets").exists()


@pytest.mark.both_databases
def test_what_was_redacted_is_gone_from_the_index(vellmark, edith, rana):
    promise = Commitment.objects.get(code="I.1.1a")
    amended(promise, edith, rana, title="Water for Miriam")
    second = amended(Commitment.objects.get(code="I.1.1a"), edith, rana, title="Water for homes")
    assert matching("miriam")
    redact(record=second, reason="A family could be found.", by=rana)
    assert not matching("miriam")
    assert "miriam" not in str(indexed())
    assert "I.1.1a" in codes_for('"water for homes"')


@pytest.mark.both_databases
def test_after_migrating_an_empty_index_is_filled_with_all_wordings_of_a_database(vellmark_progress, edith, rana):
    amended(Commitment.objects.get(code="I.1.1a"), edith, rana, title="Faucets")
    amended(Commitment.objects.get(code="I.1.1a"), edith, rana, quote="to the valleys", title="Spigots")
    amended(Metric.objects.get(code="deep-wells-dug"), edith, rana, name="Boreholes sunk")
    before = indexed()
    assert "faucets" in str(before)
    SearchText.objects.all().delete()
    assert matching("water") == set()
    call_command("migrate", verbosity=0)
    assert indexed() == before
    assert matching("faucets")


@pytest.mark.both_databases
def test_the_best_match_comes_first_when_asked_for(client, vellmark):
    def codes(query):
        return re.findall(r'<td class="num">([\w.]+)</td>', source_of(client, f"{EXPLORER}?{query}"))

    plain, ranked = codes("q=water+law"), codes("q=water+law&sort=relevance")
    assert sorted(plain) == sorted(ranked)
    assert plain == ["I.1.1d"]
    by_plan, by_fit = codes("q=water"), codes("q=water&sort=relevance")
    assert sorted(by_plan) == sorted(by_fit)
    titled = [c.code for c in Commitment.objects.all() if "water" in c.title.lower()]
    assert 0 < len(titled) < len(by_fit)
    assert set(by_fit[: len(titled)]) == set(titled)
    assert codes("sort=relevance") == codes("")


def test_two_plans_are_searched_apart(vellmark, tmp_path):
    other = tmp_path / "other-2030"
    for path in VELLMARK.rglob("*.toml"):
        if path.name in ("bodies.toml", "groups.toml", "metrics.toml"):
            continue
        target = other / path.relative_to(VELLMARK)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = Path(path).read_text().replace("vellmark-2030", "other-2030")
        target.write_text(text.replace("Three deep wells", "Three wide wells"))
    load_folder(other)
    assert codes_for('"deep wells"') == ["I.1.1b", "I.1.1c"]
    assert codes_for('"wide wells"') == []
    assert codes_for('"wide wells"', plan="other-2030") == ["I.1.1c"]


@pytest.mark.both_databases
def test_emptying_the_database_empties_the_index(lasting_db):
    SearchText.objects.create(key=-7, subject="commitment somewhere/I.1a", text="water for all")
    assert matching("water")
    triggers.remove()
    call_command("flush", "--noinput", verbosity=0)
    assert SearchText.objects.count() == 0
    assert matching("water") == set()


def test_sqlite_finds_its_index_sound(vellmark, edith, rana):
    if connection.vendor != "sqlite":
        pytest.skip("FTS5 is SQLite's")
    amended(Commitment.objects.get(code="I.1.1a"), edith, rana, title="Faucets")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO tracker_search(tracker_search, rank) VALUES ('integrity-check', 1)")
        cursor.execute("INSERT INTO tracker_searchgrams(tracker_searchgrams, rank) VALUES ('integrity-check', 1)")
