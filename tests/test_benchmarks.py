"""The benchmarks themselves: what they compare with can be started, and they find the parts that they time."""

import os

import pytest

from tests.benchmarks import kept
from tests.browser.serving import environment, serving


@pytest.mark.slow
def test_the_floor_of_every_figure_can_be_asked(tmp_path):
    env = environment(tmp_path / "db.sqlite3", tmp_path, DJANGO_SETTINGS_MODULE="tests.benchmarks.bare")
    with serving(kept.BARE, env=env, path="/"):
        pass
    assert os.listdir(tmp_path) == []


@pytest.mark.django_db
def test_each_part_of_a_kept_page_is_timed(vellmark, settings, monkeypatch):
    pages = {"BACKEND": "tracker.caching.pages.PagesInMemory", "LOCATION": "timed"}
    settings.CACHES = settings.CACHES | {"pages": pages}
    monkeypatch.setattr(kept, "_microseconds", lambda work: 0.0 * bool(work()))
    assert kept.parts().count(" µs") == 8
