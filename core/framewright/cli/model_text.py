"""How models look in a terminal: the list of them by task, and one as a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from framewright.catalog.form import FormField, form
from framewright.cli.answer import console
from framewright.domain.plan import Task
from framewright.studio.model_list import short_id, why_not

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewright.catalog.catalog import Catalog
    from framewright.domain.model_card import ModelCard

WIDE = 118
"""Columns from which on a model and what it does stand in one line."""
MOST_CHOICES = 40
_MOST_LETTERS = 48
"""More of what is usual is not shown."""
_OTHERS = "other things"


def print_list(cards: Sequence[ModelCard], catalog: Catalog) -> None:
    """Print models by task, those that can be used here first, and what the others want."""
    out = console()
    if not cards:
        out.print("No model does that.")
        return
    why = why_not(cards, catalog)
    for task in (*Task, None):
        group = [card for card in cards if card.task is task]
        if not group:
            continue
        out.print(Text(task.value if task else _OTHERS, "bold"))
        group.sort(key=lambda card: not card.available)
        if out.width >= WIDE:
            out.print(_rows(group, why))
        else:
            for card in group:
                out.print(_lines(card, why.get(card.id, "")))
        out.print()
    _print_wants(cards, catalog, why)


def print_form(card: ModelCard, catalog: Catalog) -> None:
    """Print what is known of a model, and its fields."""
    out = console()
    out.print(Text(card.id, "bold"), soft_wrap=True)
    if card.description:
        out.print(Text(card.description))
    out.print()
    facts = Table.grid(padding=(0, 2))
    facts.add_column(no_wrap=True, style="bright_black")
    facts.add_column(overflow="fold")
    for name, told in _facts(card, catalog):
        facts.add_row(name, Text(told))
    out.print(facts)
    out.print()
    for each in form(card):
        out.print(_head(each))
        for line in _more(each):
            out.print(Padding(Text(line, "bright_black"), (0, 0, 0, 4)))
    if any(each.required for each in form(card)):
        out.print(Text("\n* is needed", "bright_black"))


def _rows(cards: Sequence[ModelCard], why: dict[str, str]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, width=52, overflow="ellipsis")
    table.add_column(no_wrap=True, width=25, overflow="ellipsis")
    table.add_column(overflow="fold")
    for card in cards:
        lacks = why.get(card.id)
        name = Text(f"  {short_id(card.id)}", "bright_black" if lacks else "")
        here = Text(lacks, "yellow") if lacks else Text(_price(card))
        table.add_row(name, here, Text(card.description))
    return table


def _price(card: ModelCard) -> str:
    if card.price is None:
        return "price unknown"
    if not card.price.amount:
        return "free"
    sign = "$" if card.price.currency == "USD" else f"{card.price.currency} "
    return f"{sign}{card.price.amount:g} a {card.price.per}"


def _lines(card: ModelCard, lacks: str) -> Text:
    text = Text(f"  {short_id(card.id)}", "bright_black" if lacks else "")
    if lacks:
        text.append(f"  {lacks}", "yellow")
    else:
        text.append(f"  {_price(card)}", "bright_black")
    if card.description:
        text.append(f"\n    {_cut(card.description, console().width - 6)}", "bright_black")
    return text


def _cut(text: str, width: int) -> str:
    if len(text) <= width:
        return text
    return text[: max(width - 1, 1)].rstrip(" ,.") + "\N{HORIZONTAL ELLIPSIS}"


def _print_wants(cards: Sequence[ModelCard], catalog: Catalog, why: dict[str, str]) -> None:
    out = console()
    usable = sum(card.available for card in cards)
    out.print(f"{len(cards):,} models, {usable:,} can be used here.")
    providers = sorted({card.provider for card in cards if card.id in why})
    for name in providers:
        if name in catalog.lacks:
            out.print(Text(f"{name}: {catalog.lacks[name]}", "yellow"))
    absent = [name for name in providers if name not in catalog.lacks]
    if absent:
        out.print(Text(f"Nothing installed here runs models of {', '.join(absent)}.", "yellow"))


def _facts(card: ModelCard, catalog: Catalog) -> list[tuple[str, str]]:
    time = card.typical_seconds
    found = [
        ("Task", card.task.value if card.task else _OTHERS),
        ("Makes", card.output.value),
        ("Here", _here(card, catalog)),
        ("Price", "not known" if card.price is None else _price(card)),
        ("Time", "not known" if time is None else f"some {time:g} s"),
    ]
    found += [(name.capitalize(), str(told)) for name, told in card.limits.items()]
    if card.source is not None:
        kinds = {
            "verbatim": "the vendor's own document",
            "republished": "a copy of what the vendor says",
            "client-types": "the types of the vendor's client, which leave out many limits",
        }
        where = f"{card.source.where}, read {card.source.read.isoformat()}"
        found.append(("Source", f"{where}: {kinds[card.source.kind.value]}"))
    return found


def _here(card: ModelCard, catalog: Catalog) -> str:
    if card.available:
        return "can be used"
    if wants := catalog.lacks.get(card.provider):
        return wants
    lacks = why_not([card], catalog)[card.id]
    return f"{lacks}: nothing installed here runs it" if lacks == "no provider" else lacks


def _head(each: FormField) -> Text:
    text = Text("* " if each.required else "  ", "bold")
    text.append(each.name, "bold")
    takes = each.takes if not (each.choices and each.takes == "text") else "one of"
    text.append(f"  {', '.join((takes, *each.limits))}", "cyan" if each.media else "")
    if each.usual is not None:
        text.append(f", usually {_cut(each.usual, _MOST_LETTERS) or 'empty'}", "green")
    return text


def _more(each: FormField) -> list[str]:
    lines = []
    if each.choices:
        shown = ", ".join(str(choice) for choice in each.choices[:MOST_CHOICES])
        more = len(each.choices) - MOST_CHOICES
        lines.append(f"{shown} and {more} more" if more > 0 else shown)
    if each.description:
        lines.append(each.description)
    return lines
