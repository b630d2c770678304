"""What the demonstration holds: two municipalities, a delegation and a training institution, all of it fictional."""

import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.db import transaction

from ventanilla.access.actions import issue_token, sign_agreement
from ventanilla.access.actors import Actor
from ventanilla.access.models import (
    Account,
    AgreementSignature,
    Commune,
    Desk,
    FulfilledRequirement,
    Institution,
    InstitutionCommune,
    InstitutionStage,
    LocalTitle,
    Posting,
    Province,
    Region,
    Site,
    Unit,
    UnitFunction,
)
from ventanilla.access.operators import actor_in
from ventanilla.access.permissions import ABOVE_INSTITUTIONS, NEEDS_SECOND_FACTOR, Agent, Role
from ventanilla.access.requirements import SECOND_FACTOR, sha256_of, text_in_force
from ventanilla.access.second_factor import set_factor
from ventanilla.access.tenancy import acting
from ventanilla.catalogue.entries.adopting import adopt_national_entries
from ventanilla.catalogue.reasons.actions import adopt_national_reasons
from ventanilla.config.datasets import DATASETS
from ventanilla.config.demo_catalogue.filling import fill_catalogue
from ventanilla.config.demo_catalogue.own_facts import write_own_facts
from ventanilla.config.demo_extracts import write_extracts
from ventanilla.core import clock
from ventanilla.datasets.rejections import default_path
from ventanilla.datasets.run import command_actor, load_file
from ventanilla.datasets.synthetic.plan import orders, sizes
from ventanilla.datasets.synthetic.population import synthesize

MONTE_PATRIA, COMBARBALA = 4303, 4302
LIMARI, TRAINING = 100_001, 100_002
PEOPLE = {MONTE_PATRIA: 6_000, COMBARBALA: 2_000}
MONTHS = timedelta(days=75)
TOKEN_DAYS = 365
LOGINS = "demo.json"
UNSIGNED = "sin.firmar"

INSTITUTION_ROLES = [role for role in Role if role not in ABOVE_INSTITUTIONS]
IN_A_UNIT = (Role.FRONT_DESK, Role.CASE_WORKER, Role.UAS_HEAD, Role.UNIT_HEAD)


@dataclass(frozen=True, slots=True)
class Login:
    """One operator that a visitor may be. ``institution`` is null above institutions, ``totp`` until it is asked."""

    role: str
    institution: int | None
    username: str
    password: str
    token: str
    totp: str | None = None


def ensure_loaded(var: Path, *, say: Callable[[str], None]) -> None:
    """Load the demonstration unless it is there; killed in the middle, the next start finishes it."""
    if InstitutionStage.objects.filter(institution_id=TRAINING).exists():
        return
    today = clock.today()
    for number in PEOPLE:
        _open(number, today)
    say("Escribiendo una población ficticia…")
    files = var / "demo"
    plan = orders(
        sizes([f"{number:05d}:{people}" for number, people in PEOPLE.items()], False, None),
        seed=7,
        reference=today,
        since=today - MONTHS,
        until=today - timedelta(days=1),
        consultations=None,
        dirty=0.01,
        typos=0.04,
    )
    synthesize(plan, files, jobs=1)
    for number in PEOPLE:
        say(f"Cargando {Institution.objects.get(pk=number)}…")
        folder = files / str(number)
        write_extracts(folder, on=today - timedelta(days=1))
        for name in DATASETS:
            if name == "entregas":
                fill_catalogue(number)  # what was given points at what the catalogue said then
                own = write_own_facts(number, folder, on=today - timedelta(days=30))
                _load("antecedentes", own, number)
            _load(name, folder / f"{name}.csv", number)
    _make_delegation(today)
    _make_training(today)


def _load(name: str, file: Path, number: int) -> None:
    load_file(DATASETS[name], file, by=command_actor(number), rejected_path=default_path(file))


def _open(number: int, day: date) -> None:
    """A municipality in operation, with a site, a desk and the national reasons and entries as its own."""
    institution = Institution.objects.get(pk=number)
    InstitutionStage.objects.get_or_create(
        institution=institution, stage=InstitutionStage.Stage.OPERATING, defaults={"starts_on": day - MONTHS}
    )
    commune = Commune.objects.get(code=f"{number:05d}") if number < LIMARI else Commune.objects.get(code="04301")
    site, is_new = Site.objects.get_or_create(
        institution=institution, name="Edificio consistorial", defaults={"commune": commune}
    )
    if is_new:
        Desk.objects.bulk_create(Desk(institution=institution, site=site, name=f"Módulo {n}") for n in (1, 2, 3))
    LocalTitle.objects.get_or_create(
        institution=institution,
        role=Role.DIDECO,
        defaults={"title": "Directora de Desarrollo Comunitario"},
    )
    with acting(Actor(Agent.COMMAND, number)):
        adopt_national_reasons()
        adopt_national_entries()


@transaction.atomic
def _make_delegation(day: date) -> None:
    """A delegation attends people too; its operators use the roles of any institution."""
    institution, _ = Institution.objects.get_or_create(
        pk=LIMARI,
        defaults={
            "kind": Institution.Kind.PROVINCIAL_DELEGATION,
            "name": "Delegación Presidencial Provincial de Limarí",
            "short_name": "Limarí",
        },
    )
    for commune in Commune.objects.filter(province__name="Limarí"):
        InstitutionCommune.objects.get_or_create(institution=institution, commune=commune)
    _staff(institution, day)


@transaction.atomic
def _make_training(day: date) -> None:
    institution, _ = Institution.objects.get_or_create(
        pk=TRAINING,
        defaults={
            "kind": Institution.Kind.TRAINING,
            "name": "Municipalidad de práctica",
            "short_name": "Práctica",
        },
    )
    _staff(institution, day)


def _staff(institution: Institution, day: date) -> None:
    """One unit of attention and the UAS, and one fictional operator for each role."""
    _open(institution.pk, day)
    units = {}
    for code, name, function in (
        ("atencion", "Atención de público", "attention"),
        ("uas", "Unidad de Asistencia Social", "social_assistance"),
    ):
        unit, is_new = Unit.objects.get_or_create(
            institution=institution, code=code, defaults={"name": name, "connected_from": day - MONTHS}
        )
        if is_new:
            UnitFunction.objects.create(unit=unit, function_id=function)
        units[code] = unit
    for role in INSTITUTION_ROLES:
        unit = units["uas"] if role in (Role.CASE_WORKER, Role.UAS_HEAD) else units["atencion"]
        _post(role, f"{role}.{institution.pk}", day, institution=institution, unit=unit if role in IN_A_UNIT else None)


def _post(role: Role, username: str, day: date, **where: object) -> Posting:
    account, _ = Account.objects.get_or_create(
        username=username.replace("_", "-"),
        defaults={"given_names": "Persona Ficticia", "surnames": role.label},
    )
    posting, _ = Posting.objects.get_or_create(
        account=account, role=role, defaults={"starts_on": day - MONTHS, **where}
    )
    return posting


def write_logins(var: Path, url: str) -> list[Login]:
    """Choose an operator for each role and institution, give all the same password, and write ``var/demo.json``.

    Tokens are made anew only when the file is missing, so that whoever kept one can go on using it.
    """
    kept = var / LOGINS
    if kept.exists():
        operators = [Login(**login) for login in json.loads(kept.read_text())["operators"]]
    else:
        operators = list(_choose(clock.today()))
    operators = [_ready(login) for login in operators]
    _sign_for_all(clock.today())
    draft = kept.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(
        json.dumps({"url": url, "operators": [asdict(o) for o in operators]}, ensure_ascii=False, indent=1)
    )
    draft.rename(kept)
    return operators


def _ready(login: Login) -> Login:
    """With the secret of the second factor where it is obligatory."""
    if login.totp is not None or Role(login.role) not in NEEDS_SECOND_FACTOR:
        return login
    account = Account.objects.get(username=login.username)
    secret = generate_totp_secret()
    with transaction.atomic():
        set_factor(account, secret)
        FulfilledRequirement.objects.get_or_create(
            account=account, requirement_id=SECOND_FACTOR, institution=None, defaults={"met_on": clock.today()}
        )
    return replace(login, totp=secret)


def _sign_for_all(day: date) -> None:
    """Every operator has signed the agreement, except the one who shows the page where it is signed."""
    chosen = Posting.objects.in_force_on(day).exclude(account__username=UNSIGNED)
    signed = AgreementSignature.objects.in_force_on(day)
    already: set[tuple[UUID, int | None]] = set(signed.values_list("account_id", "institution_id"))
    for posting in chosen.with_context():
        if (posting.account_id, posting.institution_id) not in already:
            already.add((posting.account_id, posting.institution_id))
            sign_agreement(by=actor_in(posting), sha256=sha256_of(text_in_force()))


def _choose(day: date) -> Iterator[Login]:
    password = f"demo-{secrets.token_hex(4)}"
    encoded = make_password(password)  # hashed once: a hundred hashes would take a minute
    for posting in _chosen_postings(day):
        Account.objects.filter(pk=posting.account_id).update(password=encoded)
        by = Actor(Agent.COMMAND, posting.institution_id)
        with acting(by):
            token = issue_token(posting, by=by, name="demostración", days=TOKEN_DAYS)
        yield Login(posting.role, posting.institution_id, posting.account.username, password, token)
    unit = Unit.objects.filter(institution_id=MONTE_PATRIA, functions__function="attention").first()
    unsigned = _post(Role.FRONT_DESK, UNSIGNED, day, institution_id=MONTE_PATRIA, unit=unit)
    Account.objects.filter(pk=unsigned.account_id).update(password=encoded)


def _chosen_postings(day: date) -> Iterator[Posting]:
    for number in (*PEOPLE, LIMARI, TRAINING):
        for role in INSTITUTION_ROLES:
            here = Posting.objects.in_force_on(day).filter(institution_id=number, role=role).order_by("id")
            yield here.select_related("account").first() or _post(
                role, f"{role}.{number}", day, institution=Institution.objects.get(pk=number)
            )
    yield _post(Role.TECHNICAL_ASSISTANT, "asistencia.tecnica", day)
    yield _post(Role.PROVINCIAL, "provincial.limari", day, province=Province.objects.get(name="Limarí"))
    yield _post(Role.REGIONAL, "regional.coquimbo", day, region=Region.objects.get(code="04"))
    yield _post(Role.NATIONAL, "equipo.nacional", day)


def describe(operators: Sequence[Login], url: str) -> str:
    """The table of logins that the terminal shows: one of each role of the first municipality, and those above."""
    shown = [login for login in operators if login.institution in (MONTE_PATRIA, None)]
    rows = [f"  {Role(login.role).label:<34} {login.username:<38} {login.password}" for login in shown]
    others = ", ".join(Institution.objects.get(pk=number).name for number in (COMBARBALA, LIMARI, TRAINING))
    return "\n".join(
        [
            "",
            f"Ventanilla de demostración en {url}  (datos ficticios)",
            "",
            f"  {'Rol':<34} {'Usuario':<38} Contraseña",
            *rows,
            "",
            f"  {UNSIGNED} (misma contraseña) todavía no firma el acuerdo y muestra cómo se firma.",
            "  Los códigos del segundo factor salen de la clave «totp» de cada uno, en el mismo archivo.",
            "",
            f"También hay: {others}. Todos los ingresos y llaves de la API están en var/{LOGINS}.",
        ]
    )
