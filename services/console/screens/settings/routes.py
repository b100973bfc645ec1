"""Oneself, the users, and what people did."""

from __future__ import annotations

from services.console.screens.pages import Page

PAGES: tuple[Page, ...] = ()
