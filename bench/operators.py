"""Operators and programs that ask: whoever is measured is the least privileged, front desk, with all in order."""

import time
from typing import TYPE_CHECKING

from bench.clients import Client

if TYPE_CHECKING:
    from ventanilla.access.models import Posting


def postings_at_desks(institution: int | None = None) -> "list[Posting]":
    """Of front desks with a unit, those of an institution or of all, in an order that does not change."""
    from ventanilla.access.models import Posting

    desks = Posting.objects.filter(role="front_desk", unit__isnull=False)
    if institution is not None:
        desks = desks.filter(institution_id=institution)
    return list(desks.with_context().order_by("id"))


def make_ready(posting: "Posting") -> "Posting":
    """What is asked before operating is met: the agreement is signed."""
    from ventanilla.access.actions import sign_agreement
    from ventanilla.access.models import AgreementSignature
    from ventanilla.access.operators import actor_in
    from ventanilla.access.requirements import sha256_of, text_in_force

    if not AgreementSignature.objects.filter(account=posting.account_id).exists():
        sign_agreement(by=actor_in(posting), sha256=sha256_of(text_in_force()))
    return posting


def signed_in(posting: "Posting", port: int) -> Client:
    """A session made as signing in makes it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.middleware.csrf import _get_new_csrf_string

    from ventanilla.access.sessions import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(posting.account_id)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = posting.account.get_session_auth_hash()
    session["posting"] = str(posting.pk)
    session["seen"] = session["began"] = time.time()
    session.save()
    token = _get_new_csrf_string()
    return Client(port, f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={token}", token)


def program(posting: "Posting", port: int) -> Client:
    """A client of the API with a key of its own."""
    from ventanilla.access.actions import issue_token
    from ventanilla.access.actors import Actor
    from ventanilla.access.permissions import Agent

    by = Actor(Agent.COMMAND, posting.institution_id)
    return Client(port, "", issue_token(posting, by=by, name="medición", days=1))
