"""Institutions and their territory, operators and their postings."""

from ventanilla.access.models.calendars import Holiday, OwnDay
from ventanilla.access.models.institutions import (
    Desk,
    Function,
    Institution,
    InstitutionCommune,
    InstitutionStage,
    LocalTitle,
    Provider,
    ProviderNature,
    Site,
    Unit,
    UnitFunction,
)
from ventanilla.access.models.keys import ApiToken, ApiUse, KeptAnswer
from ventanilla.access.models.operators import (
    Account,
    Certification,
    FulfilledRequirement,
    OperatingRequirement,
    Posting,
    SignInAttempt,
)
from ventanilla.access.models.register import (
    AgreementSignature,
    AgreementText,
    OpenSession,
    RegisterEntry,
)
from ventanilla.access.models.territory import Commune, Province, Region

__all__ = [
    "Account",
    "AgreementSignature",
    "AgreementText",
    "ApiToken",
    "ApiUse",
    "Certification",
    "Commune",
    "Desk",
    "FulfilledRequirement",
    "Function",
    "Holiday",
    "Institution",
    "InstitutionCommune",
    "InstitutionStage",
    "KeptAnswer",
    "LocalTitle",
    "OpenSession",
    "OperatingRequirement",
    "OwnDay",
    "Posting",
    "Provider",
    "ProviderNature",
    "Province",
    "Region",
    "RegisterEntry",
    "SignInAttempt",
    "Site",
    "Unit",
    "UnitFunction",
]
