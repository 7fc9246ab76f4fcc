"""What is kept of an account beside Django's own row: how it came to be its owner's, and the links that open it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class StaffAccount(models.Model):
    """How an account came to be its owner's. Accounts made in the shell have none until something happens to them.

    ``vouched_by`` are those who may be acting as this person: who made the account, handed its password's link over or
    took its second factor away. They leave once it is ``proved`` that she set her own password, by a link that the
    site mailed to her or by the word of another administrator, and she has a second factor of her own.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="staff_account"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    vouched_by = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="vouches_for")
    proved_at = models.DateTimeField(null=True)
    proved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("account")

    def __str__(self) -> str:
        return self.user.get_username()


class StaffLink(models.Model):
    """A link by which somebody sets her own password, once. What the link says is not kept, only a hash of it.

    One that was mailed was seen by nobody in the house; one that was handed over may have been used by who made it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="staff_links")
    digest = models.CharField(max_length=64, unique=True)
    mailed = models.BooleanField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("link to set a password")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.until:%Y-%m-%d}"
