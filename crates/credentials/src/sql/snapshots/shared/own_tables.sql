select t.name as answer
from (values ('"tenant_acme".tenant_stripe_config'), ('"tenant_acme".tenant_resend_config'), ('"tenant_acme".tenant_wise_config'), ('"tenant_acme".tenant_api_credentials')) as t (name)
where pg_catalog.to_regclass(t.name) is not null
