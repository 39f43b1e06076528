update "vault".tenant_credential_events as t set position = (s.value operator(pg_catalog.->>) 'position'::text)::bigint, mac = (s.value operator(pg_catalog.->>) 'mac'::text), sealed_under = $3::text
from pg_catalog.json_array_elements($2::text::json) as s
where t.tenant_id = $1::text and t.seq = (s.value operator(pg_catalog.->>) 'seq'::text)::bigint and t.position is null
returning '{}' as answer
