"""What people type: each gets the value that was meant, or a sentence that says what to write."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tracker.text import typed

from .examples import examples

NUMBERS = {
    "92,9": "92.9",
    "92.9": "92.9",
    "−5": "-5",
    "–5": "-5",
    "-0": "0",
    "+5": "5",
    ".5": "0.5",
    "007": "7",
    "1 234": "1234",
    "1\u202f234,5": "1234.5",
    "1'234": "1234",
    "1’234.5": "1234.5",
    "1,234,567": "1234567",
    "1.234.567,5": "1234567.5",
    "12,34,567": "1234567",
    "0.123": "0.123",
    "1234,567": "1234.567",
    "1.2340": "1.234",
    "１２．５": "12.5",
    "١٬٢٣٤٫٥": "1234.5",
    "९२.९": "92.9",
}
NOT_NUMBERS = {
    "1,234": "1.2340 or 1234",
    "1.234": "1.2340 or 1234",
    "−1.234": "-1.2340 or -1234",
    "12–15": "a range",
    "12 to 15": "a range",
    "1.918 billion": "1918000000 or 1918000000000",
    "1.91 billion": "without words: 1910000000, or 1.91 if",
    "3.5万": "35000",
    "1e5": "write 100000",
    "1.23E+11": "write 123000000000",
    "2.5 x 10^6": "write 2500000",
    "½": "write 0.5",
    "-3½": "write -3.5",
    "> 60": "choose its bound",
    "~92": "choose its bound",
    "92.9 percent": "leave out “percent”",
    "92.9%": "the unit here is not percent",
    "\u202d5": "left-to-right override",
    "9" * 30: "too long",
} | dict.fromkeys(
    ["1e400", "0x10", "9 2", "5²", "1/2", "nan", "inf", "5-", "(5)", "- 5", "-", "3\n4", "٣1"], "not a number"
)


@pytest.mark.parametrize(("written", "value"), NUMBERS.items())
def test_a_number_is_the_one_that_was_meant(written, value):
    assert typed.number(f" {written} ") == Decimal(value)


@pytest.mark.parametrize(("written", "words"), NOT_NUMBERS.items())
def test_what_is_no_number_or_two_is_refused_with_what_to_write(written, words):
    with pytest.raises(ValidationError) as refused:
        typed.number(written)
    assert words in refused.value.messages[0]


def test_blank_is_nothing_and_what_the_field_knows_decides():
    assert typed.number("  ") is None
    assert typed.number("92.9 %", percent=True) == Decimal("92.9")
    assert typed.number("1.234", point=True) == Decimal("1.234")
    with pytest.raises(ValidationError):
        typed.number("1,234", point=True)


PIECES = st.sampled_from([*"0123456789.,'’- −–e%½٣１", "\xa0", "\u202f", "000", "234", " million", "billion"])


@pytest.mark.slow
@given(st.one_of(st.text(max_size=12), st.lists(PIECES, max_size=8).map("".join)))
@examples(400)
def test_what_is_stored_is_shown_as_something_that_reads_as_the_same_number(written):
    try:
        value = typed.number(written, percent=True)
    except ValidationError:
        return
    assert value is None if not written.strip() else typed.number(typed.written_number(value)) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
@examples(100)
def test_every_number_that_can_be_stored_can_be_shown_and_typed_again(value):
    assert typed.number(typed.written_number(value)) == value


DAYS = {
    "2025": ("2025-12-31", "year"),
    "2025-12": ("2025-12-31", "month"),
    "2024-02": ("2024-02-29", "month"),
    "2025-12-31": ("2025-12-31", "day"),
    "2025–12–31": ("2025-12-31", "day"),
    "2025/12/31": ("2025-12-31", "day"),
    "31 December 2025": ("2025-12-31", "day"),
    "31st Dec. 2025": ("2025-12-31", "day"),
    "December 31, 2025": ("2025-12-31", "day"),
    "December 2025": ("2025-12-31", "month"),
    "31/12/2025": ("2025-12-31", "day"),
    "31.12.2025": ("2025-12-31", "day"),
    "12/31/2025": ("2025-12-31", "day"),
    "05/05/2025": ("2025-05-05", "day"),
    "2025年6月": ("2025-06-30", "month"),
    "٢٠٢٥": ("2025-12-31", "year"),
}
NOT_DAYS = {"03/04/2025": "3 April 2025 in some countries and 4 March 2025 in others: write 2025-04-03 or 2025-03-04"}
NOT_DAYS |= dict.fromkeys(
    ["2025-13", "2025-02-30", "31/12/25", "2010/11", "Q4 2025", "2568", "46022", "Foo 2025", "00/04/2025", "soon"],
    "write 2025-12-31, 2025-12 or 2025",
)


@pytest.mark.parametrize(("written", "meant"), DAYS.items())
def test_a_day_is_as_exact_as_it_was_typed(written, meant):
    day, precision = typed.day(f" {written} ")
    assert (str(day), precision) == meant
    assert typed.day(typed.written_day(day, precision)) == (day, precision)


@pytest.mark.parametrize(("written", "words"), NOT_DAYS.items())
def test_what_is_no_day_or_two_is_refused_with_what_to_write(written, words):
    with pytest.raises(ValidationError) as refused:
        typed.day(written)
    assert words in refused.value.messages[0]


def test_a_year_can_mean_its_first_day_and_nothing_is_nothing():
    assert typed.day("2025", last=False) == (datetime.date(2025, 1, 1), "year")
    assert typed.day(" ") == (None, "")


SEEN = [
    "می\u200cخواهم",
    "क्\u200dष",
    "👩\u200d👩\u200d👧",
    "👩🏽\u200d🔬",
    "שלום\u200f!",
    "ក\u200bខ",
    "a\tb\nc",
    "北京",
]
UNSEEN = {
    "bell\a": "Nobody sees character 5, after “bell”: delete it (bell, U+0007)",
    "\u202eabc": "Nobody sees character 1: delete it (right-to-left override, U+202E)",
    "a\u2066b": "left-to-right isolate",
    "a\u200bb": "zero width space",
    "a\u200db": "zero width joiner",
    "a\u200fb": "right-to-left mark",
    "soft\xadhyphen": "soft hyphen",
    "\ufeffa": "zero width no-break space",
    "a\0": "null",
    "lost \ufffd": "replacement character",
}


@pytest.mark.parametrize("written", SEEN)
def test_what_a_script_needs_stays(written):
    assert typed.text(written) == written


@pytest.mark.parametrize(("written", "words"), UNSEEN.items())
def test_what_nobody_sees_is_named_with_its_place(written, words):
    with pytest.raises(ValidationError) as refused:
        typed.text(written)
    assert words in refused.value.messages[0]


def test_a_copy_of_a_text_from_before_loses_what_nobody_sees_and_no_more():
    assert typed.seen("a\u202eb\a و\u200cه") == "ab و\u200cه"
    assert typed.seen(None) is None


def test_lines_end_alike_and_letters_are_composed():
    assert typed.text("e\u0301\r\nb\rc\u2028d") == "é\nb\nc\nd"
