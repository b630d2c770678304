"""What each extract of the State speaks for, and when it may say of somebody that she is no longer in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from ventanilla.registry.vocabulary import ExtractScope, FactKind, Source, Subsidy

FEW = 5
MOST_GONE = 20
"""Per cent of those who figured: more than these at once, and more than a few, look like the wrong file."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The statements that an extract of a programme makes: their source, kinds, and values (any, when none is named).

    ``counted`` is the kind by which those who take part are counted.
    """

    source: Source
    kinds: tuple[FactKind, ...]
    purpose: str
    values: tuple[Subsidy, ...] = ()

    @property
    def counted(self) -> FactKind:
        return self.kinds[0]


_TO_ATTEND = "Saber qué recibe quien consulta y cuándo termina, para orientarla y para que no repita antecedentes."
_TO_FOLLOW = "Saber en qué está la familia en el programa, para coordinar con él lo que la municipalidad hace."
_TO_ANSWER = "Decir a quien consulta en qué está su solicitud del Registro Social de Hogares."


def _subsidy(source: Source, *values: Subsidy) -> Spoken:
    return Spoken(source, (FactKind.SUBSIDY,), _TO_ATTEND, values)


SPOKEN: Mapping[ExtractScope, Spoken] = {
    ExtractScope.SUF: _subsidy(Source.SUBSIDIES, Subsidy.SUF, Subsidy.SUF_DOUBLE),
    ExtractScope.SAP_URBAN: _subsidy(Source.SUBSIDIES, Subsidy.SAP_URBAN),
    ExtractScope.SAP_RURAL: _subsidy(Source.SUBSIDIES, Subsidy.SAP_RURAL),
    ExtractScope.SDM: _subsidy(Source.IPS, Subsidy.SDM),
    ExtractScope.PGU: _subsidy(Source.IPS, Subsidy.PGU),
    ExtractScope.PBSI: _subsidy(Source.IPS, Subsidy.PBSI),
    ExtractScope.FAMILIAS: Spoken(Source.FAMILIAS, (FactKind.FAMILIAS_STAGE, FactKind.FAMILIAS_INDICATOR), _TO_FOLLOW),
    ExtractScope.RSH_REQUESTS: Spoken(Source.RSH, (FactKind.RSH_REQUEST,), _TO_ANSWER),
}


def looks_like_another_file(gone: int, *, figured: int) -> bool:
    """Whether so many of those who figured would be gone at once that the file is rather partial, or not the one."""
    return gone > FEW and gone * 100 > figured * MOST_GONE
