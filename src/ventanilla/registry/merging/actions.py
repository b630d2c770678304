"""Deciding whether two people are one: different, later, or the same and their records joined; and undoing it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.core import clock
from ventanilla.core.errors import InvalidTransition, RuleBroken
from ventanilla.registry.merging import rules
from ventanilla.registry.merging.homes import settle_homes
from ventanilla.registry.merging.moving import Account, change, follow, give_back, refusals
from ventanilla.registry.merging.states import PAIR_LIFECYCLE, FoundBy, MoveKind, PairState
from ventanilla.registry.models import DuplicateStep, Merge, Person, PossibleDuplicate, Relation
from ventanilla.registry.name_key import search_key, sort_key
from ventanilla.registry.reading import close_purposes

FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Joining:
    """How two records become one. ``taken`` says of which fields (``rules.NAMES``, ``rules.HOME``) the absorbed's."""

    taken: Mapping[str, bool] = field(default_factory=dict)
    reason: str = ""


@transaction.atomic
def set_apart(pair: PossibleDuplicate, *, by: Actor, reason: str = "") -> PossibleDuplicate:
    """They are two people; nobody proposes them again while the data of both stay as they are."""
    _lock(pair, by=by)
    pair.fingerprint = rules.fingerprint(pair.first, pair.second)
    _step(pair, PairState.DIFFERENT, by=by, reason=reason)
    close_purposes(reference_id=pair.pk)
    return pair


@transaction.atomic
def leave_for_later(pair: PossibleDuplicate, *, by: Actor, reason: str = "") -> PossibleDuplicate:
    """It goes to the end of the queue. Said twice it is once."""
    _lock(pair, by=by)
    if pair.state != PairState.LATER:
        _step(pair, PairState.LATER, by=by, reason=reason)
    close_purposes(reference_id=pair.pk)
    return pair


@transaction.atomic
def reconsider(pair: PossibleDuplicate, *, by: Actor, reason: str = "") -> PossibleDuplicate:
    """Who said that they are two was mistaken: somebody decides again. Said twice it is once."""
    require(by, Permission.REGISTRY_MERGE, pair)
    pair.refresh_from_db(from_queryset=PossibleDuplicate.objects.select_for_update(of=("self",)))
    if pair.state == PairState.SAME:
        raise InvalidTransition("Sus fichas se unieron. Para decidirlo otra vez, deshaga la unión.")
    if pair.state == PairState.DIFFERENT:
        pair.fingerprint = ""
        _step(pair, PairState.PENDING, by=by, reason=reason)
    return pair


@transaction.atomic
def merge_pair(pair: PossibleDuplicate, joining: Joining, *, by: Actor) -> Merge:
    """They are one person: the record with RUN, else of a registry, else the older is kept, and the other joins it."""
    _lock(pair, by=by)
    kept, absorbed = rules.which_is_kept(pair.first, pair.second)
    _step(pair, PairState.SAME, by=by, reason=joining.reason)
    merge = merge_people(kept, absorbed, joining, by=by, pair=pair)
    close_purposes(reference_id=pair.pk)
    return merge


@transaction.atomic
def merge_people(
    kept: Person, absorbed: Person, joining: Joining, *, by: Actor, pair: PossibleDuplicate | None = None
) -> Merge:
    """Join the record of ``absorbed`` to that of ``kept``, with all that hangs from it, so that it can be undone.

    What was signed, issued or logged is not rewritten: it is reached through the merge.
    """
    require(by, Permission.REGISTRY_MERGE, kept)
    require(by, Permission.REGISTRY_MERGE, absorbed)
    locked = {person.pk: person for person in _locked(kept.pk, absorbed.pk)}
    kept, absorbed = locked[kept.pk], locked[absorbed.pk]
    now, reason = clock.now(), " ".join(joining.reason.split())
    for person in (kept, absorbed):
        if person.merged_into_id is not None:
            raise InvalidTransition("Una de las dos fichas ya está unida a otra. Vuelva a la lista de pares.")
        if person.processing_blocked:
            raise RuleBroken("El tratamiento de los datos de una de las dos está bloqueado. No se pueden unir.")
    related = Relation.objects.filter(Q(person=kept, other=absorbed) | Q(person=absorbed, other=kept)).exists()
    for objection in rules.objections(kept, absorbed, are_related=related, reason=reason):
        raise RuleBroken(objection, field="reason" if "RUN distintos" in objection else None)
    for refusal in refusals(kept, absorbed, at=now):
        raise RuleBroken(refusal)
    merge = Merge.objects.create(
        kept=kept,
        absorbed=absorbed,
        pair=pair,
        merged_at=now,
        account_id=by.account,
        posting_id=by.posting,
        reason=reason,
    )
    account = Account(merge)
    takes_home = joining.taken.get(rules.HOME, False)
    settle_homes(kept, absorbed, account, takes_absorbed=takes_home, on=clock.today())
    follow(kept, absorbed, account, at=now)
    _choose_fields(kept, absorbed, joining.taken, account)
    _carry_doubts(kept, absorbed, account)
    account.write()
    return merge


@transaction.atomic
def undo_merge(merge: Merge, *, by: Actor, reason: str) -> Merge:
    """The two records are two again, each with what it had. What was written since stays with the one kept.

    Raises ``RuleBroken`` when what came later rests on the merge.
    """
    merge.refresh_from_db(from_queryset=Merge.objects.select_for_update())
    require(by, Permission.REGISTRY_MERGE, merge)
    if merge.undone_at is not None:
        raise InvalidTransition("Esta unión ya se había deshecho.")
    reason = " ".join(reason.split())
    if len(reason.split()) < FEWEST_WORDS:
        raise RuleBroken("Escriba por qué se deshace, en una frase.", field="reason")
    people = {person.pk: person for person in _locked(merge.kept_id, merge.absorbed_id)}
    kept, absorbed = people[merge.kept_id], people[merge.absorbed_id]
    if kept.merged_into_id is not None:
        raise RuleBroken("La ficha que se conservó se unió después con otra. Deshaga primero esa unión.")
    if kept.processing_blocked or absorbed.processing_blocked:
        raise RuleBroken("El tratamiento de los datos de la persona está bloqueado. No se puede deshacer.")
    give_back(merge)
    _exchange_runs_back(merge)
    _make_keys(merge.kept_id, merge.absorbed_id)
    merge.undone_at, merge.undone_by_id, merge.undone_reason = clock.now(), by.account, reason
    merge.save()
    if merge.pair_id:
        pair = PossibleDuplicate.objects.select_for_update().get(pk=merge.pair_id)
        _step(pair, PairState.PENDING, by=by, reason=reason)
    return merge


def _lock(pair: PossibleDuplicate, *, by: Actor) -> None:
    """Take the pair as it is now; who comes second is told who decided, and what."""
    require(by, Permission.REGISTRY_MERGE, pair)
    pair.refresh_from_db(from_queryset=PossibleDuplicate.objects.select_for_update(of=("self",)))
    if pair.first.merged_into_id or pair.second.merged_into_id:
        raise InvalidTransition("Una de las dos fichas ya se unió a otra. Este par ya no necesita decisión.")
    if pair.state in (PairState.SAME, PairState.DIFFERENT):
        last = pair.steps.select_related("account").order_by("-at", "-id").first()
        who = last.account.full_name if last and last.account else "Otra persona"
        raise InvalidTransition(f"{who} ya lo decidió: {PairState(pair.state).label.lower()}. No cambió nada.")


def _step(pair: PossibleDuplicate, after: PairState, *, by: Actor, reason: str) -> None:
    before = PairState(pair.state)
    PAIR_LIFECYCLE.require(before, after, message="Este par ya no se puede decidir así. Vuelva a la lista.")
    pair.state = after
    pair.save()
    DuplicateStep.objects.create(
        pair=pair,
        before=before,
        after=after,
        at=clock.now(),
        account_id=by.account_id,
        posting_id=by.posting_id,
        reason=" ".join(reason.split()),
    )


def _locked(*people: UUID) -> list[Person]:
    """In the order of their keys, so that two merges at once wait for each other instead of both for ever."""
    return list(Person.objects.filter(pk__in=people).order_by("pk").select_for_update())


def _choose_fields(kept: Person, absorbed: Person, taken: Mapping[str, bool], account: Account) -> None:
    changes = rules.chosen_columns(kept, absorbed, taken)
    takes_run = bool(taken.get("run")) and absorbed.run != kept.run
    runs = (absorbed.run, kept.run) if takes_run else (kept.run, absorbed.run)
    change(absorbed, {"merged_into_id": kept.pk}, account)
    if takes_run:  # the RUN that goes leads to her too, from the record that was joined
        account.note(MoveKind.SWAPPED, Person, kept.pk, old={"run": kept.run}, new={"run": runs[0]})
        account.note(MoveKind.SWAPPED, Person, absorbed.pk, old={"run": absorbed.run}, new={"run": runs[1]})
        _write_runs({kept.pk: runs[0], absorbed.pk: runs[1]})
        kept.run, absorbed.run = runs
    for column, value in changes.items():
        setattr(kept, column, value)
    _check(kept)
    change(kept, changes, account)
    _make_keys(kept.pk)


def _check(kept: Person) -> None:
    """A record made of two keeps the rules of one, as that nobody dies before being born."""
    try:
        kept.validate_constraints()
    except ValidationError as error:
        raise RuleBroken(error.messages[0]) from error


def _write_runs(runs: Mapping[UUID, str | None]) -> None:
    """No two people have one RUN, not even while they change it over."""
    Person.objects.filter(pk__in=runs).update(run=None)
    for person, run in runs.items():
        Person.objects.filter(pk=person).update(run=run)


def _exchange_runs_back(merge: Merge) -> None:
    swapped = merge.moves.filter(kind=MoveKind.SWAPPED)
    runs = {move.row_id: (move.old or {}).get("run") for move in swapped}
    left = {move.row_id: (move.new or {}).get("run") for move in swapped}
    if dict(Person.objects.filter(pk__in=left).values_list("pk", "run")) != left:
        raise RuleBroken("Después de la unión cambió su ficha: RUN. Ya no se puede deshacer sola.")
    if runs:
        _write_runs(runs)


def _make_keys(*people: UUID) -> None:
    """What is searched and ordered by, as the names are now."""
    for person in Person.objects.filter(pk__in=people):
        names = (person.given_names, person.first_surname, person.second_surname)
        Person.objects.filter(pk=person.pk).update(
            search_key=search_key(*names, person.social_name), sort_key=sort_key(*names)
        )


def _carry_doubts(kept: Person, absorbed: Person, account: Account) -> None:
    """Whoever may have been the one absorbed, or was said not to be, is the same to the one kept."""
    hers = PossibleDuplicate.objects.filter(Q(first=absorbed) | Q(second=absorbed)).exclude(state=PairState.SAME)
    others: dict[UUID, PossibleDuplicate] = {}
    for pair in hers.order_by("id"):
        other = pair.second_id if pair.first_id == absorbed.pk else pair.first_id
        if other != kept.pk:
            others[other] = pair
    mine = PossibleDuplicate.objects.filter(Q(first=kept) | Q(second=kept)).values_list("first_id", "second_id")
    known = {key for both in mine for key in both}
    new = []
    for person in Person.objects.filter(pk__in=set(others) - known):
        pair = others[person.pk]
        first, second = sorted((kept.pk, person.pk))
        new.append(
            PossibleDuplicate(
                first_id=first,
                second_id=second,
                state=pair.state,
                fingerprint=rules.fingerprint(kept, person) if pair.state == PairState.DIFFERENT else "",
                score=pair.score,
                evidence=pair.evidence,
                found_by=FoundBy.MERGE,
                found_at=clock.now(),
            )
        )
    PossibleDuplicate.objects.bulk_create(new)
    for pair in new:
        account.note(MoveKind.ADDED, PossibleDuplicate, pair.pk)
