"""Which official files there are, where they lie and who reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.sources import (
    c40_gpc,
    cdp_citywide,
    cdp_targets,
    dk_klimaregnskabet,
    edgar,
    eurostat,
    gcom_mycovenant,
    openghgmap,
    rows,
    smhi,
    uk_local_authority,
    undata,
    urb_cenv,
    who_aap,
)

Reader = Callable[[Path], Iterator[rows.Row]]
EUROSTAT = "https://ec.europa.eu/eurostat/api/dissemination/sdmx/2.1/data/{}?format=TSV&compressed=true"
CDP = "https://data.cdp.net/api/views/{}/rows.csv?accessType=DOWNLOAD"
SMHI = (
    "https://raw.githubusercontent.com/Klimatbyran/municipality-data-pipeline/main/output/"
    "municipality-sector-emissions.json"
)


@dataclass(frozen=True, slots=True)
class Official:
    """A source's reader and its files: name in the cache -> address.

    No address means that the publisher hands the file out by a form or a page that changes; it is then
    downloaded by a person and given to `fetch` by ``--file``.
    """

    read: Reader
    files: Mapping[str, str]


OFFICIAL: Mapping[str, Official] = {
    "c40_gpc_2023": Official(
        c40_gpc.read,
        {
            "C40_GPC_Database.xlsx": "https://drive.google.com/uc?export=download&id=1zAQy4GdVwssHFZRQs8pbPESEGGg_Aj3Q"
        },
    ),
    "cdp_citywide_2016_2021": Official(
        cdp_citywide.read,
        {"2019_citywide.csv": CDP.format("542d-zyj8"), "2021_citywide.csv": CDP.format("tmta-7i7p")},
    ),
    "cdp_targets_2021": Official(cdp_targets.read, {"2021_targets.csv": CDP.format("vevx-e5s3")}),
    "dk_klimaregnskabet": Official(dk_klimaregnskabet.read, {}),
    "edgar_fua_1970_2015": Official(edgar.read, {}),
    "edgar_v50_fua": Official(edgar.read, {}),
    "eurostat_demo_r_pjanaggr3": Official(
        eurostat.read, {"demo_r_pjanaggr3.tsv": EUROSTAT.format("demo_r_pjanaggr3")}
    ),
    "eurostat_nama_10r_3gdp": Official(
        eurostat.read, {"nama_10r_3gdp.tsv": EUROSTAT.format("nama_10r_3gdp")}
    ),
    "eurostat_urb_cenv": Official(urb_cenv.read, {"urb_cenv.tsv": EUROSTAT.format("urb_cenv")}),
    "gcom_mycovenant_2019": Official(gcom_mycovenant.read, {}),
    "openghgmap_r2021a": Official(openghgmap.read, {}),
    "smhi_klimatkollen": Official(smhi.read, {"municipality-sector-emissions.json": SMHI}),
    "uk_local_authority": Official(uk_local_authority.read, {}),
    "undata_city_population": Official(undata.read, {}),
    "who_aap_2022": Official(who_aap.read, {}),
}
