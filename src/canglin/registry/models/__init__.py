"""Places, equipment and people: standard tables 1101–1113."""

from canglin.registry.models.enterprises import Enterprise, EnterpriseCredit, Staff
from canglin.registry.models.equipment import Chemical, Equipment
from canglin.registry.models.pictures import Attachment, CameraMapLabel, LotMapLabel
from canglin.registry.models.places import Compartment, Depot, OilTank, StorageLot
from canglin.registry.models.warehouses import Warehouse

__all__ = [
    "Attachment",
    "CameraMapLabel",
    "Chemical",
    "Compartment",
    "Depot",
    "Enterprise",
    "EnterpriseCredit",
    "Equipment",
    "LotMapLabel",
    "OilTank",
    "Staff",
    "StorageLot",
    "Warehouse",
]
