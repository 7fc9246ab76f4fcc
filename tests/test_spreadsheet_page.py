"""The page on which a plan's spreadsheet is sent, looked at, mended and loaded, and the files that it offers."""

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tracker.actions.preparation import hand_in, open_preparation
from tracker.models import Commitment, Plan, Preparation
from tracker.planbook import sent_file

from .reading import words_of
from .test_planbook import changed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR = tmp_path


def sent(client, address, content, name="plan.xlsx"):
    return client.post(address, {"file": SimpleUploadedFile(name, content)}, follow=True)


def words(response):
    return html.unescape(words_of(response.content.decode()))


@pytest.mark.slow
def test_a_plan_is_sent_mended_loaded_changed_and_opened(edith, rana, signed_in):
    client = signed_in(edith)
    client.post(reverse("desk-preparations"), {"code": "osmarra-2027"})
    preparation = Preparation.objects.get()
    page = reverse("desk-spreadsheet", args=[preparation.pk])
    example = client.get(reverse("desk-spreadsheet-start", args=["example"])).content

    text = words(sent(client, page, changed(example, Promises_F4="Statute", Promises_L3="many")))
    assert "2 problems: nothing is loaded before they are mended" in text
    assert "Promises, F4 Kind : “Statute” is none of the words here: Quantity; Law or policy document" in text
    assert "Promises, L3 Target : “many” is not a number" in text
    assert "Load it" not in text
    assert not Plan.everything.exists()

    assert "Nothing is wrong with it." in words(sent(client, page, example))
    assert not Plan.everything.exists()
    step, file = reverse("desk-spreadsheet-step", args=[preparation.pk]), sent_file.get(preparation.pk).sha256
    assert "Another file was sent" in words(client.post(step, {"step": "load", "file": "x"}, follow=True))
    assert "Loaded" in words(client.post(step, {"step": "load", "file": file}, follow=True))
    assert Commitment.everything.filter(preparation=preparation).count() == 8
    assert "8" in words(client.get(reverse("desk-preparation", args=[preparation.pk])))

    text = words(sent(client, page, changed(example, Promises_C3="Water", Promises_A11=None, Plan_B2="Another name")))
    assert "Added 0, changed 2, removed 0" in text
    assert "Name of the plan: Rights Plan of Osmarra (2027-2031) → Another name" in text
    file = sent_file.get(preparation.pk).sha256
    client.post(step, {"step": "load", "file": file})
    assert Plan.everything.get().title == "Another name"

    preparation.refresh_from_db()
    hand_in(preparation=preparation, by=edith)
    open_preparation(preparation=preparation, by=rana)
    assert signed_in(rana).get(page).status_code == 200
    assert client.post(page, {}).status_code == 403
