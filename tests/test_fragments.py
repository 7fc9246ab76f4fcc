"""What pages have in common is written once, and never shown where it does not belong."""

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from tracker.snapshot.cache import forget, read_snapshot
from tracker.templatetags import constant
from tracker.wording.labels import day_in_words, in_each_language

from . import drafts

pytestmark = pytest.mark.django_db

PLAN = "/vellmark-2030"
PROMISE = f"{PLAN}/commitments/I.1.1a/"
DAYS = ("", "on=2024-01-01", "known=2026-11-30", "on=2024-01-01&known=2026-11-30", "on=2030-12-31")
PAGES = (
    *(
        PROMISE,
        f"{PLAN}/commitments/I.1.1b/",
        f"{PLAN}/commitments/",
        f"{PLAN}/commitments/?columns=kind&columns=status",
    ),
    *("/", f"{PLAN}/", f"{PLAN}/rights/", f"{PLAN}/rights/I.1/", f"{PLAN}/changes/", "/metrics/", "/search/?q=law"),
)


@pytest.fixture(autouse=True)
def nothing_written(monkeypatch):
    """Fragments of this test alone."""
    monkeypatch.setattr(constant, "fragments", constant.Fragments())


def page(client, address, **headers):
    response = client.get(address, **headers)
    assert response.status_code == 200, address
    return response.content


def with_days(address, days):
    return f"{address}{'&' if '?' in address else '?'}{days}" if days else address


@pytest.mark.slow
def test_what_others_asked_before_changes_no_page(client, vellmark_progress, edith, signed_in):
    addresses = [with_days(address, days) for address in PAGES for days in DAYS]
    addresses = [address for address in addresses if client.get(address).status_code == 200]
    assert len(addresses) > 3 * len(DAYS)
    staff = signed_in(edith)
    for each in (client, staff):
        for address in reversed(addresses):
            each.get(address)
            each.get(address, HTTP_HX_REQUEST="true")
    assert constant.fragments.texts
    after_others = {address: (page(client, address), page(staff, address)) for address in addresses}
    for address, found in after_others.items():
        constant.fragments = constant.Fragments()
        assert page(client, address) == found[0] == found[1], address


def test_a_promise_and_its_row_are_written_anew_after_a_publication(client, vellmark_progress, edith, rana):
    before = page(client, PROMISE), page(client, f"{PLAN}/commitments/")
    assert (page(client, PROMISE), page(client, f"{PLAN}/commitments/")) == before
    drafts.published(drafts.value(93, "2026-11-20", summary="Counted anew."), edith, rana)
    after = page(client, PROMISE), page(client, f"{PLAN}/commitments/")
    assert b"Counted anew." in after[0]
    assert b"Counted anew." not in before[0]
    assert b'<span class="num">93</span>' in after[1]
    assert b'<span class="num">93</span>' not in before[1]


def test_another_reading_of_the_same_entry_and_day_is_another(vellmark):
    first = read_snapshot()
    forget()
    again = read_snapshot()
    assert (first.head_hash, first.on) == (again.head_hash, again.on)
    assert first.reading != again.reading


def written(source, times=1, **values):
    """What a template writes of some values, each time anew, and how often it wrote what stands within."""
    asked, template = [], Template(source)
    values |= {"ask": lambda: asked.append(1) or "asked"}
    return [template.render(Context(values)) for _n in range(times)], len(asked)


def test_a_fragment_is_written_once_for_all_that_it_names(vellmark):
    snapshot, template = read_snapshot(), Template("{% fragment_of a b %}{{ a }}{{ b }}{% fragment_ends %}")

    def write(a, b):
        return template.render(Context({"snapshot": snapshot, "a": a, "b": b}))

    assert [write(1, 2), write(1, 3), write("x", "<"), write(1, 2)] == ["12", "13", "x&lt;", "12"]
    assert len(constant.fragments.texts) == 3
    source = "{% fragment_of a %}{{ ask }}{% fragment_ends %}"
    assert written(source, 3, snapshot=snapshot, a=1) == (["asked"] * 3, 1)
    assert written(source, 3, a=1) == (["asked"] * 3, 3)  # of no snapshot, such as a page of an error
    source, asked = "{{ n }}{% fragment_of a from=more %}{{ n }}{% fragment_ends %}{{ n }}", []
    more = {"a": 2, "n": "-", "more": lambda: asked.append(1) or {"n": "more"}}
    assert written(source, 3, snapshot=snapshot, **more)[0] == ["-more-"] * 3
    assert asked == [1]
    assert written(source, 2, **more)[0] == ["-more-"] * 2
    template = Template("{% fragment_of 1 %}{% translate 'January' %}{% fragment_ends %}")
    in_english = template.render(Context({"snapshot": snapshot}))
    with translation.override("de"):
        assert template.render(Context({"snapshot": snapshot})) == "Januar"
    assert in_english == "January"


def test_memory_is_bounded_and_what_was_written_longest_ago_goes(monkeypatch):
    monkeypatch.setattr(constant, "FRAGMENTS", 1000)
    fragments = constant.Fragments()
    for number in range(50):
        fragments.put(number, "“" * 30)  # 90 bytes
        fragments.put(number, "“" * 30)
        assert fragments.size == sum(map(len, fragments.texts.values())) <= 1000
    assert (fragments.get(49), fragments.get(0)) == ("“" * 30, None)


def test_words_are_kept_for_each_language_and_sentences_with_parts_are_not():
    template = Template(
        "{% translate 'January' %} {% blocktranslate %}February{% endblocktranslate %} "
        "{% blocktranslate %}{{ n }} March{% endblocktranslate %} {% translate month %}"
    )
    assert template.render(Context({"n": 1, "month": "May"})) == "January February 1 March May"
    with translation.override("de"):
        assert template.render(Context({"n": 2, "month": "July"})) == "Januar Februar 2 March Juli"
    assert template.render(Context({"n": 3, "month": "June"})) == "January February 3 March June"


def test_addresses_are_those_that_django_gives():
    template = Template("{% url 'commitment-detail' plan code %} {% url 'home' as home %}{{ home }} {% url name %}")
    for code in ("I.1.1a", "I.1.1b", "I.1.1a"):
        context = {"plan": "p", "code": code, "name": "method"}
        expected = reverse("commitment-detail", args=["p", code])
        assert template.render(Context(context)) == f"{expected} / {reverse('method')}"
    with pytest.raises(NoReverseMatch):
        Template("{% url 'commitment-detail' nothing %}").render(Context())


def test_what_is_kept_of_a_value_is_its_own_in_each_language():
    asked = []
    words = in_each_language(lambda value: asked.append(value) or f"{translation.get_language()} {value!r}")
    assert [words(1), words(True), words("1"), words(1)] == ["en-gb 1", "en-gb True", "en-gb '1'", "en-gb 1"]
    with translation.override("de"):
        assert words(1) == "de 1"
    assert len(asked) == 4


def test_a_moment_is_in_words_by_its_own_clock():
    import datetime as dt

    moment = dt.datetime(2024, 3, 5, 23, tzinfo=dt.UTC)
    assert day_in_words(moment) == "5 March 2024"
    assert day_in_words(moment.astimezone(dt.timezone(dt.timedelta(hours=2)))) == "6 March 2024"
