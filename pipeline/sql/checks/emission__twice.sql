-- A source gives one figure per city, year, sector, scope, gas, method and kind; further ones are chosen from, not added.
-- severity: warning
select emission.source_id, emission.source_city_key, emission.year, emission.sector_id, emission.source_sector,
    emission.scope, emission.gas_basis, emission.series_key, emission.inventory_kind, count(*) as row_count
from core.emission
where not emission.is_out_of_series
    and not emission.is_out_of_choice
group by emission.source_id, emission.source_city_key, emission.year, emission.sector_id, emission.source_sector,
    emission.scope, emission.gas_basis, emission.series_key, emission.inventory_kind
having count(*) > 1
order by emission.source_id, emission.source_city_key, emission.year, emission.sector_id, emission.source_sector,
    emission.scope, emission.gas_basis, emission.series_key, emission.inventory_kind
