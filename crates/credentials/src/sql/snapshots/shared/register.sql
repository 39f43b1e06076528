insert into "vault".tenants as t (tenant_id)
values ($1::text)
on conflict (tenant_id) do nothing
