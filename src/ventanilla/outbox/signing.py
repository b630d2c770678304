"""How another system knows that an event is ours: a signature over it, by a secret of its subscription.

The names of the headers and what is signed are those of Standard Webhooks 1.0. The secret is not kept: it comes from
the server's key and the subscription.
"""

import base64
import hashlib
import hmac

from django.utils.crypto import salted_hmac

from ventanilla.core import clock
from ventanilla.outbox.models import Event, Subscription


def secret_of(subscription: Subscription) -> str:
    """«whsec_» and 256 bits in base 64, as libraries of receivers take it."""
    return f"whsec_{base64.b64encode(_key_of(subscription)).decode()}"


def headers_of(subscription: Subscription, event: Event, body: bytes) -> dict[str, str]:
    moment = str(int(clock.now().timestamp()))
    signed = f"{event.pk}.{moment}.".encode() + body
    signature = base64.b64encode(hmac.new(_key_of(subscription), signed, hashlib.sha256).digest()).decode()
    return {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "webhook-id": str(event.pk),
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{signature}",
    }


def _key_of(subscription: Subscription) -> bytes:
    return salted_hmac("outbox.subscription", str(subscription.pk), algorithm="sha256").digest()
