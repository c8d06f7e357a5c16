-- Inventories are of years from 1970 to the reference year of this build.
-- severity: error
select emission.source_id, emission.source_row, emission.year
from core.emission
cross join core.threshold
where emission.year is null
    or emission.year < 1970
    or emission.year > threshold.as_of_year
order by emission.source_id, emission.source_row
