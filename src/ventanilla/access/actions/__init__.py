"""What is done with accounts, postings and what one signs."""

from ventanilla.access.actions.calendars import add_own_day, remove_own_day
from ventanilla.access.actions.keys import issue_token, unlock_account
from ventanilla.access.actions.office import (
    UnitDetails,
    change_site,
    change_unit,
    close_desk,
    close_site,
    open_desk,
    open_site,
    open_unit,
)
from ventanilla.access.actions.own import (
    activate_second_factor,
    change_own_password,
    close_sessions,
    deactivate_second_factor,
    renew_recovery_codes,
    sign_agreement,
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
    "Given",
    "PersonDetails",
    "UnitDetails",
    "activate_second_factor",
    "add_own_day",
    "change_own_password",
    "change_site",
    "change_unit",
    "close_desk",
    "close_sessions",
    "close_site",
    "confirm_posting",
    "deactivate_second_factor",
    "end_posting",
    "give_new_password",
    "give_posting",
    "issue_token",
    "open_desk",
    "open_site",
    "open_unit",
    "register_operator",
    "remove_own_day",
    "renew_recovery_codes",
    "reset_second_factor",
    "restore_account",
    "resume_posting",
    "sign_agreement",
    "suspend_account",
    "suspend_posting",
    "unlock_account",
]
