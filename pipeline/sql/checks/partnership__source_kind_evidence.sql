-- Every tie names its kind, its evidence level, its status and the address it was read at.
-- severity: error
select network_edge.partnership_id, network_edge.name_a, network_edge.name_b, network_edge.kind_id,
    network_edge.evidence_level_id, network_edge.status_id, network_edge.source_url
from mart.network_edge
where network_edge.kind_strength is null
    or network_edge.evidence_rank is null
    or network_edge.status_id is null
    or not regexp_matches(coalesce(network_edge.source_url, ''), '^(https?://|urn:)[^ ]+$')
order by network_edge.partnership_id
