"""What identity and reference rows have in common."""

from typing import ClassVar

from django.db import models

from ventanilla.core.ids import new_id
from ventanilla.core.tables import Retention, TableClass


class IdentityModel(models.Model):
    """An operator, a unit, a posting: never a neighbour."""

    table_class: ClassVar[TableClass] = TableClass.IDENTITY
    retention: ClassVar[Retention] = Retention.RECORD
    append_only: ClassVar[bool] = False

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class ReferenceModel(models.Model):
    """A national fact that every institution reads."""

    table_class: ClassVar[TableClass] = TableClass.REFERENCE
    retention: ClassVar[Retention] = Retention.REFERENCE

    class Meta:
        abstract = True
