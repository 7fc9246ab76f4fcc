"""Files of evidence in a bucket that speaks S3: private, swept, backed up and restored as those in a folder are."""

import contextlib
import io
import json
import zipfile
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command

from tracker.backup import archive
from tracker.uploads import storage

from . import drafts
from .office import PDF, PNG
from .test_uploads import drafted, published

pytestmark = pytest.mark.django_db

boto3 = pytest.importorskip("boto3")
moto = pytest.importorskip("moto.server")
KEYS = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}


@pytest.fixture(scope="module")
def server():
    """The address of a server of this process that speaks S3."""
    running = moto.ThreadedMotoServer(port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server, settings, monkeypatch, tmp_path):
    """A bucket in which files are stored from now on, with somebody else's file in it."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MEDIA", f"s3://evidence/of/{tmp_path.name}?endpoint={server}&region=eu-central-1")
    from hrplan.settings import env_media

    stored, folder = env_media("MEDIA", tmp_path / "files")
    settings.STORAGES = settings.STORAGES | {"default": stored}
    settings.FILES, settings.MEDIA = folder, f"s3://evidence/of/{tmp_path.name}"
    assert folder is None
    new = boto3.resource("s3", endpoint_url=server, region_name="eu-central-1").Bucket("evidence")
    new.create(CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    new.put_object(Key="README.txt", Body=b"Whose?")
    yield new
    new.objects.delete()
    new.delete()


def keys(bucket):
    """What is in the bucket but for what was there before."""
    return sorted(each.key.rpartition("/")[2] for each in bucket.objects.all() if each.key != "README.txt")


@pytest.mark.slow
def test_a_file_is_given_by_the_site_to_those_who_may_have_it(vellmark, edith, rana, client, signed_in, bucket):
    draft, public = drafted(edith, drafts.value(81)), published(edith, rana, content=PNG, name="scan.png")
    cited = [row.evidence.get() for row in (draft, public)]
    assert keys(bucket) == sorted(each.stored for each in cited)
    own, others = (f"/files/{each.file_hash}/" for each in cited)
    assert client.get(own).status_code == 404
    assert signed_in(edith).get(own).status_code == 200
    response = client.get(others)
    assert response.status_code == 200
    content = b"".join(response)
    assert (len(content), response["Content-Length"]) == (cited[1].file_size, str(cited[1].file_size))
    assert response["Content-Disposition"] == 'attachment; filename="scan.png"'
    assert "evidence/of" not in json.dumps(dict(response.headers))  # nor where it lies
    call_command("verify_ledger", stdout=io.StringIO())


@pytest.mark.slow
def test_it_keeps_files_whole_and_gone_with_what_failed(bucket):
    name = storage.store(PDF)
    assert storage.exists(name)
    with storage.opened(name) as file:
        assert file.read() == PDF
    assert not storage.exists("0" * 32)
    assert not storage.intact("0" * 32, "")
    with pytest.raises(FileNotFoundError):
        storage.opened("0" * 32)
    with contextlib.suppress(ZeroDivisionError), storage.all_or_none():
        storage.store(PNG)
        raise ZeroDivisionError
    assert keys(bucket) == [name] == list(storage.stored_names())
    with pytest.raises(ValueError, match="is no name of a stored file"):
        storage.put("../README.txt", ContentFile(b""))
    storage.forget([name])
    assert keys(bucket) == []


@pytest.mark.slow
def test_what_no_row_names_is_swept(vellmark, edith, bucket, monkeypatch, settings):
    from tracker.management.commands import sweep_files

    def sweep(**options):
        out = io.StringIO()
        call_command("sweep_files", stdout=out, **options)
        return out.getvalue().splitlines()

    drafted(edith, drafts.value(81))
    left = storage.store(PDF)
    assert sweep(delete=True) == ["0 of 2 files are named by no evidence."]
    monkeypatch.setattr(sweep_files, "HOUR", -sweep_files.HOUR)
    assert sweep(delete=True) == [
        f"{settings.MEDIA}/{left} {len(PDF)}\xa0bytes",
        "1 of 2 files are named by no evidence: deleted.",
    ]
    assert len(keys(bucket)) == 1


@pytest.mark.slow
def test_a_bucket_that_cannot_be_asked_is_said_so_and_nothing_is_half_there(
    vellmark, edith, rana, client, bucket, settings, monkeypatch
):
    public = published(edith, rana).evidence.get()
    there = settings.STORAGES["default"]
    away = there | {"OPTIONS": there["OPTIONS"] | {"endpoint_url": "http://127.0.0.1:9"}}
    settings.STORAGES = settings.STORAGES | {"default": away}
    response = client.get(f"/files/{public.file_hash}/")
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "Files cannot be fetched at the moment" in response.content.decode()
    with pytest.raises(ValidationError, match="Files cannot be stored at the moment"), storage.all_or_none():
        storage.store(PDF)
    with pytest.raises(storage.NotReached):
        storage.intact(public.stored, public.file_hash)


@pytest.mark.slow
def test_a_backup_holds_what_is_in_the_bucket_and_puts_it_back(vellmark, edith, rana, bucket, tmp_path):
    public = published(edith, rana).evidence.get()
    tell = mock.Mock()
    with zipfile.ZipFile(tmp_path / "backup.zip", "w") as new:
        manifest = archive.write(new, {}, tell)
    assert (manifest["lost"], f"files/{public.stored}" in manifest["parts"]) == ([], True)
    storage.forget([public.stored])
    with zipfile.ZipFile(tmp_path / "backup.zip") as old:
        for expected in ([public.stored], []):  # what is there already stays
            fresh = []
            archive._put_files_back(old, manifest, fresh, tell)
            assert fresh == expected
            assert storage.intact(public.stored, public.file_hash)
        storage.forget([public.stored])
        storage.put(public.stored, ContentFile(PNG))
        with pytest.raises(archive.Broken, match="is there already and is another file"):
            archive._put_files_back(old, manifest, [], tell)
