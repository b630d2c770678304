"""What draws attention in the readings, and the life of each such finding."""

from django.db import models

from ventanilla.core.lifecycle import Lifecycle


class FlagKind(models.TextChoices):
    SELF = "self", "Su propia ficha"
    RELATIVE = "relative", "Alguien de su familia u hogar"
    COLLEAGUE = "colleague", "Alguien que trabaja en la institución"
    MANY = "many", "Muchas personas en poco tiempo"
    FAILED_SEARCHES = "failed_searches", "Muchas búsquedas sin resultado"
    BREAK_GLASS = "break_glass", "Apertura por urgencia"


class FlagState(models.TextChoices):
    OPEN = "open", "Por revisar"
    EXPLAINED = "explained", "Explicada"
    CONFIRMED = "confirmed", "Indebida"


FLAG_LIFECYCLE = Lifecycle(
    {
        FlagState.OPEN: {FlagState.EXPLAINED, FlagState.CONFIRMED},
        # New looks of the same day open again what was answered without knowing of them.
        FlagState.EXPLAINED: {FlagState.OPEN},
        FlagState.CONFIRMED: {FlagState.OPEN},
    }
)

ANSWERS = (FlagState.EXPLAINED, FlagState.CONFIRMED)

TONES = {FlagState.OPEN: "warn", FlagState.EXPLAINED: "ok", FlagState.CONFIRMED: "bad"}
