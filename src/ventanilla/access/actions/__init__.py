"""What is done with accounts, postings and what one signs."""

from ventanilla.access.actions.keys import MOST_DAYS, grant_key, issue_token, revoke_key, unlock_account
from ventanilla.access.actions.own import (
    activate_second_factor,
    change_own_password,
    close_sessions,
    deactivate_second_factor,
    renew_recovery_codes,
    sign_agreement,
    take_key,
)
from ventanilla.access.actions.register import (
    Given,
    PersonDetails,
    confirm_posting,
    end_posting,
    give_new_password,
    give_posting,
    register_operator,
    reset_second_factor,
    restore_account,
    resume_posting,
    suspend_account,
    suspend_posting,
)

__all__ = [
    "MOST_DAYS",
    "Given",
    "PersonDetails",
    "activate_second_factor",
    "change_own_password",
    "close_sessions",
    "confirm_posting",
    "deactivate_second_factor",
    "end_posting",
    "give_new_password",
    "give_posting",
    "grant_key",
    "issue_token",
    "register_operator",
    "renew_recovery_codes",
    "reset_second_factor",
    "restore_account",
    "resume_posting",
    "revoke_key",
    "sign_agreement",
    "suspend_account",
    "suspend_posting",
    "take_key",
    "unlock_account",
]
