"""Every verb of a referral."""

from ventanilla.referrals.actions.following import follow_referrals, follow_to_the_end
from ventanilla.referrals.actions.forwarding import forward_referral
from ventanilla.referrals.actions.receiving import (
    AnswerDetails,
    accept_referral,
    answer_referral,
    assign_referral,
    attend_referral,
    give_hour,
    note_no_show,
    note_receipt,
    reject_referral,
    return_referral,
)
from ventanilla.referrals.actions.sending import (
    ReferralDetails,
    complete_referral,
    note_told,
    reopen_referral,
    send_referral,
    withdraw_referral,
)
from ventanilla.referrals.actions.telling import tell_by_mail

__all__ = [
    "AnswerDetails",
    "ReferralDetails",
    "accept_referral",
    "answer_referral",
    "assign_referral",
    "attend_referral",
    "complete_referral",
    "follow_referrals",
    "follow_to_the_end",
    "forward_referral",
    "give_hour",
    "note_no_show",
    "note_receipt",
    "note_told",
    "reject_referral",
    "reopen_referral",
    "return_referral",
    "send_referral",
    "tell_by_mail",
    "withdraw_referral",
]
