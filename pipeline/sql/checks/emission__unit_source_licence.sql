-- Every emission figure is in tonnes and says its source, its place in it, its licence and its quality.
-- severity: error
select emission.source_id, emission.source_row, emission.unit, emission.source_ref, emission.licence_id,
    emission.quality_id
from staging.stg_figures__emissions as emission
where emission.unit is distinct from 't'
    or emission.source_id is null
    or emission.source_ref is null
    or emission.licence_id is null
    or emission.quality_id is null
order by emission.source_id, emission.source_row
