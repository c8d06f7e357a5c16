-- Member states of the European Union, for the ready-made cuts of the partnership network.
-- grain: country_iso2
-- reads:
with member_state as (

    select unnest([
        'AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IT', 'LT', 'LU', 'LV', 'MT',
        'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'
    ]) as country_iso2

)

select member_state.country_iso2
from member_state
