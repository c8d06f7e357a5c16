"""How the build came about: steps, checks, files read, names that found no city, corrections."""

from __future__ import annotations

import pandas as pd

from pipeline.engine import Reader


def checks(reader: Reader) -> pd.DataFrame:
    """Every check with its verdict; those that found something first."""
    return reader.frame(
        """
        select check_name, description, severity, verdict, failing_count, excepted_count, sample
        from meta.check_result
        order by failing_count = 0, severity, check_name
        """
    )


def steps(reader: Reader) -> pd.DataFrame:
    """Every table made, in order, with what it holds and how many rows."""
    return reader.frame(
        "select step, table_name, description, row_count, seconds from meta.model_run order by step"
    )


def files(reader: Reader) -> pd.DataFrame:
    """The input files with their hashes."""
    return reader.frame(
        """
        select file.source_id, file.table_name, file.file_name, file.row_count, file.byte_count,
            file.source_file_id as sha256
        from meta.source_file as file
        order by file.file_name
        """
    )


def unmatched(reader: Reader) -> pd.DataFrame:
    """Places a source names that the register does not have; those with most rows first."""
    return reader.frame(
        """
        select source_id, table_name, source_city_key, place_name, country_iso2, row_count
        from core.unmatched_key
        order by row_count desc, source_id, table_name, source_city_key
        """
    )


def unmatched_counts(reader: Reader) -> pd.DataFrame:
    """Names without a city and their rows, by source and table."""
    return reader.frame(
        """
        select source_id, table_name, count(*) as name_count, cast(sum(row_count) as bigint) as row_count
        from core.unmatched_key
        group by source_id, table_name
        order by name_count desc, source_id, table_name
        """
    )


def corrections(reader: Reader) -> pd.DataFrame:
    """Every value that is used other than as published, with reason and date."""
    return reader.frame(
        """
        select source_id, table_name, source_city_key, year, sector_id, scope, field, old_value, new_value,
            reason,
            decided_date
        from raw.correction
        order by decided_date desc, source_id, source_city_key, year, field
        """
    )
