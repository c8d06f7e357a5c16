"""The columns of every input file, declared once. A file must have exactly these, in this order."""

from __future__ import annotations

#: Files of one publisher, in `data/figures/<source_id>/<name>.csv`.
FIGURES: dict[str, tuple[str, ...]] = {
    "emissions": (
        "source_id", "source_city_key", "city_name", "country_iso2", "year", "inventory_kind",
        "sector_id", "sector_level", "source_sector", "scope", "gas_basis", "series_key", "value",
        "unit", "boundary_id", "quality_id", "population_count", "flags", "flag_reason", "note",
        "source_ref", "licence_id",
    ),
    "targets": (
        "source_id", "source_city_key", "city_name", "country_iso2", "target_kind", "base_year",
        "base_value", "target_year", "reduction_pct", "target_value", "residual_value", "residual_pct",
        "residual_meaning", "residual_treatment", "removals_value", "bau_value", "unit", "scope",
        "gas_basis", "net_zero_year", "is_per_capita", "flags", "flag_reason", "note", "source_ref",
        "licence_id",
    ),
    "energy": (
        "source_id", "source_city_key", "city_name", "country_iso2", "year", "inventory_kind",
        "sector_id", "source_sector", "scope", "value", "unit", "series_key", "population_count",
        "flags", "flag_reason", "source_ref", "licence_id",
    ),
    "indicators": (
        "source_id", "source_place_key", "place_name", "country_iso2", "geo_level", "geo_code",
        "indicator_id", "year", "value", "unit", "quality_id", "flags", "flag_reason", "source_ref",
        "licence_id",
    ),
    "partnerships": (
        "source_id", "row_id", "source_name", "source_country", "target_name", "target_country",
        "kind_id", "kind_as_listed", "title", "from_year", "to_year", "evidence_level_id", "status_id",
        "source_url", "note", "source_latitude_deg", "source_longitude_deg", "target_latitude_deg",
        "target_longitude_deg", "flags", "flag_reason", "licence_id",
    ),
    "events": (
        "source_id", "date_start", "date_end", "date_precision", "title", "place", "country_iso2",
        "kind_id", "source_url", "note", "licence_id",
    ),
}  # fmt: skip

#: Files of our own, in `data/reference/<name>.csv`.
REFERENCE: dict[str, tuple[str, ...]] = {
    "city": (
        "city_id", "name_en", "name_local", "country_iso2", "place_kind", "group_id", "is_mission_city",
        "is_lt_municipality", "is_tr_metropolitan", "is_tr_city", "latitude_deg", "longitude_deg",
        "coordinate_source", "population_count", "population_year", "population_source", "area_km2",
        "mission_label_date", "mission_label_wave", "climate_target_year", "nuts3_code",
        "urban_audit_code", "gcom_id", "lau_code", "green_network_member", "note", "source_ref",
    ),
    "city_alias": (
        "source_id", "source_city_key", "city_id", "place_name", "matched_by", "reviewed", "reason",
    ),
    "correction": (
        "source_id", "table_name", "source_city_key", "year", "sector_id", "scope", "field", "old_value",
        "new_value", "reason", "decided_date",
    ),
    "partner_place": (
        "listed_country_iso2", "listed_name", "country_iso2", "place_name", "place_kind", "latitude_deg",
        "longitude_deg", "coordinate_source", "reason",
    ),
}  # fmt: skip
