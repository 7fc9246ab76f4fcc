"""dump_plan: the registry written back as the seed files that it came from, byte for byte, with what people changed."""

import contextlib
import datetime
import io
import re
import shutil
import string
import unicodedata
from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from tests.registering import register
from tracker import models
from tracker.actions.changes import amend as changes_amend
from tracker.actions.progress import publish, submit
from tracker.loader.files import read_folder, write_rows
from tracker.loader.load import LoadError, load_folder
from tracker.schema import (
    CITED,
    COMMITMENTS,
    DATE,
    FLAG,
    MANY,
    NUMBER,
    ONE,
    PROGRESS,
    PROSE,
    REPEATED,
    TABLES,
    TEXT,
    WHOLE,
    WORDS,
)

from .conftest import CHINA, VELLMARK
from .examples import examples
from .factories import BodyFactory

pytestmark = pytest.mark.django_db


def files_of(folder):
    """Every file below a folder with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def dump(*arguments, **options):
    """What the command says."""
    out = io.StringIO()
    call_command("dump_plan", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def commitment(code):
    return models.Commitment.objects.get(code=code)


def amend(edith, rana, record, **changes):
    """Change a record by hand: one person drafts, another publishes."""
    drafted = changes_amend(record=record, changes=changes, reason="Seen in print.", by=edith)
    publish(record=submit(record=drafted, by=edith), by=rana)


@pytest.mark.both_databases
def test_what_was_loaded_is_written_back_byte_for_byte(vellmark, tmp_path):
    assert dump(vellmark, tmp_path / "out") == f"17 files written to {tmp_path / 'out'}\n"
    assert files_of(tmp_path / "out") == files_of(VELLMARK)


def test_the_real_plan_is_written_back_byte_for_byte(china, tmp_path):
    """All but evidence-rows.csv, which no command reads, and the zeros that a figure ends in."""
    dump(china, tmp_path)
    seeds = {path.relative_to(CHINA).as_posix(): path.read_bytes() for path in CHINA.rglob("*.toml")}
    plain = {name: re.sub(rb"(?m)^(value = -?\d+\.\d*[1-9])0+$", rb"\1", text) for name, text in seeds.items()}
    assert files_of(tmp_path) == plain


def test_it_writes_nothing_to_the_registry(vellmark, tmp_path):
    before = models.LedgerEntry.objects.head()
    dump(vellmark, tmp_path)
    assert models.LedgerEntry.objects.head() == before


def test_it_says_nothing_at_verbosity_0(vellmark, tmp_path):
    assert dump(vellmark, tmp_path, verbosity=0) == ""
    assert (tmp_path / "plan.toml").exists()


def test_without_a_folder_it_writes_over_the_seeds_of_that_plan(vellmark, tmp_path, settings):
    settings.SEEDS = tmp_path
    dump(vellmark)
    assert files_of(tmp_path / "vellmark-2030") == files_of(VELLMARK)


def test_a_hand_change_is_one_changed_line_of_one_file_and_its_reason(vellmark, edith, rana, tmp_path):
    amend(edith, rana, commitment("I.1.1a"), title="Water for “villages”", target_value=Decimal("88.50"))
    dump(vellmark, tmp_path)
    written, loaded = files_of(tmp_path), files_of(VELLMARK)
    assert [name for name in loaded if written[name] != loaded[name]] == ["commitments/I.toml"]
    before, after = (files["commitments/I.toml"].decode().splitlines() for files in (loaded, written))
    after.remove('amended_because = "Seen in print."')
    assert [(old, new) for old, new in zip(before, after, strict=True) if old != new] == [
        (
            'title = "Piped water in 88 percent or more of village homes"',
            'title = "Water for “villages”"',
        ),
        ("target_value = 88", "target_value = 88.5"),
    ]


@pytest.mark.both_databases
def test_a_set_changed_by_hand_is_written_in_the_order_of_codes(vellmark, edith, rana, tmp_path):
    amend(edith, rana, commitment("II.2b"), groups=["children", "villagers"])
    dump(vellmark, tmp_path)
    assert 'groups = ["children", "villagers"]\n' in (tmp_path / "commitments/II.toml").read_text(encoding="utf-8")


def test_a_hand_change_that_was_dumped_and_loaded_again_counts_as_loaded(vellmark, edith, rana, tmp_path):
    amend(edith, rana, commitment("I.1.1a"), title="Water for villages")
    dump(vellmark, tmp_path)
    assert {outcome.word for outcome in load_folder(tmp_path)} == {"unchanged"}
    with pytest.raises(LoadError, match=r"I\.1\.1a changed here since it was loaded: say why in amended_because"):
        load_folder(VELLMARK)


def test_the_reason_of_a_change_is_written_back_as_the_file_gave_it(vellmark, tmp_path):
    out = shutil.copytree(VELLMARK, tmp_path / "out")
    path = out / "commitments/II.toml"
    text = path.read_text(encoding="utf-8").replace('"Choirs supported"', '"Choirs paid"')
    path.write_text(text + 'amended_because = "A better word."\n', encoding="utf-8")
    load_folder(out)
    before = files_of(out)
    dump(vellmark, out)
    assert files_of(out) == before


def test_a_reason_outlives_a_first_load(db, tmp_path):
    """On a new site there is nothing to amend yet, and the file keeps its reason all the same."""
    out = shutil.copytree(VELLMARK, tmp_path / "out")
    with (out / "commitments/II.toml").open("a", encoding="utf-8") as file:
        file.write('amended_because = "A better word."\n')
    load_folder(out)
    before = files_of(out)
    dump("vellmark-2030", out)
    assert files_of(out) == before


def test_of_two_changes_by_hand_the_last_reason_is_written(vellmark, edith, rana, tmp_path):
    for reason, title in (("First.", "Taps"), ("Second.", "Pipes")):
        drafted = changes_amend(record=commitment("I.1.1a"), changes={"title": title}, reason=reason, by=edith)
        publish(record=submit(record=drafted, by=edith), by=rana)
    dump(vellmark, tmp_path)
    text = (tmp_path / "commitments/I.toml").read_text(encoding="utf-8")
    assert 'amended_because = "Second."' in text
    assert "First." not in text


def test_a_body_added_by_hand_is_written_too(vellmark, rana, tmp_path):
    register(record=BodyFactory.build(code="mill-watch", name="Mill “Watch” \\ Ltd"), by=rana)
    dump(vellmark, tmp_path)
    assert 'name = "Mill “Watch” \\\\ Ltd"' in (tmp_path / "bodies.toml").read_text(encoding="utf-8")
    assert {row.code for row in read_folder(tmp_path).rows[TABLES[0]]} >= {"mill-watch", "chancery"}


def test_of_what_plans_share_a_plan_writes_what_its_own_files_brought(vellmark, tmp_path):
    other = shutil.copytree(VELLMARK, tmp_path / "other")
    for name in ("bodies", "groups", "metrics", "sources", "instruments", "norms"):
        (other / f"{name}.toml").unlink()
    text = (other / "plan.toml").read_text(encoding="utf-8").replace("vellmark-2030", "vellmark-2031")
    (other / "plan.toml").write_text(text, encoding="utf-8")
    load_folder(other)
    dump("vellmark-2031", tmp_path / "out")
    assert files_of(tmp_path / "out") == files_of(other)
    dump(vellmark, tmp_path / "first")
    assert files_of(tmp_path / "first") == files_of(VELLMARK)


@pytest.mark.parametrize("code", ["atlantis-2040", "../../etc", "vellmark", ""])
def test_an_unknown_plan_gives_a_sentence_and_no_files(vellmark, tmp_path, code):
    with pytest.raises(CommandError, match=r"There is no plan with the code .*\."):
        dump(code, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_gives_a_sentence(vellmark, tmp_path):
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(CommandError, match="out"):
        dump(vellmark, tmp_path / "out")


def test_a_dump_over_older_seed_files_can_be_loaded(vellmark, edith, rana, tmp_path):
    out = shutil.copytree(VELLMARK, tmp_path / "out")
    for name in ("updates", "assessments"):
        (out / name).mkdir()
        (out / name / "IX.toml").write_text("", encoding="utf-8")
    (out / "README.md").write_text("Ours.", encoding="utf-8")
    (out / "commitments" / "notes.txt").write_text("Ours.", encoding="utf-8")
    for provision in models.Provision.objects.filter(code__startswith="II."):
        amend(edith, rana, provision, category="I.2")
    dump(vellmark, out)
    assert read_folder(out).problems == []
    names = set(files_of(VELLMARK)) - {"commitments/II.toml", "norm-links/II.toml"}
    assert files_of(out).keys() == names | {"README.md", "commitments/notes.txt"}


@pytest.mark.parametrize("why", ["A valley.\r\nA mill.", "A valley.\nA mill."])
def test_what_people_may_enter_can_be_loaded_from_the_dump(vellmark, edith, rana, tmp_path, why):
    with contextlib.suppress(ValidationError):  # to refuse it is as good
        amend(edith, rana, models.Body.objects.get(code="valley-watch"), why=why)
    dump(vellmark, tmp_path)
    assert read_folder(tmp_path).problems == []


CODES = st.text(string.ascii_letters + string.digits, min_size=1, max_size=12)
nfc = partial(unicodedata.normalize, "NFC")  # as everything is stored
SEEN = st.characters(exclude_categories=["C"])  # what nobody sees is refused
WORDS_OF_TEXT = st.text(SEEN, min_size=1, max_size=60).map(nfc)


def citations(*parts):
    """Lists of documents, each with some of these parts or none."""
    cited = st.fixed_dictionaries({"source": CODES}, optional=dict.fromkeys(parts, WORDS_OF_TEXT))
    return st.lists(
        cited.map(lambda each: {name: each[name] for name in ("source", *parts) if name in each}),
        min_size=1,
        max_size=3,
    )


VALUES = {
    TEXT: WORDS_OF_TEXT.filter(lambda text: text == text.strip()),
    ONE: CODES,
    WHOLE: st.integers(-(2**63), 2**63),
    NUMBER: st.decimals(-(10**14), 10**14, places=6, allow_nan=False),
    DATE: st.dates(),
    MANY: st.lists(CODES, min_size=1, max_size=4, unique=True).map(sorted),
    WORDS: st.lists(WORDS_OF_TEXT, min_size=1, max_size=4),
    PROSE: st.text(SEEN | st.just("\n"), max_size=60).map(nfc).filter(str.strip),
    FLAG: st.just(True),
    CITED: citations("locator", "note"),
    REPEATED: citations("place", "said", "differs"),
}


@st.composite
def tables_with_a_row(draw):
    """A table and a row that it may hold, optional keys present or blank."""
    table = draw(st.sampled_from([*TABLES, *PROGRESS]))
    row = {}
    for key in table.keys:
        value = VALUES[key.type]
        row[key.name] = draw(value if key.required else st.none() | value)
    return table, row


@pytest.mark.slow
@examples(60)
@given(tables_with_a_row())
def test_any_row_that_is_written_reads_back_equal(tmp_path, drawn):
    table, row = drawn
    name = table.pattern.replace("*", "I")
    write_rows(tmp_path / name, table, [row])
    reading = read_folder(tmp_path)
    assert [problem for problem in reading.problems if problem.file == name] == []
    assert [read.values for read in reading.rows[table]] == [row]
    (tmp_path / name).unlink()


def test_a_row_is_written_in_the_order_of_its_keys_with_blank_ones_left_out(tmp_path):
    row = dict.fromkeys(key.name for key in COMMITMENTS.keys)
    row |= {"code": "I.1.1a", "target_value": Decimal("-20"), "tolerance": Decimal("0.05"), "quote": 'a "b"\\'}
    row |= {"deadline": datetime.date(2030, 12, 31), "groups": ["a", "b"]}
    write_rows(tmp_path / "I.toml", COMMITMENTS, [row])
    assert (tmp_path / "I.toml").read_text(encoding="utf-8") == (
        "# Promises that can be found kept or not kept one by one, in the order of the text.\n"
        '\n[[commitment]]\ncode = "I.1.1a"\nquote = "a \\"b\\"\\\\"\ntarget_value = -20\ntolerance = 0.05\n'
        'deadline = 2030-12-31\ngroups = ["a", "b"]\n'
    )


def test_a_file_with_a_row_that_was_never_loaded_is_never_removed(vellmark, tmp_path):
    out = shutil.copytree(VELLMARK, tmp_path / "out")
    text = (VELLMARK / "commitments/II.toml").read_text(encoding="utf-8")
    new = out / "commitments/IX.toml"
    new.write_text(text.replace('code = "II.2b"', 'code = "IX.1a"'), encoding="utf-8")
    broken = out / "updates/I.toml"
    broken.parent.mkdir(exist_ok=True)
    broken.write_text("[[update]\n", encoding="utf-8")
    before = files_of(out)
    assert dump(vellmark, out).splitlines() == [
        f"17 files written to {out}",
        f"Left as it is, with rows that were never loaded: {new}",
        f"Left as it is, with rows that were never loaded: {broken}",
    ]
    assert files_of(out) == before


def test_a_file_whose_rows_stand_in_another_now_is_removed(vellmark, tmp_path):
    out = shutil.copytree(VELLMARK, tmp_path / "out")
    (out / "commitments/II.toml").rename(out / "commitments/late.toml")
    dump(vellmark, out)
    assert files_of(out) == files_of(VELLMARK)
