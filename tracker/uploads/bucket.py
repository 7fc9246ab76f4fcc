"""Files in a bucket that speaks S3, where MEDIA names one; imported only then, because it takes packages of its own."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

from .storage import NotReached

IN_MEMORY = 1024 * 1024  # bytes of a file that is fetched; the rest of it lies on the disk while it is given out


def _reached(method: Callable[..., Any]) -> Callable[..., Any]:
    """The same, but for one kind of failure, whatever the bucket, its server or the way to it lack."""

    @wraps(method)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except (Boto3Error, BotoCoreError, ClientError) as error:
            raise NotReached(str(error)) from error

    return wrapper


class Bucket(S3Storage):  # type: ignore[misc]
    """Files in a bucket. Whoever may read one is given it by this site: no address of the bucket is ever told."""

    def get_default_settings(self) -> dict[str, Any]:
        """Django's settings; nobody waits for long, and no server is asked for more than S3 was at first."""
        patience: dict[str, Any] = {"connect_timeout": 3, "read_timeout": 20, "retries": {"max_attempts": 2}}
        checksums = dict.fromkeys(("request_checksum_calculation", "response_checksum_validation"), "when_required")
        # A server of one's own seldom has a name for each bucket.
        style = {"addressing_style": "path" if self.endpoint_url else "auto"}
        config = Config(s3=style, signature_version="s3v4", **patience, **checksums)
        return super().get_default_settings() | {"client_config": config, "max_memory_size": IN_MEMORY}

    def __init__(self, *, endpoint_url: str | None = None, **settings: Any) -> None:
        self.endpoint_url = endpoint_url
        super().__init__(**settings)

    def _open(self, name: str, mode: str = "rb") -> Any:
        file = super()._open(name, mode)
        file.file  # noqa: B018  (it is fetched here, where a failure can still be told)
        return file


for _name in ("_open", "_save", "delete", "exists", "listdir", "size", "get_modified_time"):
    setattr(Bucket, _name, _reached(getattr(Bucket, _name)))
