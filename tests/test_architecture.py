"""Rules of the code base, kept by a test: who imports whom, who writes, how long and how well said things are."""

import ast
import re
from functools import cache

import pytest
from django.conf import settings

from . import databases

TRACKER = settings.BASE_DIR / "tracker"
TEMPLATES = settings.BASE_DIR / "templates"
TESTS = settings.BASE_DIR / "tests"
MODULES = sorted(path for path in TRACKER.rglob("*.py") if "migrations" not in path.parts)
PAGES = sorted(TEMPLATES.rglob("*.html"))

# Two arrows, no loops. Each part may import from those that it names, and from nothing else of tracker/.
STORED = {"text", "standalone", "models", "schema"}
READ = {"text", "standalone", "models", "records", "snapshot"}
SHOWN = READ | {"wording", "explain", "filters", "paging", "charts", "pages", "exports", "ledger", "serving"}
MAY_IMPORT = {
    "text": set(),
    "paging": set(),
    "standalone": set(),
    "models": {"text", "standalone"},
    "schema": {"text", "models"},
    "serving": {"models"},
    # Write.
    "ledger": STORED | {"paging", "serving"},
    "uploads": {"models", "serving"},
    "search": {"text", "serving"},
    "plantext": {"text", "uploads"},
    "actions": STORED | {"wording", "ledger", "serving", "uploads", "search", "plantext"},
    "apps": {"models", "actions", "serving"},
    "backup": {"models", "actions", "uploads", "serving"},
    "tasks": {"models", "actions"},
    "imports": STORED | {"actions", "uploads"},
    "loader": STORED | {"actions", "exports", "serving", "plantext"},
    "planbook": STORED | {"actions", "imports", "loader", "serving"},
    # Read.
    "wording": {"text", "models"},
    "records": {"text", "models", "wording", "standalone"},
    "snapshot": STORED | {"records", "search", "serving"},
    # Show.
    "explain": READ | {"wording", "serving"},
    "filters": READ | {"wording", "search"},
    "charts": READ | {"wording", "explain", "serving"},
    "pages": SHOWN - {"pages", "serving"} | {"search"},
    "templatetags": READ | {"wording", "explain", "ledger", "serving", "desk"},
    "caching": {"serving", "snapshot"},
    "views": SHOWN | {"caching", "uploads"},
    # Publish.
    "exports": READ | {"schema", "wording", "explain", "filters", "ledger", "paging", "serving"},
    "api": SHOWN | {"search", "views", "caching"},
    "corrections": SHOWN | STORED | {"actions", "uploads", "views"},
    # Staff.
    "people": {"actions", "models", "serving"},
    "admin": SHOWN | STORED | {"actions", "imports", "uploads", "people", "tasks"},
    "desk": SHOWN | STORED | {"imports", "planbook", "plantext", "actions", "tasks", "uploads", "corrections"},
    "management": SHOWN
    | STORED
    | {"imports", "planbook", "actions", "loader", "uploads", "desk", "people", "backup", "caching"},
}
# The method is one file, and so is what verifies the log, so that they can be taken away and run alone.
LONG_FOR_A_REASON = {"tracker/standalone/assess.py", "tracker/standalone/verify.py"}


@cache
def tree(path):
    """The syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path):
    """``tracker/loader/load.py`` as a reader of a failed test wants it."""
    return path.relative_to(settings.BASE_DIR).as_posix()


def part_of(path):
    """The part of tracker/ that a module belongs to: its own name, or that of its folder."""
    return path.relative_to(TRACKER).parts[0].removesuffix(".py")


def imported_parts(path):
    """The parts of tracker/ that a module imports from, wherever in it the import stands."""
    package = ["tracker", *path.relative_to(TRACKER).parts[:-1]]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            names = [f"{start}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith("tracker."))


def test_a_module_imports_only_from_those_before_it():
    modules = [path for path in MODULES if path != TRACKER / "__init__.py"]
    assert {part_of(path) for path in modules} <= MAY_IMPORT.keys(), "a part has no place in the order of imports"
    backwards = {
        name_of(path): set(imported_parts(path)) - {part_of(path)} - MAY_IMPORT[part_of(path)] for path in modules
    }
    assert {name: parts for name, parts in backwards.items() if parts} == {}


def test_the_order_of_imports_has_no_loop():
    placed = set()
    while len(placed) < len(MAY_IMPORT):
        ready = {part for part, before in MAY_IMPORT.items() if part not in placed and before <= placed}
        assert ready, f"in a loop: {set(MAY_IMPORT) - placed}"
        placed |= ready


def functions(path):
    """Every function of a module, by name."""
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)]


def managers(node):
    """The managers that are asked inside a node, as ``LedgerEntry.objects``."""
    nodes = (each for each in ast.walk(node) if isinstance(each, ast.Attribute))
    return [ast.unparse(each) for each in nodes if each.attr in ("objects", "_default_manager", "_base_manager")]


def test_views_and_what_they_show_ask_no_manager_except_healthz():
    by_view = {}
    for path in MODULES:
        if part_of(path) in ("views", "templatetags", "pages", "exports", "labels", "records"):
            by_view |= {(name_of(path), f.name): managers(f) for f in functions(path) if managers(f)}
            outside = [n for n in tree(path).body if not isinstance(n, ast.FunctionDef | ast.ClassDef)]
            assert not any(map(managers, outside)), name_of(path)
    assert by_view == {("tracker/views/health.py", "healthz"): ["SeedProblem.objects", "LedgerEntry.objects"]}


def in_templates(find):
    """What a function finds in the text of each template that it finds anything in, by template."""
    by_page = {name_of(page): find(page.read_text(encoding="utf-8")) for page in PAGES}
    return {name: offences for name, offences in by_page.items() if offences}


def test_no_template_asks_a_manager():
    assert in_templates(re.compile(r"\.objects\b|_set\.|\.all\b|\.filter\b").findall) == {}


def test_no_line_of_a_template_is_longer_than_160_characters():
    lines = {page: page.read_text(encoding="utf-8").splitlines() for page in PAGES}
    assert [f"{name_of(page)}:{n}" for page in PAGES for n, line in enumerate(lines[page], 1) if len(line) > 160] == []


STYLESHEETS = sorted((TRACKER / "static" / "tracker").glob("*.css"))


def rules_of(style):
    """Each rule of a stylesheet by its selector and all that it stands in."""
    within = []
    for head, brace in re.findall(r"([^{}]*)([{}])", re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)):
        if brace == "}":
            within.pop()
        else:
            within.append(" ".join(head.split(";")[-1].split()))
            yield " / ".join(within)


def test_the_stylesheets_are_small_and_say_no_rule_twice():
    assert len(STYLESHEETS) > 4
    for path in STYLESHEETS:
        style = path.read_text(encoding="utf-8")
        assert len(style.encode()) <= 36 * 1024, path.name
        assert [n for n, line in enumerate(style.splitlines(), 1) if len(line) > 160] == [], path.name
        rules = [rule for rule in rules_of(style) if not rule.rpartition(" / ")[2].startswith("@")]
        assert style.count("{") == style.count("}"), path.name
        assert not [rule for rule in rules if rule.count("@layer") > 1], path.name
        assert sorted({rule for rule in rules if rules.count(rule) > 1}) == [], path.name
        assert len(rules) > 10, path.name


def test_no_template_writes_an_address_of_the_site_by_hand():
    """Addresses come from the site map, so that they move with it."""
    by_hand = r"(?:href|action|src)=\"(?:/|{{ [\w.]*\.path }}[\w/])"
    assert {name_of(page): matches for page in PAGES if (matches := re.findall(by_hand, page.read_text("utf-8")))} == {}


WRITES = [
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "update",
    "delete",
    "raw",
    "execute",
]
NOT_THE_DATABASE = {
    "default_storage.save",
    "default_storage.delete",
    "digest.update",
    "book.save",
    "document.save",
    "upright.save",
}


def writes(path):
    """The calls of a module that change the database, as they are written."""
    calls = (node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
    attributes = [ast.unparse(f) for f in calls if isinstance(f, ast.Attribute) and f.attr in WRITES]
    return set(attributes) - NOT_THE_DATABASE


def test_only_actions_write_and_the_loader_remembers_its_rows():
    writers = {name_of(path): writes(path) for path in MODULES if writes(path)}
    assert writers.pop("tracker/serving/limits.py") == {"counts.execute"}  # a file of its own
    assert writers.pop("tracker/actions/progress.py")
    assert writers.pop("tracker/actions/drafts.py")
    assert writers.pop("tracker/actions/redaction.py")
    assert writers.pop("tracker/actions/registry.py")
    assert writers.pop("tracker/actions/searching.py")
    assert writers.pop("tracker/actions/preparation.py")
    assert writers.pop("tracker/actions/opening.py")
    assert writers.pop("tracker/actions/filling.py")
    assert writers.pop("tracker/actions/ledger.py")
    assert writers.pop("tracker/actions/attach.py")
    assert writers.pop("tracker/actions/imports.py")
    assert writers.pop("tracker/actions/trail.py")
    assert writers.pop("tracker/actions/unsaved.py")
    assert writers.pop("tracker/actions/messages.py")
    assert writers.pop("tracker/actions/assignments.py")
    assert writers.pop("tracker/actions/calendar.py")
    assert writers.pop("tracker/actions/people.py")
    assert writers.pop("tracker/actions/signing_in.py")
    assert writers.pop("tracker/actions/jobs.py")
    assert writers.pop("tracker/actions/plantext.py")
    assert writers.pop("tracker/actions/reports.py")
    writers.pop("tracker/models/final.py")  # where Django's own methods are refused or let through
    assert writers.pop("tracker/models/triggers.py") == {"cursor.execute"}
    assert writers.pop("tracker/models/guards.py") == {"cursor.execute"}  # compares with tables that it takes back
    assert writers.pop("tracker/management/commands/verify_ledger.py") == {"cursor.execute"}  # says what it reads
    assert writers.pop("tracker/backup/rows.py") == {"cursor.execute"}  # puts back what a backup holds, all or nothing
    assert writers.pop("tracker/snapshot/head.py") == {"cursor.execute", "pin.execute"}  # asks for the head
    assert writers.pop("tracker/serving/replica.py") == {"cursor.execute"}  # asks a replica for the head
    assert writers.pop("tracker/snapshot/stored.py") == {"cursor.execute"}  # asks for a million rows at once
    assert writers.pop("tracker/search.py") == {"cursor.execute"}  # asks the index, and lets it forget
    seeds = {name: calls for name, calls in writers.items() if name.startswith("tracker/loader/")}
    assert set().union(*seeds.values()) <= {
        "SeedRow.objects.bulk_create",
        "SeedProblem.objects.bulk_create",
        "SeedProblem.objects.filter(folder=folder).delete",
        "SeedProblem.objects.exclude(folder__in=folders).delete",
        "seed.save",
    }
    assert writers.keys() == seeds.keys(), writers.keys() - seeds.keys()


def test_readme_names_every_module_and_folder():
    readme = settings.BASE_DIR / "README.md"
    if not readme.exists():
        pytest.skip("README.md is not written yet")
    text = readme.read_text(encoding="utf-8")
    parts = {part_of(path) for path in MODULES} - {"__init__"}
    folders = {path.name for path in TRACKER.iterdir() if path.is_dir() and not path.name.startswith("__")}
    entries = {f"{part}/" if part in folders else f"{part}.py" for part in parts | folders}
    assert sorted(name for name in entries if not re.search(rf"(?<![\w.]){re.escape(name)}", text)) == []


def test_readme_names_nothing_of_ours_that_is_not_there():
    readme = settings.BASE_DIR / "README.md"
    if not readme.exists():
        pytest.skip("README.md is not written yet")
    ours = r"`((?:tracker|hrplan|tests|templates|seeds|deploy|docs)/[\w./-]*)`"
    named = set(re.findall(ours, readme.read_text(encoding="utf-8")))
    assert sorted(name for name in named if not (settings.BASE_DIR / name).exists()) == []


def test_a_decision_is_a_page_of_at_most_40_lines():
    folder = settings.BASE_DIR / "docs" / "decisions"
    pages = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    assert len(pages) > 10
    assert {name: len(text.splitlines()) for name, text in pages.items() if len(text.splitlines()) > 40} == {}
    assert [name for name in pages if name != "README.md" and f"]({name})" not in pages["README.md"]] == []


def test_readme_is_150_lines_and_its_map_30_rows_at_most():
    text = (settings.BASE_DIR / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    rows = text.partition("## Map")[2].partition("\n## ")[0].count("\n| `")
    assert 20 < rows <= 30


def test_every_page_that_a_document_links_to_is_there():
    documents = [*settings.BASE_DIR.glob("*.md"), *(settings.BASE_DIR / "docs").rglob("*.md")]
    link = re.compile(r"\]\((?!\w+:)([^)#\s]+)")
    links = [(page, to) for page in documents for to in link.findall(page.read_text(encoding="utf-8"))]
    assert len(links) > 100
    assert [(name_of(page), to) for page, to in links if not (page.parent / to).exists()] == []


def test_every_test_that_the_threats_name_is_there():
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", (settings.BASE_DIR / "docs" / "threats.md").read_text("utf-8"))
    assert len(named) > 20
    texts = {file: (TESTS / file).read_text(encoding="utf-8") for file, _name in named if (TESTS / file).exists()}
    assert [(file, name) for file, name in named if f"\ndef {name}(" not in texts.get(file, "")] == []


COMMANDS = sorted(path.stem for path in (TRACKER / "management" / "commands").glob("[a-z]*.py"))


def test_every_command_has_a_test_file_that_mentions_it():
    files = [path for path in TESTS.rglob("test_*.py") if path.name != "test_architecture.py"]
    words = {word for path in files for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}
    assert COMMANDS
    assert [command for command in COMMANDS if command not in words] == []


def test_no_module_is_longer_than_350_lines():
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert [name for name, lines in lengths.items() if lines > 350 and name not in LONG_FOR_A_REASON] == []


def without_docstring(parts):
    """Public functions and classes of these parts of tracker/ that do not say what they are."""
    return [
        f"{name_of(path)}: {node.name}"
        for path in MODULES
        if part_of(path) in parts
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]


def test_every_module_says_what_it_is_for():
    assert [name_of(path) for path in MODULES if path.stat().st_size and not ast.get_docstring(tree(path))] == []


def test_every_public_function_and_class_says_what_it_is():
    assert without_docstring(set(MAY_IMPORT) - {"views", "admin"}) == []


def test_every_view_and_every_class_of_the_admin_says_what_it_is():
    assert without_docstring({"views", "admin"}) == []


def test_no_template_has_script_or_style_of_its_own():
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=[\"']|javascript:", re.IGNORECASE)
    assert in_templates(inline.findall) == {}


TRANSLATED = r"{%-? *blocktrans(?:late)?\b.*?endblocktrans(?:late)? *%}"
COMMENTS = r"{%-? *comment\b.*?endcomment *%}|{#.*?#}|<!--.*?-->"
READ_ALOUD = r"\b(?:title|alt|aria-label|placeholder)=\"([^\"]*)\"|<meta name=\"description\" content=\"([^\"]*)\""


def bare_words(text):
    """Words of three letters or more that a reader sees and no translator does; capitals alone are a name."""
    text = re.sub(f"{TRANSLATED}|{COMMENTS}", " ", text, flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}", " ", text, flags=re.DOTALL)
    spoken = [" ".join(texts) for texts in re.findall(READ_ALOUD, text)]
    seen = re.sub(r"&\w+;", " ", re.sub(r"<[^>]*>", " ", text))
    words = re.findall(r"[^\W\d_]{3,}", " ".join([seen, *spoken]))
    return [word for word in words if not word.isupper()]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<p>Hello <b>world</b></p>", ["Hello", "world"]),
        ('<p>{% translate "Hello" %} · {{ name }} JSON</p>', []),
        ("{% blocktranslate with n=1 %}Hello <b>{{ n }}</b>{% endblocktranslate %} of you", ["you"]),
        ('<a title="Read on" class="wide"></a>', ["Read"]),
    ],
)
def test_the_search_for_bare_words_finds_them(text, words):
    assert bare_words(text) == words


def test_every_word_of_a_template_can_be_translated():
    assert in_templates(bare_words) == {}


def lines_of(view):
    """Lines of a view, or of the longest view that it makes; a decorator's own are those around that one."""
    first = min(node.lineno for node in (view, *view.decorator_list))
    inner = [f.end_lineno - f.lineno + 1 for f in ast.walk(view) if isinstance(f, ast.FunctionDef) and f is not view]
    return max([view.end_lineno - first + 1 - sum(inner), *inner])


def test_no_view_is_longer_than_15_lines():
    views = [(path, f) for path in MODULES if part_of(path) == "views" for f in tree(path).body]
    long = [f"{name_of(path)}: {f.name}" for path, f in views if isinstance(f, ast.FunctionDef) and lines_of(f) > 15]
    assert long == []


def test_a_state_of_the_databases_belongs_to_one_file_of_tests(monkeypatch):
    monkeypatch.setattr(databases, "STATES", dict(databases.STATES))
    databases.add("grown", after="vellmark", fill=None, module="tests.test_growing")
    assert databases.state_for(["db", "vellmark", "grown"], "tests.test_growing") == "grown"
    assert databases.state_for(["db", "vellmark", "grown"], "tests.test_others") == "vellmark"  # its own fixture
    with pytest.raises(ValueError, match=r"tests\.test_others: a state of the databases is called grown already"):
        databases.add("grown", after="empty", fill=None, module="tests.test_others")
