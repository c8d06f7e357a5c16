-- A tie has two named ends that differ, and does not end before it begins.
-- severity: error
select network_edge.partnership_id, network_edge.name_a, network_edge.name_b, network_edge.from_year,
    network_edge.to_year
from mart.network_edge
where network_edge.name_a is null
    or network_edge.name_b is null
    or (network_edge.name_a = network_edge.name_b and network_edge.country_a_iso2 = network_edge.country_b_iso2)
    or network_edge.to_year < network_edge.from_year
order by network_edge.partnership_id
