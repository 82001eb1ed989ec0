"""Safety, grain condition and the jobs done on stored grain: standard tables 1301–1306."""

from canglin.storage.models.condition import GasReading, GrainConditionScan, PestInspection
from canglin.storage.models.jobs import FumigationJob, VentilationJob
from canglin.storage.models.safety import SafetyRisk

__all__ = [
    "FumigationJob",
    "GasReading",
    "GrainConditionScan",
    "PestInspection",
    "SafetyRisk",
    "VentilationJob",
]
