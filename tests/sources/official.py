"""Where the publishers' own files may lie; they are not part of the repository."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
FIGURES = REPOSITORY / "data" / "figures"

FILES: Mapping[str, str] = {
    "c40_gpc_2023": "c40_gpc_2023/C40_GPC_Database.xlsx",
    "cdp_citywide_2016_2021": "cdp_citywide_2016_2021/2021_City-wide_Emissions.csv.gz",
    "cdp_targets_2021": "cdp_targets_2021/2021_Cities_Emissions_Reduction_Targets_clean_names.csv.gz",
    "dk_klimaregnskabet": "dk_klimaregnskabet/by_kommune.json.gz",
    "edgar_fua_1970_2015": "edgar_fua_1970_2015/city_emissions.csv.gz",
    "edgar_v50_fua": "edgar_fua_1970_2015/city_emissions.csv.gz",
    "eurostat_demo_r_pjanaggr3": "eurostat_nuts3_gdp_pop_2023/demo_r_pjanaggr3.tsv.gz",
    "eurostat_nama_10r_3gdp": "eurostat_nuts3_gdp_pop_2023/nama_10r_3gdp.tsv.gz",
    "eurostat_urb_cenv": "eurostat_urb_cenv_fairicube/eurostat_urb_data_2004_2021.csv",
    "gcom_mycovenant_2019": "gcom_mycovenant_2019/CoM_dataset2019_allinitial.xlsx",
    "openghgmap_r2021a": "openghgmap_r2021a/EmissionsAgg.csv",
    "smhi_klimatkollen": "smhi/municipality-sector-emissions.json.gz",
    "uk_local_authority": "uk_local_authority/local_authority_emissions.csv.gz",
    "undata_city_population": "undata_city_population/UNdata_Export_20240220_163008679.csv.gz",
    "who_aap_2022": "who_aap_2022/who_aap_2021_v9_11august2022.xlsx",
}


def folder() -> Path:
    """MISSION_OFFICIAL_FILES, else a folder beside the repository."""
    named = os.environ.get("MISSION_OFFICIAL_FILES")
    return Path(named) if named else REPOSITORY.parent / "shared" / "data" / "raw"


def official_file(source_id: str, name: str | None = None) -> Path:
    """The file, or a skip whose reason says what is missing and how to give it."""
    path = folder() / (name or FILES[source_id])
    if not path.is_file():
        pytest.skip(
            f"OFFICIAL FILE MISSING: {path} - the reader of {source_id} was NOT checked against its "
            "publisher's file. Put the file there or name the folder by MISSION_OFFICIAL_FILES."
        )
    return path
