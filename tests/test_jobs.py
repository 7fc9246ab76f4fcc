"""Long work outside the request: its page, stopping and beginning again, and that no table holds its words."""

import datetime
import json

import pytest
from django.utils import timezone
from django.utils.module_loading import import_string

from tracker import tasks
from tracker.actions import jobs
from tracker.models import Job, JobState

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DONE_OF_IT = []


def count_up(subject, progress):
    """Work of three steps."""
    for done in range(3):
        progress(done, 3)
        DONE_OF_IT.append((subject, done))
    progress(3, 3)


def fail(_subject, progress):
    progress(1, 3)
    raise ValueError("The witness is Jorun.")


def stopped_on_the_way(subject, progress):
    jobs.stop(job=Job.objects.get(subject=subject), by=Job.objects.get(subject=subject).by)
    progress(3, 3)
    raise AssertionError("It went on.")


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    DONE_OF_IT.clear()
    for work in (count_up, fail, stopped_on_the_way):
        monkeypatch.setitem(tasks.WORK, work.__name__, f"tests.test_jobs.{work.__name__}")


def started(by, kind="count_up", subject=7):
    return tasks.start(kind=kind, subject=subject, by=by, address="/desk/")


def waiting(by, **fields):
    """Work that nobody has begun."""
    job = jobs.ask(kind="count_up", subject=7, by=by, address="/desk/")
    Job.objects.filter(pk=job.pk).update(**fields)
    return Job.objects.get(pk=job.pk)


def page_of(job):
    return f"/desk/jobs/{job.pk}/"


def test_work_is_done_and_its_page_leads_to_what_came_of_it(edith, rana, anna, client, signed_in):
    job = started(edith)
    assert (job.state, job.done, job.total) == (JobState.DONE, 3, 3)
    assert DONE_OF_IT == [(7, 0), (7, 1), (7, 2)]
    assert signed_in(edith).get(page_of(job)).headers["Location"] == "/desk/"
    by_script = signed_in(edith).get(page_of(job), headers={"HX-Request": "true"})
    assert by_script.headers["HX-Redirect"] == "/desk/"
    for other in (rana, anna):
        assert signed_in(other).get(page_of(job)).status_code == 404
        assert signed_in(other).post(f"{page_of(job)}stop/").status_code == 404
    assert client.get(page_of(job)).headers["Location"].startswith("/admin/login/")


def test_the_page_says_how_far_it_is_and_stops_it(edith, signed_in):
    browser = signed_in(edith)
    job = waiting(edith)
    assert "It waits until what was asked for before is done." in browser.get(page_of(job)).content.decode()
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, done=1200, total=2000)
    shown = browser.get(page_of(job)).content.decode()
    assert "1,200 of 2,000" in shown
    assert '<progress max="2000" value="1200"' in shown
    assert 'hx-trigger="every 1s"' in shown
    assert "Look again" in shown
    assert browser.get(f"{page_of(job)}stop/").status_code == 405
    assert "It is being stopped." in browser.post(f"{page_of(job)}stop/", follow=True).content.decode()
    assert not jobs.count(job=job.pk, done=1300, total=2000)
    jobs.end(job=job.pk, state=JobState.STOPPED)
    shown = browser.get(page_of(job)).content.decode()
    assert "It was stopped." in shown
    assert "hx-trigger" not in shown


def test_what_waits_is_stopped_at_once_and_is_not_begun(edith, signed_in):
    job = waiting(edith)
    signed_in(edith).post(f"{page_of(job)}stop/")
    assert Job.objects.get().state == JobState.STOPPED
    assert jobs.begin(job=job.pk) is None


def test_work_ends_when_it_is_stopped_on_the_way(edith):
    assert started(edith, "stopped_on_the_way").state == JobState.STOPPED


def test_what_is_done_by_one_is_not_begun_by_another(edith):
    job = waiting(edith)
    assert jobs.begin(job=job.pk) is not None
    assert jobs.begin(job=job.pk) is None


def test_work_that_failed_is_said_and_begun_again_and_its_words_are_in_no_table(edith, signed_in, monkeypatch, caplog):
    job = started(edith, "fail")
    assert job.state == JobState.FAILED
    assert "Jorun" in caplog.text
    assert "Jorun" not in json.dumps(list(Job.objects.values()), default=str)
    browser = signed_in(edith)
    shown = browser.get(page_of(job)).content.decode()
    assert "It ended with an error" in shown
    monkeypatch.setitem(tasks.WORK, "fail", "tests.test_jobs.count_up")
    answer = browser.post(f"{page_of(job)}again/")
    assert Job.objects.get(pk=job.pk + 1).state == JobState.DONE
    assert answer.headers["Location"] == f"/desk/jobs/{job.pk + 1}/"
    browser.post(f"/desk/jobs/{job.pk + 1}/again/")
    assert Job.objects.count() == 2


def test_work_of_which_nothing_is_heard_any_more_is_said_and_begun_again(edith, signed_in):
    long_ago = timezone.now() - datetime.timedelta(minutes=4)
    job = waiting(edith, state=JobState.RUNNING, said_at=long_ago, done=5, total=9)
    browser = signed_in(edith)
    assert "Nothing has been heard of it since" in browser.get(page_of(job)).content.decode()
    browser.post(f"{page_of(job)}again/")
    assert list(Job.objects.order_by("pk").values_list("state", flat=True)) == [JobState.FAILED, JobState.DONE]


def test_work_of_long_ago_leaves_the_list(edith):
    waiting(edith, asked_at=timezone.now() - datetime.timedelta(days=31))
    started(edith)
    assert Job.objects.count() == 1


def test_an_unknown_kind_is_refused(edith):
    with pytest.raises(ValueError, match="no kind of work"):
        started(edith, "dance")


def test_the_page_costs_few_queries(edith, signed_in, django_assert_num_queries):
    browser, job = signed_in(edith), waiting(edith)
    browser.get(page_of(job))
    with django_assert_num_queries(9):
        browser.get(page_of(job))


def test_every_kind_names_a_function():
    for path in set(tasks.WORK.values()):
        assert callable(import_string(path))
