"""Cells of a warehouse as words."""

from __future__ import annotations

from crisisctl.compensation.warehouse.engine import Value


def raw(column: Value) -> Value:
    """A cell in words, as it stands; empty where there is nothing."""
    text = column if column.type().is_string() else column.cast("string")
    return text.fill_null("")


def clean(column: Value) -> Value:
    """A cell in words, without the spaces around it."""
    return raw(column).strip()
