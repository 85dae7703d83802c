"""Balancing: how often a document of each class and language is written."""

from stages.balance.stage import Balance, BalanceReason, copies, draw

__all__ = ["Balance", "BalanceReason", "copies", "draw"]
