"""The formats that the platform loads, which the apps declare and ``config`` gathers."""

from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from ventanilla.core.datasets import Dataset


@cache
def declared() -> Mapping[str, Dataset]:
    """By name, in the order in which files depend on each other."""
    found: Mapping[str, Dataset] = import_string(settings.DATASETS)
    return found


def for_the_browser() -> list[Dataset]:
    """Those that a municipality brings from day to day; who operates, and where, is loaded by whoever installs."""
    return [dataset for dataset in declared().values() if not dataset.is_of_installing]
