"""Every file format that can be loaded, in the order in which files depend on each other."""

from collections.abc import Mapping

from ventanilla.access.datasets import DATASETS as ACCESS
from ventanilla.benefits.datasets import DATASETS as BENEFITS
from ventanilla.core.datasets import Dataset
from ventanilla.intake.datasets import DATASETS as INTAKE
from ventanilla.registry.datasets import DATASETS as REGISTRY
from ventanilla.registry.state_datasets import DATASETS as STATE

DATASETS: Mapping[str, Dataset] = {
    dataset.name: dataset for dataset in (*ACCESS, *REGISTRY, *STATE, *BENEFITS, *INTAKE)
}
