"""Words for ties and who has them: names, kinds, regions, sentences. Everything plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pages.charts.network import Family
from pages.charts.text import sentence_join
from pages.language import N_, Language
from pages.parts import session
from pages.parts.tables import Column, Table
from pipeline.network_graph import Link, Picture

FAMILY_WORDS: Mapping[Family, str] = {
    "agreement": N_("Twinning or agreement"),
    "programme": N_("Programme, project or pilot"),
    "loose": N_("Network, event or other"),
    "suspended": N_("Suspended or unclear (Russia, Belarus)"),
}
REGION_WORDS: Mapping[str, str] = {
    "LT": N_("Lithuania"),
    "TR": N_("Türkiye"),
    "EU": N_("Other EU countries"),
    "other": N_("Other countries"),
    "none": N_("Networks, programmes, associations"),
}
GROUP_WORDS: Mapping[str, str] = {
    "mission": N_("Mission Cities"),
    "lt": N_("Lithuania"),
    "tr": N_("Türkiye"),
    "eu": N_("Other EU countries"),
    "world": N_("Other countries"),
    "organisation": N_("Networks, programmes, associations"),
}
OUTCOME_WORDS: Mapping[str, str] = {
    "kept": N_("Shown as the tie"),
    "merged": N_("Joined to the tie"),
    "dropped": N_("Left out"),
}


def texts(words: Mapping[str, str], lang: Language) -> dict[str, str]:
    """The words in the reader's language."""
    return {key: lang.gettext(text) for key, text in words.items()}


def kinds(lang: Language) -> dict[str, str]:
    return {key: lang.gettext(kind.title) for key, kind in session.catalogue().kinds.items()}


def levels(lang: Language) -> dict[str, str]:
    return {key: lang.gettext(level.title) for key, level in session.catalogue().evidence_levels.items()}


def statuses(lang: Language) -> dict[str, str]:
    return {key: lang.gettext(status.title) for key, status in session.catalogue().statuses.items()}


def renamed(ties: pd.DataFrame) -> pd.DataFrame:
    """The ties with the names of register cities in the reader's language."""
    names = session.city_names()
    made = {
        f"name_{end}": ties[f"city_{end}_id"].map(names).fillna(ties[f"name_{end}"]) for end in ("a", "b")
    }
    return ties.assign(**made)


def of_member(ties: pd.DataFrame, member_id: str) -> pd.DataFrame:
    """The ties of one member as seen from it: ``other_id``, ``other_name``, ``other_kind``,
    ``other_country`` ..."""
    parts = []
    for own, other in (("a", "b"), ("b", "a")):
        part = ties[ties[f"member_{own}_id"] == member_id]
        parts.append(
            part.assign(
                other_id=part[f"member_{other}_id"],
                other_name=part[f"name_{other}"],
                other_kind=part[f"member_{other}_kind"],
                other_country=part[f"country_{other}_iso2"],
                other_city_id=part[f"city_{other}_id"],
            )
        )
    return pd.concat(parts).sort_values(
        ["kind_strength", "evidence_rank", "other_name", "partnership_id"], kind="stable"
    )


def member_names(ties: pd.DataFrame) -> dict[str, str]:
    """Member id -> name, from ties with their names in the reader's language."""
    return {
        **dict(zip(ties["member_a_id"], ties["name_a"], strict=True)),
        **dict(zip(ties["member_b_id"], ties["name_b"], strict=True)),
    }


def answer_about(lang: Language, name: str, own: pd.DataFrame) -> str:
    """How many places, countries and networks one member works with, and where most of them are."""
    _ = lang.gettext
    places = own[own["other_kind"] != "organisation"].drop_duplicates("other_id")
    networks = own[own["other_kind"] == "organisation"]["other_id"].nunique()
    if places.empty:
        return (
            lang.ngettext(
                "{name} has no tie with another place here, but belongs to {count} network or programme.",
                "{name} has no tie with another place here, but belongs to {count} networks or programmes.",
                networks,
                name=name,
            )
            if networks
            else ""
        )
    countries = places["other_country"].value_counts(sort=False)
    most = sorted(countries.items(), key=lambda item: (-int(item[1]), str(item[0])))
    first = lang.ngettext(
        "{name} works with {count} place {where}.",
        "{name} works with {count} places {where}.",
        len(places),
        name=name,
        where=in_countries(lang, len(countries)),
    )
    second = (
        _(
            "Most are in {country} ({count}).",
            country=lang.country(str(most[0][0])),
            count=lang.number(int(most[0][1])),
        )
        if len(most) > 1 and int(most[0][1]) > 1
        else ""
    )
    third = (
        lang.ngettext(
            "It belongs to {count} network or programme.",
            "It belongs to {count} networks or programmes.",
            networks,
        )
        if networks
        else ""
    )
    return sentence_join(first, second, third)


def in_countries(lang: Language, count: int) -> str:
    """ "in 19 countries": a part of a sentence of its own, since languages inflect it."""
    return lang.ngettext("in {count} country", "in {count} countries", count)


def answer_about_all(lang: Language, ties: pd.DataFrame) -> str:
    """How many ties join how many places of how many countries."""
    ends = pd.concat(
        [
            ties[["member_a_id", "member_a_kind", "country_a_iso2"]].set_axis(
                ["id", "kind", "country"], axis=1
            ),
            ties[["member_b_id", "member_b_kind", "country_b_iso2"]].set_axis(
                ["id", "kind", "country"], axis=1
            ),
        ]
    ).drop_duplicates("id")
    places = ends[ends["kind"] != "organisation"]
    organisations = len(ends) - len(places)
    first = lang.ngettext("{count} tie.", "{count} ties.", len(ties))
    joined = lang.ngettext(
        "They join {count} place {where}.",
        "They join {count} places {where}.",
        len(places),
        where=in_countries(lang, int(places["country"].nunique())),
    )
    second = (
        lang.ngettext(
            "{count} network, programme or association takes part.",
            "{count} networks, programmes and associations take part.",
            organisations,
        )
        if organisations
        else ""
    )
    return sentence_join(first, joined, second)


def tie_line(lang: Language, row: Mapping[Any, Any]) -> str:
    """Kind, years and evidence of a tie: "Twin town, since 1998. Listed". A suspended one says so."""
    _ = lang.gettext
    words = kinds(lang).get(str(row["kind_id"]), str(row["kind_id"]))
    if not pd.isna(row["from_year"]):
        if pd.isna(row["to_year"]):
            words += ", " + _("since {year}", year=int(row["from_year"]))
        else:
            words += ", " + lang.years(int(row["from_year"]), int(row["to_year"]))
    parts = [words, levels(lang).get(str(row["evidence_level_id"]), "")]
    if row["status_id"] in ("suspended_or_unclear", "ended_or_unclear"):
        parts.append(statuses(lang)[str(row["status_id"])])
    return " · ".join(part for part in parts if part)


def link_words(lang: Language, link: Link, names: Mapping[str, str]) -> str:
    """One link of the graph: both names and the kinds of tie between them."""
    known = kinds(lang)
    text = f"{names[link.one]} – {names[link.other]}: {', '.join(known[kind] for kind in link.kinds)}"
    return text + (f" ({statuses(lang)['suspended_or_unclear']})" if link.is_suspended else "")


def drawn(ties: pd.DataFrame, picture: Picture, focus: str) -> pd.DataFrame:
    """The ties between the places of the picture, those of the middle first and the middle as their first
    end."""
    shown = {node.member_id for node in picture.nodes}
    inside = ties[ties["member_a_id"].isin(shown) & ties["member_b_id"].isin(shown)]
    turned = inside["member_b_id"] == focus
    ends = [column for column in inside.columns if "_a_" in column or column.endswith("_a")]
    swapped = inside.copy()
    for column in ends:
        other = column.replace("_a_", "_b_") if "_a_" in column else column[:-2] + "_b"
        swapped[column] = inside[column].where(~turned, inside[other])
        swapped[other] = inside[other].where(~turned, inside[column])
    return (
        swapped.assign(_far=swapped["member_a_id"] != focus)
        .sort_values("_far", kind="stable")
        .drop(columns="_far")
    )


def pages_read(addresses: pd.Series[str]) -> pd.Series[str]:
    """The addresses that can be opened; others (a paper without a public page) are left out."""
    return addresses.where(addresses.str.startswith("http"))


def tie_table(lang: Language, ties: pd.DataFrame) -> Table:
    """The ties as a list, each with evidence and the page it was read at."""
    _ = lang.gettext
    titles = {key: _(source.title) for key, source in session.catalogue().sources.items()}
    rows = ties.assign(page=pages_read(ties["source_url"]))
    return Table(
        rows,
        [
            Column("name_a", _("One end")),
            Column("country_a_iso2", _("Country"), kind="country"),
            Column("name_b", _("Other end")),
            Column("country_b_iso2", _("Country of the other end"), kind="country"),
            Column("kind_id", _("Kind of tie"), kind="words", words=kinds(lang)),
            Column("title", _("What the lists say")),
            Column("from_year", _("From"), unit=_("year"), kind="year"),
            Column("to_year", _("Until"), unit=_("year"), kind="year"),
            Column("evidence_level_id", _("Evidence"), kind="words", words=levels(lang)),
            Column("status_id", _("Status"), kind="words", words=statuses(lang)),
            Column("row_count", _("Statements"), unit=_("number"), kind="number"),
            Column("source_id", _("List"), kind="words", words=titles),
            Column("page", _("Page"), kind="link"),
            Column("source_url", _("Address of the source")),
        ],
    )


def named_regions(picture: Picture) -> Sequence[str]:
    """Regions in the picture, in the order of the legend."""
    found = {"none" if node.member_kind == "organisation" else node.region_id for node in picture.nodes}
    return [region for region in REGION_WORDS if region in found]
