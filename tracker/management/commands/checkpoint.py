"""manage.py checkpoint: the log's checkpoint, to print, to have cosigned and to mail; or a key to sign it with."""

import base64
import smtplib

from django.conf import settings
from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from nacl.signing import SigningKey

from tracker.actions.ledger import keep_cosignature
from tracker.ledger import checkpoint
from tracker.models import LedgerEntry
from tracker.standalone.verify import OF_LOG, Key, read_checkpoint


class Command(BaseCommand):
    """Print the checkpoint; with --send have witnesses cosign it and mail it to those whom the settings name."""

    help = __doc__

    def add_arguments(self, parser):
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument(
            "--send", action="store_true", help="to WITNESSES and CHECKPOINT_MAIL, once a day by a timer"
        )
        choice.add_argument(
            "--new-key",
            nargs="?",
            const=checkpoint.usual_name(),
            metavar="NAME",
            help="print a new key; NAME is that of the log, for good: by default where it stands now",
        )

    def handle(self, *, send, new_key, **_options):
        if new_key is not None:
            self._make_key(new_key)
        elif send:
            self._send()
        else:
            self.stdout.write(checkpoint.checkpoint(LedgerEntry.objects.head(), None), ending="")

    def _make_key(self, name):
        if not name or "+" in name or any(map(str.isspace, name)):
            raise CommandError(
                f"“{name}” is no name of a key: give one without blanks and +, such as example.org/ledger."
            )
        signer = SigningKey.generate()
        key = Key(name, OF_LOG, bytes(signer.verify_key))
        secret = base64.b64encode(bytes([OF_LOG]) + bytes(signer)).decode()
        self.stdout.write(f"LEDGER_KEY=PRIVATE+KEY+{name}+{key.id.hex()}+{secret}")
        self.stdout.write(f"Its public key, for readers and witnesses: {key}")
        self.stderr.write("Keep the first line where neither the database nor its backups are. It is not kept here.")

    def _send(self):
        if not settings.WITNESSES and not settings.CHECKPOINT_MAIL:
            raise CommandError("There is nobody to send it to: set WITNESSES or CHECKPOINT_MAIL.")
        size, failures = LedgerEntry.objects.head(), list(checkpoint.not_continued())
        if not failures:
            checkpoint.keep_sent(checkpoint.checkpoint(size, None, cosigned=False))
        for key, address in settings.WITNESSES:
            try:
                line, at = checkpoint.ask_witness(key, address, size)
            except checkpoint.NotCosigned as error:
                failures.append(str(error))
                continue
            text = read_checkpoint(checkpoint.checkpoint(size, None, cosigned=False)).text
            keep_cosignature(size=size, text=text, witness=key.name, at=at, line=line)
            self.stdout.write(f"{key.name} cosigned {size} entries.")
        failures += self._mail(size, failures)
        for sentence in failures:
            self.stderr.write(sentence)
        if failures:
            raise CommandError(f"{len(failures)} of these did not go well.")

    def _mail(self, size, failures):
        """Mail it to each by itself, with what witnesses refused; a sentence for each mail that did not go."""
        note = checkpoint.checkpoint(size, None)
        context = {"note": note, "size": size, "site": settings.SITE_URL, "failures": failures}
        context["command"] = checkpoint.command(checkpoint.address(), "checkpoint")
        subject = _("%(name)s has %(size)s entries") % {"name": note.partition("\n")[0], "size": size}
        text = render_to_string("tracker/checkpoint_mail.txt", context)
        for address in settings.CHECKPOINT_MAIL:
            try:
                send_mail(subject, text, None, [address])
                self.stdout.write(f"Mailed to {address}.")
            except (smtplib.SMTPException, OSError) as error:
                yield f"The mail to {address} did not go: {error}"
