"""Searches for duplicates over an institution: asked for, done by a job, and put before whoever decides."""

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from ventanilla.access.actors import Actor, require
from ventanilla.access.permissions import Permission
from ventanilla.access.tenancy import acting
from ventanilla.core import clock
from ventanilla.core.errors import RuleBroken
from ventanilla.core.jobs import queue
from ventanilla.registry.merging.doubts import put_doubts
from ventanilla.registry.merging.search import compare_all, read_people
from ventanilla.registry.merging.states import SEARCH_LIFECYCLE, FoundBy, SearchState
from ventanilla.registry.models import DuplicateSearch

WITH_LOADS = "loads"
"""Their queue and its lock: what takes long is done one after another, and letters wait for none of it."""

LONGEST = timedelta(hours=1)
_ON_ITS_WAY_ALREADY = "Ya hay una búsqueda en curso."
_ON_ITS_WAY = (SearchState.ASKED, SearchState.RUNNING)


@transaction.atomic
def ask_search(*, by: Actor) -> DuplicateSearch:
    """Ask for a search, which a job does. Raises ``RuleBroken`` while another waits or runs."""
    require(by, Permission.REGISTRY_MERGE)
    _refuse_a_second()
    return _ask(by)


@transaction.atomic
def ask_after_load(*, by: Actor) -> None:
    """People came: they are compared with all. One that only waits will meet them too."""
    require(by, Permission.LOAD_RUN)
    if not DuplicateSearch.objects.filter(state=SearchState.ASKED).exists():
        # One that runs may have read the people already: another is asked for when it ends.
        runs = DuplicateSearch.objects.filter(state=SearchState.RUNNING).update(again=True)
        if not runs:
            _ask(by)


def search_now(*, by: Actor) -> DuplicateSearch:
    """Without a job. Raises ``RuleBroken`` while another waits or runs."""
    require(by, Permission.LOAD_RUN)
    with acting(by):
        _refuse_a_second()
        search = _begin(by)
    done = do_search(search.pk, by=by)
    assert done is not None
    return done


def _refuse_a_second() -> None:
    """One that has run for longer than any takes was killed where no job would take it up again."""
    dead = DuplicateSearch.objects.filter(state=SearchState.RUNNING, started_at__lt=clock.now() - LONGEST)
    for search in dead:
        _move(search, SearchState.FAILED, ended_at=clock.now())
    if DuplicateSearch.objects.filter(state__in=_ON_ITS_WAY).exists():
        raise RuleBroken(_ON_ITS_WAY_ALREADY)


def _begin(by: Actor) -> DuplicateSearch:
    try:
        with transaction.atomic():
            return DuplicateSearch.objects.create(asked_at=clock.now(), account_id=by.account_id)
    except IntegrityError:  # somebody asked in this very moment
        raise RuleBroken(_ON_ITS_WAY_ALREADY) from None


def _ask(by: Actor) -> DuplicateSearch:
    search = _begin(by)
    job = queue.configure_task("search_duplicates", queue=WITH_LOADS, lock=WITH_LOADS)
    job.defer(institution=search.institution_id, search=str(search.pk))
    return search


def do_search(search_id: UUID, *, by: Actor) -> DuplicateSearch | None:
    """Compare all people and put the pairs into the queue. Killed in the middle it is done again from the beginning,
    and no pair comes twice; None of one that ended.
    """
    require(by, Permission.LOAD_RUN)
    with acting(by):
        search = DuplicateSearch.objects.filter(pk=search_id, state__in=_ON_ITS_WAY).first()
        if search is None:
            return None
        _move(search, SearchState.RUNNING, started_at=clock.now())
    try:
        compared = compare_all(read_people(by=by))
        with acting(by):
            found = put_doubts(compared.pairs, by=by, found_by=FoundBy.SEARCH)
            ended = {"people": compared.people, "likely": len(compared.pairs), "found": found}
            _move(search, SearchState.DONE, ended_at=clock.now(), **ended)
    except (OperationalError, InterfaceError):
        raise  # the job is tried again by itself
    except Exception:
        with acting(by):
            _move(search, SearchState.FAILED, ended_at=clock.now())
        raise
    with acting(by):
        if DuplicateSearch.objects.filter(pk=search_id, again=True).exists():
            _ask(by)
    return search


def _move(search: DuplicateSearch, to: SearchState, **changed: object) -> None:
    SEARCH_LIFECYCLE.require(SearchState(search.state), to, message="Esta búsqueda ya terminó.")
    search.state = to
    for name, value in changed.items():
        setattr(search, name, value)
    search.save(update_fields=["state", *changed])
