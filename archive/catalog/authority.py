"""The acts upon the authority file, and who names whom as a source."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, case, func
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from archive.catalog.extraction import last_extraction
from archive.catalog.rows import act_of, folded_value
from archive.catalog.tables import AttributionRow, ExtractionRow, OutletActRow, StatementRow, VersionRow
from archive.catalog.wording import recordable
from archive.model import Property, SourceKind
from archive.record import EventType, Outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlmodel import Session

    from archive.attribution.acts import Act
    from archive.catalog.writing import Writer


@dataclass(frozen=True, slots=True)
class Naming:
    """A folded name under which a source is named in texts, and how often: in versions, items, outlets."""

    folded: str
    name: str
    kind: SourceKind
    outlet: str | None
    versions: int
    items: int
    outlets: int


def acts(session: Session) -> list[Act]:
    """Every act upon the authority file, in order."""
    query = select(OutletActRow).order_by(col(OutletActRow.position), col(OutletActRow.id))
    return [act_of(row) for row in session.exec(query)]


def enter_act(writer: Writer, by: str, act: Act) -> None:
    """Enter an act with its event."""
    position = writer.append(
        EventType.METADATA_MODIFICATION, f"outlet {act.key}", Outcome.SUCCESS, by, {"act": act.kind}
    )
    row = {
        "id": writer.clock.new_id(),
        "position": position,
        "act": act.kind,
        "key": recordable(act.key),
        "names": json.dumps([recordable(name) for name in act.names]),
        "other": act.other,
        "said_by": recordable(by),
        "recorded": writer.clock.now(),
    }
    writer.enter(OutletActRow, [row], position)


def namings(session: Session) -> list[Naming]:
    """Every name under which a source is named in the last extraction of each version."""
    query = _named(
        AttributionRow.source_folded,
        func.min(AttributionRow.source_name),
        col(AttributionRow.source_kind),
        func.min(AttributionRow.outlet),
    ).group_by(col(AttributionRow.source_folded), col(AttributionRow.source_kind))
    return [Naming(*row) for row in session.execute(query)]


def counts_of(session: Session, folded: Sequence[str]) -> tuple[int, int, int]:
    """In how many versions, items and outlets any of these folded names is named as a source."""
    row = session.execute(_named().where(col(AttributionRow.source_folded).in_(folded))).one()
    return row[0], row[1], row[2]


def _named(*keys: Any) -> Select[Any]:
    """A question to the attributions of the last extractions: the keys, then versions, items and outlets."""
    named_by = aliased(StatementRow)
    return (
        sql_select(
            *keys,
            func.count(func.distinct(AttributionRow.version_id)),
            func.count(func.distinct(VersionRow.item_id)),
            func.count(func.distinct(named_by.folded)),
        )
        .select_from(AttributionRow)
        .join(ExtractionRow, and_(*last_extraction()))
        .join(VersionRow, col(VersionRow.id) == AttributionRow.version_id)
        .outerjoin(
            named_by,
            and_(col(named_by.version_id) == VersionRow.id, col(named_by.about) == Property.OUTLET),
        )
    )


def outlets_held(session: Session) -> dict[str, set[str]]:
    """The outlets named for what is held: each name with the versions it is named for."""
    query = select(StatementRow.value, StatementRow.version_id).where(StatementRow.about == Property.OUTLET)
    held: dict[str, set[str]] = defaultdict(set)
    for name, version_id in session.exec(query.distinct()):
        held[name].add(str(version_id))
    return held


def held_from(session: Session, outlets: Mapping[str, Collection[str]]) -> dict[str, int]:
    """How many versions are held from each outlet, by any statement that gives it one of its names."""
    folded = {
        key: {folded_value(Property.OUTLET, name) for name in names}
        for key, names in outlets.items()
        if names
    }
    if not folded:
        return {}
    which = case(*((col(StatementRow.folded).in_(names), key) for key, names in folded.items()))
    query = (
        sql_select(which, func.count(func.distinct(StatementRow.version_id)))
        .where(
            col(StatementRow.about) == Property.OUTLET,
            col(StatementRow.folded).in_(set().union(*folded.values())),
        )
        .group_by(which)
    )
    return dict.fromkeys(folded, 0) | {key: count for key, count in session.execute(query)}  # noqa: C416 - rows are no pairs
