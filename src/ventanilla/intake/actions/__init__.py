"""Every verb of a consultation."""

from ventanilla.intake.actions.consultations import (
    answer_line,
    end_attention,
    identify,
    start_consultation,
    void_consultation,
    write_consultation,
)
from ventanilla.intake.actions.drafts import discard_draft, keep_draft
from ventanilla.intake.actions.writing import LineDetails, ThirdParty, Writing, is_kept, third_party_of

__all__ = [
    "LineDetails",
    "ThirdParty",
    "Writing",
    "answer_line",
    "discard_draft",
    "end_attention",
    "identify",
    "is_kept",
    "keep_draft",
    "start_consultation",
    "third_party_of",
    "void_consultation",
    "write_consultation",
]
