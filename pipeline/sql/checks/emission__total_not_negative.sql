-- A total of gross emissions is never negative; removals are rows of their own.
-- severity: error
-- except: (laeso-dk:dk_klimaregnskabet:1+2:CO2e:main, 2018) the island's forests take up more than it emits; the agency prints the net, 2026-11-22
-- except: (laeso-dk:dk_klimaregnskabet:1+2:CO2e:main, 2019) the island's forests take up more than it emits; the agency prints the net, 2026-11-22
-- except: (laeso-dk:dk_klimaregnskabet:1+2:CO2e:main, 2020) the island's forests take up more than it emits; the agency prints the net, 2026-11-22
-- except: (laeso-dk:dk_klimaregnskabet:1+2:CO2e:main, 2021) the island's forests take up more than it emits; the agency prints the net, 2026-11-22
-- except: (laeso-dk:dk_klimaregnskabet:1+2:CO2e:main, 2022) the island's forests take up more than it emits; the agency prints the net, 2026-11-22
-- except: (laeso-dk:dk_klimaregnskabet:1+2:CO2e:main, 2023) the island's forests take up more than it emits; the agency prints the net, 2026-11-22
select series_point.series_id, series_point.year, series_point.value_t
from mart.series_point
where series_point.sector_level = 'total'
    and series_point.value_t < 0
    and not series_point.is_out_of_series
order by series_point.series_id, series_point.year
