"""Institutions and their territory, operators and their postings."""

from ventanilla.access.models.institutions import (
    Desk,
    Function,
    Institution,
    InstitutionCommune,
    InstitutionStage,
    LocalTitle,
    Site,
    Unit,
    UnitFunction,
)
from ventanilla.access.models.operators import (
    Account,
    ApiToken,
    Certification,
    FulfilledRequirement,
    OperatingRequirement,
    Posting,
    SignInAttempt,
)
from ventanilla.access.models.territory import Commune, Province, Region

__all__ = [
    "Account",
    "ApiToken",
    "Certification",
    "Commune",
    "Desk",
    "FulfilledRequirement",
    "Function",
    "Institution",
    "InstitutionCommune",
    "InstitutionStage",
    "LocalTitle",
    "OperatingRequirement",
    "Posting",
    "Province",
    "Region",
    "SignInAttempt",
    "Site",
    "Unit",
    "UnitFunction",
]
