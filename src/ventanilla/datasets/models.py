"""What was loaded: one row for every file, with what became of its rows, and the rows that were not taken."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from ventanilla.access.models import Account, Posting
from ventanilla.access.tenancy import TenantForeignKey, TenantModel, TenantQuerySet
from ventanilla.core.tables import Retention
from ventanilla.datasets.states import OVER, STAGES, TONES, WAITS, WORKING, LoadState, stage_of


class LoadQuerySet(TenantQuerySet["Load"]):
    def tried_or_applied(self) -> "LoadQuerySet":
        """Without what was only tried from the command line."""
        return self.filter(dry_run=False)

    def to_decide(self) -> "LoadQuerySet":
        """Of those that came by the folder, what does not go on by itself."""
        stands = Q(state__in=WAITS) | Q(state=LoadState.RECEIVING) & ~Q(problem="")
        return self.filter(stands, from_folder=True)


class Load(TenantModel):
    """One file applied, or tried without applying. Its figures are those of the batches already kept.

    The audit rows of what it wrote carry its id as their request. ``number`` names it to people. ``row_done`` is the
    last row of the file whose batch was kept: killed, it goes on after it. ``done`` and ``size`` are bytes, of what was
    received while it is uploaded and of what was read afterwards. ``seen`` is the file as it was looked at,
    ``mapping`` what somebody said its headings mean, ``constants`` what it does not say of its rows, and ``trial`` the
    figures of the last try.
    """

    retention: ClassVar[Retention] = Retention.LOG

    number = models.PositiveIntegerField("número", null=True)
    dataset = models.CharField("formato", max_length=40)
    file_name = models.CharField("archivo", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    state = models.CharField("estado", max_length=10, choices=LoadState, default=LoadState.APPLIED)
    problem = models.TextField("qué lo impide", blank=True)
    size = models.PositiveBigIntegerField("tamaño", default=0)
    done = models.PositiveBigIntegerField("hecho", default=0)
    modified = models.BigIntegerField("fecha del archivo", null=True)
    """As the browser tells it, so that what is sent later is the same file."""
    sheet = models.CharField("hoja", max_length=120, blank=True)
    member = models.CharField("archivo del zip", max_length=255, blank=True)
    any_commune = models.BooleanField("de otra comuna", default=False)
    accept_gone = models.BooleanField("los que no vienen dejan de figurar", default=False)
    """However many they are: somebody saw how many, and said that the file is whole."""
    mapping = models.JSONField("columnas", default=dict)
    constants = models.JSONField("lo que el archivo no dice", default=dict)
    seen = models.JSONField("lo que se vio", default=dict)
    trial = models.JSONField("ensayo", default=dict)
    extracts = models.JSONField("extractos que trajo", default=list)
    row_done = models.PositiveIntegerField("última fila", default=0)
    rows_read = models.PositiveIntegerField("filas leídas", default=0)
    rows_new = models.PositiveIntegerField("nuevas", default=0)
    rows_changed = models.PositiveIntegerField("cambiadas", default=0)
    rows_same = models.PositiveIntegerField("iguales", default=0)
    rows_doubtful = models.PositiveIntegerField("dudosas", default=0)
    """Kept, and put before whoever says whose they are."""
    rows_rejected = models.PositiveIntegerField("rechazadas", default=0)
    written_from = models.DateTimeField("escribe desde", null=True)
    written_until = models.DateTimeField("escribió hasta", null=True)
    """Between which its audit rows are, on the clock of the database, which writes them."""
    started_at = models.DateTimeField("inicio")
    ended_at = models.DateTimeField("término", null=True, blank=True)
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="cuenta"
    )
    posting = TenantForeignKey(Posting, models.PROTECT, null=True, related_name="+", verbose_name="desempeño")
    """Whoever accepted it, in whose name it is applied."""
    dry_run = models.BooleanField("ensayo", default=False)
    from_folder = models.BooleanField("de la carpeta vigilada", default=False)
    """Nobody brought it: what is safe of it is accepted by itself, and the rest waits for whoever decides."""

    objects = LoadQuerySet.as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "carga"
        verbose_name_plural = "cargas"
        constraints = [
            models.CheckConstraint(
                name="every_row_is_accounted_for",
                condition=Q(
                    rows_read=F("rows_new")
                    + F("rows_changed")
                    + F("rows_same")
                    + F("rows_doubtful")
                    + F("rows_rejected")
                ),
            ),
            models.UniqueConstraint(fields=["institution", "number"], name="one_load_per_number"),
        ]
        indexes = [models.Index(fields=["institution", "started_at"], name="load_by_start")]

    def __str__(self) -> str:
        return f"{self.dataset} de {self.file_name}"

    def get_absolute_url(self) -> str:
        return reverse("datasets:load", args=[self.pk])

    @property
    def tone(self) -> str:
        return TONES[LoadState(self.state)]

    @property
    def is_working(self) -> bool:
        return self.state in WORKING

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def has_page_of_rejected(self) -> bool:
        """Of one of the command line they are in a file beside its own."""
        return self.account_id is not None or self.from_folder

    @property
    def stages(self) -> list[dict[str, object]]:
        """As the steps of its page show them."""
        at = stage_of(LoadState(self.state))
        is_whole = self.state == LoadState.APPLIED
        return [
            {"label": name, "is_done": place < at or is_whole, "is_current": place == at and not is_whole}
            for place, name in enumerate(STAGES)
        ]

    @property
    def rows_taken(self) -> int:
        return self.rows_read - self.rows_rejected

    @property
    def to_take(self) -> int:
        """How many rows its trial would take."""
        return int(self.trial.get("read", 0)) - int(self.trial.get("rejected", 0))

    @property
    def percent(self) -> int:
        return min(100, round(self.done * 100 / self.size)) if self.size else 0


class LoadStep(TenantModel):
    """What happened in a load: from which state to which, when, by whom, and what was said."""

    append_only: ClassVar[bool] = True
    retention: ClassVar[Retention] = Retention.LOG

    load = TenantForeignKey(Load, models.PROTECT, related_name="steps", verbose_name="carga")
    before = models.CharField("desde", max_length=10, choices=LoadState, blank=True)
    after = models.CharField("hacia", max_length=10, choices=LoadState)
    note = models.CharField("detalle", max_length=500, blank=True)
    at = models.DateTimeField("momento")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="cuenta"
    )

    objects = TenantQuerySet["LoadStep"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "paso de la carga"
        verbose_name_plural = "pasos de la carga"
        ordering = ["at", "id"]


class RejectedRow(TenantModel):
    """A row of the file that was not taken, with all its cells as they came. It goes when its file does."""

    retention: ClassVar[Retention] = Retention.EXTRACT

    load = TenantForeignKey(Load, models.PROTECT, related_name="rejected", verbose_name="carga")
    number = models.PositiveIntegerField("fila")
    cells = ArrayField(models.TextField(), verbose_name="celdas")
    reason = models.TextField("motivo")

    objects = TenantQuerySet["RejectedRow"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "fila rechazada"
        verbose_name_plural = "filas rechazadas"
        constraints = [models.UniqueConstraint(fields=["institution", "load", "number"], name="one_rejection_per_row")]


class KnownHeadings(TenantModel):
    """What somebody of the institution said once that the headings of such a file mean, for the next one alike."""

    dataset = models.CharField("formato", max_length=40)
    headings = models.CharField("encabezados", max_length=64)
    """SHA-256 of the headings in their order."""
    mapping = models.JSONField("columnas")
    constants = models.JSONField("lo que el archivo no dice", default=dict)
    said_at = models.DateTimeField("momento")
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="cuenta"
    )

    objects = TenantQuerySet["KnownHeadings"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "columnas conocidas"
        verbose_name_plural = "columnas conocidas"
        constraints = [
            models.UniqueConstraint(fields=["institution", "dataset", "headings"], name="one_meaning_per_headings")
        ]


class WatchedFolder(TenantModel):
    """The folder of the server in which others leave files for the institution: when it was last seen, and how."""

    retention: ClassVar[Retention] = Retention.LOG

    looked_at = models.DateTimeField("última mirada")
    problem = models.TextField("qué lo impide", blank=True)

    objects = TenantQuerySet["WatchedFolder"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "carpeta vigilada"
        verbose_name_plural = "carpetas vigiladas"
        constraints = [models.UniqueConstraint(fields=["institution"], name="one_folder_per_institution")]


class TakenFile(TenantModel):
    """A file of that folder that was taken; as long as it lies there unchanged, it is not taken again."""

    retention: ClassVar[Retention] = Retention.LOG

    place = models.CharField("lugar", max_length=500)
    """Within the folder of all institutions."""
    size = models.PositiveBigIntegerField("tamaño")
    modified = models.BigIntegerField("fecha del archivo")
    """Nanoseconds, as the system tells it."""
    taken_at = models.DateTimeField("momento")
    load = TenantForeignKey(Load, models.PROTECT, related_name="taken_from", verbose_name="carga")

    objects = TenantQuerySet["TakenFile"].as_manager()

    class Meta(TenantModel.Meta):
        verbose_name = "archivo tomado"
        verbose_name_plural = "archivos tomados"
        constraints = [
            models.UniqueConstraint(fields=["institution", "place", "size", "modified"], name="a_file_is_taken_once")
        ]
