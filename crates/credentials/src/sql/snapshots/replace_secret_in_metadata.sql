update "tenant_acme".tenant_api_credentials as t set metadata = pg_catalog.jsonb_set(t.metadata, '{webhookSecretEncrypted}', pg_catalog.to_jsonb($4::text))
where t.tenant_id = $1::text and t.service_name = $2::text and t.metadata operator(pg_catalog.->>) 'webhookSecretEncrypted'::text = $3::text
returning '{}' as answer
