"""schemathesis asks the API whatever its OpenAPI description allows, and what it does not allow: nothing falls over."""

from functools import cache

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import assume, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import positive_data_acceptance

from hrplan.wsgi import application
from tracker.api.resources import RESOURCES
from tracker.models.roles import EDITOR
from tracker.serving.middleware import is_tracking

from . import databases
from .conftest import somebody
from .examples import examples
from .registering import link, recommend

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Packed answers are tested elsewhere; the client here does not unpack them.
PLAIN = {"Host": "127.0.0.1", "Accept-Encoding": "identity"}
# A code of the right form need not be one that there is, nor a page be within the list: 400 and 404 say so.
LEFT_OUT = [positive_data_acceptance]
FEW = examples(2)
PATHS = [
    "/api/v1/",
    "/api/v1/search/",
    *[path for each in RESOURCES for path in (f"/api/v1/{each.name}/", f"/api/v1/{each.name}/…")],
]


@cache
def _described():
    """The description, once a process: it says the same in each test, and schemathesis reads all our code for each."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


def recommend_something():
    """The invented plan has no recommendation, and what is described names one."""
    edith = somebody("edith", EDITOR)
    link(recommend(edith, paragraph="28.1"), "I.1.1a", edith)


databases.add("something_recommended", after="vellmark_progress", fill=recommend_something, module=__name__)


@pytest.fixture
def something_recommended(db):
    """The invented plan with what became of it and a recommendation."""
    assert databases.holds("something_recommended")


@pytest.fixture
def description(something_recommended):
    """The site's own description of its API, with the site behind it."""
    # The whole site would end its connection after each request, and with it the test's own transaction.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield _described()
    for signal in signals:
        signal.connect(close_old_connections)


def operation_at(description, path):
    """The operation of a list, or of the details below it."""
    found = [each.ok() for each in description.get_all_operations()]
    (operation,) = [
        each for each in found if each.path == path or (path.endswith("…") and each.path.startswith(path[:-1] + "{"))
    ]
    return operation


def ask_all(operation, mode, *, assumed=lambda case: True):
    """Ask for what the description allows, or does not; every check of every answer."""
    statuses = set()

    @given(case=operation.as_strategy(generation_mode=mode))
    @FEW
    def ask(case):
        assume(assumed(case))
        statuses.add(case.call_and_validate(excluded_checks=LEFT_OUT, headers=PLAIN).status_code)

    ask()
    return statuses


def says_something(case):
    """Whether no value is blank or left out, which says nothing, because forms send their empty fields too.

    Nor a parameter that other sites append, which leads to the address without it: hypothesis draws words of our code.
    """
    sent = [each if isinstance(each, list) else [each] for each in (case.query or {}).values()]
    blank = [each for several in sent for each in several or [""] if each in ({}, [], None) or not str(each).strip()]
    appended = any(is_tracking(name, [*map(str, values)]) for name, values in zip(case.query or {}, sent, strict=True))
    return bool(sent or case.path_parameters) and not blank and not appended


@pytest.mark.parametrize("path", PATHS)
def test_it_finds_nothing(description, path):
    operation = operation_at(description, path)
    assert ask_all(operation, GenerationMode.POSITIVE) <= {200, 400, 404}
    if path != "/api/v1/":  # which takes nothing, so that nothing can be wrong
        assert ask_all(operation, GenerationMode.NEGATIVE, assumed=says_something) <= {400, 404}


def test_every_detail_of_the_description_has_an_example_that_answers(description):
    for path in PATHS:
        if path.endswith("…"):
            strategies = operation_at(description, path).get_strategies_from_examples()
            assert strategies, path
            for strategy in strategies:

                @given(case=strategy)
                @settings(FEW, max_examples=1)
                def ask(case):
                    case.query = {}  # drawn at random here, and tried above
                    assert case.call_and_validate(headers=PLAIN).status_code == 200

                ask()
