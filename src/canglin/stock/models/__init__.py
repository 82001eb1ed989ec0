"""Contracts, tickets, settlements, stock changes and stock claims (standard tables 1201, 1202, 1204–1212), and the ledger."""

from canglin.stock.models.changes import BinTransfer, GainLossSheet, NatureChange
from canglin.stock.models.claims import BookStock, StockCard
from canglin.stock.models.contracts import Contract, Customer
from canglin.stock.models.ledger import Account, DayNet, MonthNet, Move
from canglin.stock.models.settlements import InboundSettlement, OutboundSettlement
from canglin.stock.models.tickets import InboundTicket, OutboundTicket

__all__ = [
    "Account",
    "BinTransfer",
    "BookStock",
    "Contract",
    "Customer",
    "DayNet",
    "GainLossSheet",
    "InboundSettlement",
    "InboundTicket",
    "MonthNet",
    "Move",
    "NatureChange",
    "OutboundSettlement",
    "OutboundTicket",
    "StockCard",
]
