"""Mail that outlives its server: a letter is kept with what asks for it, and tried until it was taken."""

from smtplib import SMTPException, SMTPRecipientsRefused
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.jobs import MOST_TRIES, NotTaken, hasten, queue
from ventanilla.outbox.models import QUEUE, Letter, LetterQuerySet

log = structlog.get_logger()

_FOR_GOOD = 500
"""Below this a refusal is for now: the mailbox is full, or the server lets strangers wait."""


@transaction.atomic
def post_letter(to: str, subject: str, text: str, *, about: str, about_id: UUID, folio: str, by: Actor) -> Letter:
    """It leaves once what is being written is safe. Neither subject nor text may tell anybody's data.

    By its ``folio`` whoever looks after the mail names it to those who may open what it is about.
    """
    letter = Letter.objects.create(
        to_address=to,
        subject=subject[:200],
        text=text,
        about=about,
        about_id=about_id,
        folio=folio,
        asked_at=clock.now(),
        account_id=by.account_id,
    )
    _defer(letter, by=by)
    return letter


@transaction.atomic
def send_letters_again(letters: LetterQuerySet, *, by: Actor) -> int:
    """Now, and for another day if need be: how many of them had not left."""
    require(by, Permission.LETTER_TEND)
    left = list(letters.left().select_for_update())
    ids = [letter.pk for letter in left]
    Letter.objects.filter(pk__in=ids).update(failed_at=None, tries=0)
    waiting = hasten("letter", ids)
    for letter in left:
        if letter.pk not in waiting:
            _defer(letter, by=by)
    return len(left)


def _defer(letter: Letter, *, by: Actor) -> None:
    queue.configure_task("mail_letter", queue=QUEUE).defer(institution=by.institution, letter=str(letter.pk))


def deliver_letter(letter_id: UUID, *, by: Actor) -> None:
    """Hand it to the mail server; raises ``NotTaken`` to be tried again. One that was sent is not sent again.

    Nothing is held while the server answers: killed between its answer and our writing it down, it goes twice, with the
    same ``Message-ID``. Of two who try at once, it is sent if either sent it.
    """
    with acting(by):
        require(by, Permission.OUTBOX_DELIVER)
        letter = Letter.objects.filter(pk=letter_id, sent_at__isnull=True, failed_at__isnull=True).first()
    if letter is None:
        return
    failure, is_final = _hand_over(letter)
    with acting(by):
        letter = Letter.objects.select_for_update().get(pk=letter_id)
        if letter.sent_at is not None:
            return
        letter.tries += 1
        letter.last_error = failure
        if not failure:
            letter.sent_at, letter.text = clock.now(), ""
        elif is_final or letter.tries >= MOST_TRIES:
            letter.failed_at = clock.now()
        letter.save()
    if failure and letter.failed_at is None:
        raise NotTaken(failure)


def _hand_over(letter: Letter) -> tuple[str, bool]:
    """Why it was not taken, and whether trying again is of no use."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    headers = {"Message-ID": f"<{letter.pk}@{domain}>"}
    try:
        EmailMessage(letter.subject, letter.text, None, [letter.to_address], headers=headers).send()
    except SMTPRecipientsRefused as refused:
        log.warning("letter.refused", letter=str(letter.pk))
        codes = [code for code, _ in refused.recipients.values()]
        return "El servidor de correo no aceptó esa dirección.", min(codes) >= _FOR_GOOD
    except (SMTPException, OSError) as error:
        log.warning("letter.failed", letter=str(letter.pk), error=type(error).__name__)
        return "El servidor de correo no respondió.", False
    return "", False
