"""Who may do what: one table of roles and rights, one question asked of it."""

from collections.abc import Mapping
from enum import StrEnum

from django.db import models


class Role(models.TextChoices):
    """What an operator is in one of her postings."""

    FRONT_DESK = "front_desk", "Atención de público"
    CASE_WORKER = "case_worker", "Gestión de casos"
    UAS_HEAD = "uas_head", "Jefatura de Asistencia Social"
    UNIT_HEAD = "unit_head", "Jefatura de unidad"
    COUNTERPART = "counterpart", "Contraparte municipal"
    DIDECO = "dideco", "Dirección de Desarrollo Comunitario"
    SYSTEM_ADMIN = "system_admin", "Administración del sistema"
    DATA_OFFICER = "data_officer", "Protección de datos"
    TECHNICAL_ASSISTANT = "technical_assistant", "Asistencia técnica"
    PROVINCIAL = "provincial", "Coordinación provincial"
    REGIONAL = "regional", "Encargo regional"
    NATIONAL = "national", "Equipo nacional"

    @property
    def is_above_institutions(self) -> bool:
        return self in ABOVE_INSTITUTIONS


ABOVE_INSTITUTIONS = frozenset({Role.TECHNICAL_ASSISTANT, Role.PROVINCIAL, Role.REGIONAL, Role.NATIONAL})


class Agent(StrEnum):
    """Who acts without being an operator: it has grants in the same table and no sign-in."""

    COMMAND = "command"  # the command line, run by whoever keeps the server
    WALL = "wall"  # the screen on the wall of a waiting room: numbers and desks, nobody's name
    VISITOR = "visitor"  # whoever holds a paper of ours and asks whether it is true
    PROVIDER = "provider"  # somebody outside who answers a referral by its link and code


class Permission(StrEnum):
    SESSION_USE = "session:use"  # one's own home page, postings, sign-out
    PERSON_SEARCH = "person:search"
    PERSON_REGISTER = "person:register"
    REGISTRY_MERGE = "registry:merge"  # decide whether two people are one, join their records and undo it
    SCREENING_SUMMARY = "screening:summary"
    SCREENING_FULL = "screening:full"
    CONSULTATION_READ = "consultation:read"
    CONSULTATION_WORK = "consultation:work"
    CONSULTATION_VOID = "consultation:void"
    LINE_ASSIGN = "line:assign"  # say which colleague answers what stayed open; for oneself it needs no right
    PROTOCOL_READ = "protocol:read"
    PROTOCOL_WRITE = "protocol:write"  # draft those in which one's unit takes part
    PROTOCOL_SIGN = "protocol:sign"  # bind one's unit
    PROTOCOL_APPROVE = "protocol:approve"
    REFERRAL_READ = "referral:read"
    REFERRAL_WORK = "referral:work"  # send from one's unit, accept and answer what came to it
    REFERRAL_FOLLOW = "referral:follow"  # remind, mark late and let expire, by the terms alone
    REFERRAL_OVERSEE = "referral:oversee"  # who refers to whom, in figures; nobody's name
    OUTBOX_DELIVER = "outbox:deliver"  # hand over what waits to leave: mail, events
    WEBHOOK_MANAGE = "webhook:manage"  # which other systems are told what happens
    LETTER_TEND = "letter:tend"  # which mail has not left, without what it says; send it again
    REFERRAL_BY_LINK = "referral:by_link"  # read and answer the one referral that a link opens
    TRANSFER_VIEW = "transfer:view"  # what was shared outside, with whom and on which ground
    REFERRAL_ASSIGN = "referral:assign"  # say which colleague answers; for oneself it needs no right
    ROOM_WORK = "room:work"  # give numbers, call and attend them, book appointments
    ROOM_OVERSEE = "room:oversee"  # its figures, closing the day
    ROOM_ARRANGE = "room:arrange"  # queues, desks, hours, screens
    ROOM_SHOW = "room:show"
    OFFICE_ARRANGE = "office:arrange"  # units, sites and desks
    CALENDAR_ARRANGE = "calendar:arrange"  # the days on which the institution attends
    REASON_MANAGE = "reason:manage"  # the institution's own list of reasons; nobody's consultations
    CATALOGUE_READ = "catalogue:read"  # what is offered, and as it is asked of nobody in particular
    CATALOGUE_WRITE = "catalogue:write"  # entries as drafts, their rules, trying them on sample people
    CATALOGUE_PUBLISH = "catalogue:publish"  # and what follows: suspend, close, revalidate
    CATALOGUE_SHOW = "catalogue:show"  # the institution's public page
    RECEIPT_VERIFY = "receipt:verify"
    PROTOCOL_VERIFY = "protocol:verify"
    READ_LOG_VIEW = "read_log:view"
    FLAG_RAISE = "flag:raise"  # go over the new readings; it decides nothing
    FLAG_ANSWER = "flag:answer"  # see and answer the readings that draw attention
    AUDIT_VIEW = "audit:view"  # what was written, the sealed chain, the monthly report
    SECRECY_BREAK = "secrecy:break"  # see what is restricted of one person, in an emergency
    ACCOUNT_UNLOCK = "account:unlock"
    OPERATOR_REGISTER = "operator:register"
    LOAD_RUN = "load:run"
    FOLDER_TEND = "folder:tend"  # be told of what came by the watched folder and waits, or did not come
    KEY_ISSUE = "key:issue"  # hand out a key of somebody else's posting: only whoever keeps the server
    KEY_GRANT = "key:grant"  # let somebody take a key of her own posting, and revoke it
    AGGREGATE_VIEW = "aggregate:view"


class Scope(StrEnum):
    """Over which records a right reaches."""

    OWN = "own"  # what one recorded oneself
    UNIT = "unit"  # one's unit
    INSTITUTION = "institution"
    TERRITORY = "territory"  # aggregates of one's province, region or assigned institutions
    NATION = "nation"


_DESK = {
    Permission.SESSION_USE: Scope.OWN,
    Permission.PERSON_SEARCH: Scope.INSTITUTION,
    Permission.PERSON_REGISTER: Scope.INSTITUTION,
    Permission.SCREENING_SUMMARY: Scope.INSTITUTION,
    Permission.CONSULTATION_READ: Scope.INSTITUTION,
    Permission.CONSULTATION_WORK: Scope.UNIT,
    Permission.PROTOCOL_READ: Scope.INSTITUTION,
    Permission.REFERRAL_READ: Scope.INSTITUTION,
    Permission.REFERRAL_WORK: Scope.UNIT,
    Permission.ROOM_WORK: Scope.INSTITUTION,
    Permission.CATALOGUE_READ: Scope.INSTITUTION,
    Permission.AGGREGATE_VIEW: Scope.OWN,
}

GRANTS: Mapping[Role | Agent, Mapping[Permission, Scope]] = {
    Role.FRONT_DESK: _DESK | {Permission.CONSULTATION_VOID: Scope.OWN},
    Role.CASE_WORKER: _DESK
    | {
        Permission.SCREENING_FULL: Scope.INSTITUTION,
        Permission.CONSULTATION_VOID: Scope.OWN,
        Permission.SECRECY_BREAK: Scope.INSTITUTION,
        Permission.CATALOGUE_WRITE: Scope.UNIT,
    },
    Role.UAS_HEAD: _DESK
    | {
        Permission.SCREENING_FULL: Scope.INSTITUTION,
        Permission.REGISTRY_MERGE: Scope.INSTITUTION,
        Permission.SECRECY_BREAK: Scope.INSTITUTION,
        Permission.CONSULTATION_VOID: Scope.UNIT,
        Permission.LINE_ASSIGN: Scope.UNIT,
        Permission.PROTOCOL_WRITE: Scope.UNIT,
        Permission.PROTOCOL_SIGN: Scope.UNIT,
        Permission.REFERRAL_ASSIGN: Scope.UNIT,
        Permission.REFERRAL_OVERSEE: Scope.INSTITUTION,
        Permission.CATALOGUE_WRITE: Scope.UNIT,
        Permission.CATALOGUE_PUBLISH: Scope.UNIT,
        Permission.ROOM_OVERSEE: Scope.UNIT,
        Permission.ROOM_ARRANGE: Scope.UNIT,
        Permission.READ_LOG_VIEW: Scope.UNIT,
        Permission.FLAG_RAISE: Scope.INSTITUTION,
        Permission.FLAG_ANSWER: Scope.UNIT,
        Permission.ACCOUNT_UNLOCK: Scope.UNIT,
        Permission.OPERATOR_REGISTER: Scope.UNIT,
        Permission.LOAD_RUN: Scope.INSTITUTION,
        Permission.AGGREGATE_VIEW: Scope.UNIT,
    },
    Role.UNIT_HEAD: _DESK
    | {
        Permission.REGISTRY_MERGE: Scope.INSTITUTION,
        Permission.CONSULTATION_VOID: Scope.UNIT,
        Permission.LINE_ASSIGN: Scope.UNIT,
        Permission.PROTOCOL_WRITE: Scope.UNIT,
        Permission.PROTOCOL_SIGN: Scope.UNIT,
        Permission.REFERRAL_ASSIGN: Scope.UNIT,
        Permission.REFERRAL_OVERSEE: Scope.INSTITUTION,
        Permission.CATALOGUE_WRITE: Scope.UNIT,
        Permission.CATALOGUE_PUBLISH: Scope.UNIT,
        Permission.ROOM_OVERSEE: Scope.UNIT,
        Permission.ROOM_ARRANGE: Scope.UNIT,
        Permission.READ_LOG_VIEW: Scope.UNIT,
        Permission.FLAG_RAISE: Scope.INSTITUTION,
        Permission.FLAG_ANSWER: Scope.UNIT,
        Permission.ACCOUNT_UNLOCK: Scope.UNIT,
        Permission.OPERATOR_REGISTER: Scope.UNIT,
        Permission.AGGREGATE_VIEW: Scope.UNIT,
    },
    Role.COUNTERPART: {
        Permission.SESSION_USE: Scope.OWN,
        Permission.ROOM_OVERSEE: Scope.INSTITUTION,
        Permission.ROOM_ARRANGE: Scope.INSTITUTION,
        Permission.OFFICE_ARRANGE: Scope.INSTITUTION,
        Permission.CALENDAR_ARRANGE: Scope.INSTITUTION,
        Permission.REASON_MANAGE: Scope.INSTITUTION,
        Permission.PROTOCOL_READ: Scope.INSTITUTION,
        Permission.PROTOCOL_WRITE: Scope.INSTITUTION,
        Permission.REFERRAL_OVERSEE: Scope.INSTITUTION,
        Permission.CATALOGUE_READ: Scope.INSTITUTION,
        Permission.CATALOGUE_WRITE: Scope.INSTITUTION,
        Permission.CATALOGUE_PUBLISH: Scope.INSTITUTION,
        Permission.ACCOUNT_UNLOCK: Scope.INSTITUTION,
        Permission.OPERATOR_REGISTER: Scope.INSTITUTION,
        Permission.LOAD_RUN: Scope.INSTITUTION,
        Permission.FOLDER_TEND: Scope.INSTITUTION,
        Permission.KEY_GRANT: Scope.INSTITUTION,
        Permission.AGGREGATE_VIEW: Scope.INSTITUTION,
    },
    Role.DIDECO: {
        Permission.SESSION_USE: Scope.OWN,
        Permission.PROTOCOL_READ: Scope.INSTITUTION,
        Permission.PROTOCOL_APPROVE: Scope.INSTITUTION,
        Permission.REFERRAL_OVERSEE: Scope.INSTITUTION,
        Permission.CATALOGUE_READ: Scope.INSTITUTION,
        Permission.CATALOGUE_PUBLISH: Scope.INSTITUTION,
        Permission.AGGREGATE_VIEW: Scope.INSTITUTION,
    },
    Role.SYSTEM_ADMIN: {
        Permission.SESSION_USE: Scope.OWN,
        Permission.WEBHOOK_MANAGE: Scope.INSTITUTION,
        Permission.LETTER_TEND: Scope.INSTITUTION,
        Permission.OFFICE_ARRANGE: Scope.INSTITUTION,
        Permission.CALENDAR_ARRANGE: Scope.INSTITUTION,
        Permission.ACCOUNT_UNLOCK: Scope.INSTITUTION,
        Permission.OPERATOR_REGISTER: Scope.INSTITUTION,
        Permission.KEY_GRANT: Scope.INSTITUTION,
    },
    Role.DATA_OFFICER: {
        Permission.SESSION_USE: Scope.OWN,
        Permission.TRANSFER_VIEW: Scope.INSTITUTION,
        Permission.READ_LOG_VIEW: Scope.INSTITUTION,
        Permission.FLAG_RAISE: Scope.INSTITUTION,
        Permission.FLAG_ANSWER: Scope.INSTITUTION,
        Permission.AUDIT_VIEW: Scope.INSTITUTION,
    },
    Role.TECHNICAL_ASSISTANT: {Permission.SESSION_USE: Scope.OWN, Permission.AGGREGATE_VIEW: Scope.TERRITORY},
    Role.PROVINCIAL: {Permission.SESSION_USE: Scope.OWN, Permission.AGGREGATE_VIEW: Scope.TERRITORY},
    Role.REGIONAL: {Permission.SESSION_USE: Scope.OWN, Permission.AGGREGATE_VIEW: Scope.TERRITORY},
    Role.NATIONAL: {Permission.SESSION_USE: Scope.OWN, Permission.AGGREGATE_VIEW: Scope.NATION},
    Agent.COMMAND: {
        Permission.REFERRAL_FOLLOW: Scope.INSTITUTION,
        Permission.OUTBOX_DELIVER: Scope.INSTITUTION,
        Permission.WEBHOOK_MANAGE: Scope.INSTITUTION,
        Permission.LETTER_TEND: Scope.INSTITUTION,
        Permission.LOAD_RUN: Scope.INSTITUTION,
        Permission.KEY_ISSUE: Scope.INSTITUTION,
        Permission.KEY_GRANT: Scope.INSTITUTION,
        Permission.FLAG_RAISE: Scope.INSTITUTION,
    },
    Agent.WALL: {Permission.ROOM_SHOW: Scope.INSTITUTION},
    Agent.PROVIDER: {Permission.REFERRAL_BY_LINK: Scope.INSTITUTION},
    Agent.VISITOR: {
        Permission.RECEIPT_VERIFY: Scope.INSTITUTION,
        Permission.PROTOCOL_VERIFY: Scope.INSTITUTION,
        Permission.CATALOGUE_SHOW: Scope.INSTITUTION,
    },
}

NAMED: Mapping[Permission, Scope] = {Permission.REGISTRY_MERGE: Scope.INSTITUTION}
"""Rights that whoever has one by her role gives to the operators she registers, posting by posting (ADR 0040)."""

NAMED_IN_WORDS: Mapping[Permission, str] = {Permission.REGISTRY_MERGE: "Unir fichas duplicadas"}

MAY_BE_NAMED = frozenset({Role.FRONT_DESK, Role.CASE_WORKER})
"""Roles whose postings may be given such a right."""

_OF_UNITS = frozenset({Role.FRONT_DESK, Role.CASE_WORKER, Role.UAS_HEAD, Role.UNIT_HEAD})

GIVES: Mapping[Role | Agent, frozenset[Role]] = {
    Role.UAS_HEAD: frozenset({Role.FRONT_DESK, Role.CASE_WORKER}),
    Role.UNIT_HEAD: frozenset({Role.FRONT_DESK}),
    Role.COUNTERPART: _OF_UNITS | {Role.DIDECO},
    Role.SYSTEM_ADMIN: _OF_UNITS | {Role.DIDECO, Role.COUNTERPART, Role.SYSTEM_ADMIN, Role.DATA_OFFICER},
}
"""Which roles whoever registers operators may give, change and end."""

SCOPES: Mapping[str, str] = {
    Permission.PERSON_SEARCH: "Buscar personas y ver quiénes son",
    Permission.PERSON_REGISTER: "Registrar personas",
    Permission.SCREENING_SUMMARY: "Ver la ficha resumida",
    Permission.SCREENING_FULL: "Ver la ficha completa",
    Permission.CONSULTATION_READ: "Leer consultas",
    Permission.CONSULTATION_WORK: "Atender y escribir consultas",
    Permission.CONSULTATION_VOID: "Anular consultas",
    Permission.PROTOCOL_READ: "Leer protocolos",
    Permission.PROTOCOL_WRITE: "Escribir protocolos",
    Permission.PROTOCOL_SIGN: "Firmar protocolos por su unidad",
    Permission.PROTOCOL_APPROVE: "Aprobar protocolos",
    Permission.REFERRAL_READ: "Leer derivaciones",
    Permission.REFERRAL_WORK: "Derivar, aceptar y responder",
    Permission.WEBHOOK_MANAGE: "Suscribir otros sistemas a lo que ocurre",
    Permission.ROOM_WORK: "Números de la sala y horas",
    Permission.CATALOGUE_READ: "Leer el catálogo",
    Permission.CATALOGUE_WRITE: "Escribir prestaciones y sus reglas",
    Permission.CATALOGUE_PUBLISH: "Publicar, suspender y cerrar prestaciones",
}
"""What a key of the API may be limited to, in words. A test asks that every operation's right is here."""


def scopes_of(role: Role | Agent) -> list[str]:
    """Those that mean something to a role, in the order of the table."""
    return [scope for scope in SCOPES if Permission(scope) in GRANTS[role]]


def gives(role: Role | Agent) -> frozenset[Role]:
    return GIVES.get(role, frozenset())


HELD_IN_A_UNIT = _OF_UNITS
"""Roles whose posting names a unit."""

ONLY_IN_UAS = frozenset({Role.CASE_WORKER, Role.UAS_HEAD})
"""Cases are only managed in the Unidad de Asistencia Social."""

NEEDS_SECOND_FACTOR = ABOVE_INSTITUTIONS | {Role.SYSTEM_ADMIN}
