"""The `compensate` commands with their arguments; what they do stands in the modules they name.

Nothing heavy is imported here: a command brings what it needs when it runs.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from crisisctl.cli.options import Because, Incident, Json

app = typer.Typer(
    help="Make good: who gets what, what it costs, the codes.",
    rich_markup_mode=None,
)

_Table = Annotated[str, Option("--table", metavar="NAME", help="The table: ORDERS, SCHEMA.ORDERS.")]
_Line = Annotated[
    str, Option("--line", metavar="COLUMN", help="The column that numbers the table's rows.")
]
_Change = Annotated[
    list[str] | None,
    Option("--change", metavar="PLACE=VALUE", help="Change the policy for this plan."),
]
_Playbook = Annotated[
    str,
    Option("--playbook", metavar="NAME", help="Whose policy, where the incident follows several."),
]
_Map = Annotated[
    list[str] | None,
    Option("--map", metavar="NAME=COLUMN", help="What a column holds: by its name, or as #3."),
]
_Number = Annotated[
    int | None, Argument(metavar="[PLAN]", help="The number of the plan; else the newest.")
]


@app.command("plan")
def compensate_plan(
    file: Annotated[
        Path | None,
        Argument(metavar="[CUSTOMERS.csv]", help="An export of customers or of orders."),
    ] = None,
    incident: Incident = None,
    map_: _Map = None,
    warehouse: Annotated[
        str,
        Option(
            "--warehouse", metavar="URL", help="Ask a warehouse instead; ${NAME} for a password."
        ),
    ] = "",
    table: _Table = "",
    line: _Line = "",
    what_if: Annotated[
        list[str] | None,
        Option("--what-if", metavar="PLACE=VALUE", help="Show what a change does; record nothing."),
    ] = None,
    change: _Change = None,
    because: Because = "",
    people: Annotated[
        Path | None,
        Option("--list", metavar="FILE", help="Write who gets what there, as CSV."),
    ] = None,
    unreadable: Annotated[
        Path | None,
        Option("--unreadable", metavar="FILE", help="Write every row left to a person there."),
    ] = None,
    playbook: _Playbook = "",
    json: Json = False,
) -> None:
    """Who gets what, and what it costs. Nothing is handed out.

    \b
    Example:
      crisisctl compensate plan customers.csv
      crisisctl compensate plan orders.csv --what-if "window.until=21:30"
      crisisctl compensate plan orders.csv --what-if "tiers.held-up.offer.amount=10 EUR"
      crisisctl compensate plan --warehouse duckdb:///data/shop.db --table orders
    """  # noqa: D301 - click ends its wrapping at a real \b
    from crisisctl.cli import reckoning, warehouses

    place = warehouses.place(file, warehouse, table, line, os.environ)
    order = reckoning.Order(
        file, map_ or [], change or [], what_if or [], because, unreadable, people, playbook, place
    )
    warehouses.plan(order, incident, json=json)


@app.command("sql")
def compensate_sql(
    dialect: Annotated[
        str,
        Option(metavar="NAME", help="bigquery, snowflake, databricks, spark, duckdb, postgres."),
    ],
    columns: Annotated[
        list[str],
        Option(metavar="NAME=TYPE", help="A column of the table, or a file.yaml with all."),
    ],
    table: _Table = "orders",
    line: _Line = "",
    incident: Incident = None,
    map_: _Map = None,
    change: _Change = None,
    playbook: _Playbook = "",
    json: Json = False,
) -> None:
    """The query behind a plan, for those who run it themselves. Nothing is recorded.

    \b
    Example:
      crisisctl compensate sql --dialect bigquery --columns orders.yaml --table shop.orders
    """  # noqa: D301 - click ends its wrapping at a real \b
    from crisisctl.cli import warehouses

    query = warehouses.Query(dialect, columns, table, line, map_ or [], change or [], playbook)
    warehouses.print_sql(query, incident, json=json)


@app.command("show")
def compensate_show(number: _Number = None, incident: Incident = None, json: Json = False) -> None:
    """The plan that stands: its bill, who approved it, what was handed out."""
    from crisisctl.cli import signing

    signing.show(number, incident, json=json)


@app.command("approve")
def compensate_approve(
    number: _Number = None, incident: Incident = None, because: Because = ""
) -> None:
    """Approve exactly this plan: its policy, its export, its list."""
    from crisisctl.cli import signing

    signing.approve(number, incident, because=because)


@app.command("issue")
def compensate_issue(
    file: Annotated[
        Path | None,
        Argument(metavar="[CUSTOMERS.csv]", help="The export of the plan, unchanged."),
    ] = None,
    number: Annotated[
        int | None, Option("--plan", metavar="N", help="The number of the plan; else the newest.")
    ] = None,
    incident: Incident = None,
    shop: Annotated[
        list[str] | None,
        Option("--shop", metavar="FORM", help="Codes for: shopify, woocommerce, magento, plain."),
    ] = None,
    json: Json = False,
) -> None:
    """Hand out an approved plan: codes, files, the ledger. Nobody gets two."""
    from crisisctl.cli import handout

    handout.issue_plan(file, number, incident, shops=shop or [], json=json)


@app.command("settle")
def compensate_settle(
    customer: Annotated[
        str, Argument(metavar="[CUSTOMER]", help="Who of look-at.csv: number or address.")
    ] = "",
    line: Annotated[
        int | None,
        Option("--line", metavar="N", help="Or a line of the export that nobody could judge."),
    ] = None,
    paid: Annotated[
        str, Option("--paid", metavar="SUM", help="What was paid by hand; left out, nothing was.")
    ] = "",
    because: Because = "",
    open_: Annotated[
        bool, Option("--open", help="It is open again: what was said does not hold.")
    ] = False,
    number: Annotated[
        int | None, Option("--plan", metavar="N", help="The number of the plan; else the newest.")
    ] = None,
    incident: Incident = None,
) -> None:
    """Say what became of what a plan left to a person. Said again, the last word counts.

    \b
    Example:
      crisisctl compensate settle C4 --paid "12.50 EUR" --because "Paid by bank transfer"
      crisisctl compensate settle --line 17 --because "A test order of ours"
    """  # noqa: D301 - click ends its wrapping at a real \b
    from crisisctl.cli import settling

    order = settling.Order(customer, line, paid, because, number, open_)
    settling.settle(order, incident)


@app.command("redeemed")
def compensate_redeemed(
    file: Annotated[Path, Argument(metavar="CODES.csv", help="The shop's list of used codes.")],
    incident: Incident = None,
    map_: _Map = None,
    json: Json = False,
) -> None:
    """Read back which codes were used: the cost so far against the plan."""
    from crisisctl.cli import redeeming

    redeeming.read_back(redeeming.Order(file, map_ or []), incident, json=json)


@app.command("code")
def compensate_code(
    code: Annotated[
        str, Argument(metavar="[CODE]", help="The code, as it was read out over the phone.")
    ] = "",
    customer: Annotated[
        str, Option("--customer", metavar="ID", help="Number or address: what they were given.")
    ] = "",
    incident: Incident = None,
    json: Json = False,
) -> None:
    """What a code is, what a customer was given, or whether the one is theirs."""
    from crisisctl.cli import looking_up

    looking_up.tell(code, customer, incident, json=json)
