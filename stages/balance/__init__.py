"""Balancing: how often a document of each class and language is written."""

from stages.balance.stage import Balance, BalanceReason, copies

__all__ = ["Balance", "BalanceReason", "copies"]
