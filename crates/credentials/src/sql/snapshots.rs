//! Each statement as text, for review: `UPDATE_EXPECT=1 cargo test -p cgk-credentials` writes them
//! again. What holds for all statements is checked here, too.

use std::fs;
use std::path::{Path, PathBuf};

use expect_test::expect_file;

use super::*;
use crate::catalog::{Column, RESEND, STRIPE, Service, ServiceTable, Table};
use crate::database::Statement;
use crate::input::{Assignment, Audit, Verification};
use crate::key::CredentialKey;
use crate::tenant::{Layout, TenantId};

#[test]
fn statements_read_as_in_their_snapshots() {
    for (folder, statements) in [("", every_statement()), ("shared/", of_shared_tables())] {
        for (name, statement) in statements {
            let path = format!("snapshots/{folder}{name}.sql");
            expect_file![path].assert_eq(&format!("{}\n", statement.sql()));
        }
    }
}

#[test]
fn every_statement_names_the_tenants_schema_for_every_table() {
    let own = of_own_schema().into_iter().map(|found| (found, "\"tenant_acme\"."));
    let shared = of_tenants(&shared_tenant()).into_iter().map(|found| (found, "\"vault\"."));
    for ((name, statement), schema) in own.chain(shared) {
        let sql = without_comments(statement.sql());
        for table in ServiceTable::ALL.map(|table| table.table().name) {
            for (position, _) in sql.match_indices(table) {
                let before = sql[..position].trim_end_matches("idx_");
                let is_other_name = sql[position + table.len()..].starts_with('_');
                let is_index = sql[..position].ends_with("idx_");
                assert!(is_other_name || is_index || before.ends_with(schema), "{name}: {table}");
            }
        }
        assert!(!sql.contains("search_path") || name.starts_with("migration"), "{name}");
    }
}

#[test]
fn every_statement_also_filters_by_tenant() {
    for (name, statement) in [of_own_schema(), of_tenants(&shared_tenant())].concat() {
        let is_about_rows =
            !name.starts_with("migration") && !["missing_columns", "unmigrated"].contains(&name);
        let has_slug = statement.params().contains(&Some("acme".to_owned()));
        assert_eq!(has_slug, is_about_rows, "{name}");
    }
}

/// A function of the same name and with fitting parameters could stand in another schema of the
/// search path: in `public`, where anybody may make one on older servers.
#[test]
fn no_function_is_called_without_its_schema() {
    const KEYWORDS: [&str; 23] = [
        "lateral", "coalesce", "least", "on", "key", "values", "all", "exists", "conflict", "and",
        "as", "in", "extract", "greatest", "operator", "select", "from", "then", "when", "unique",
        "not", "end", "any",
    ];
    for (name, statement) in [every_statement(), of_shared_tables()].concat() {
        let sql = without_comments(statement.sql());
        for (position, _) in sql.match_indices('(') {
            let before = sql[..position].trim_end_matches([' ', '\n']);
            let start = before
                .rfind(|character: char| {
                    !(character.is_alphanumeric() || "_.\"".contains(character))
                })
                .map_or(0, |found| found + 1);
            let word = &before[start..];
            let is_call = !word.is_empty() && !KEYWORDS.contains(&word);
            assert!(!is_call || word.contains('.') || word == "t", "{name}: {word}(");
        }
    }
}

#[test]
fn values_travel_as_parameters_and_never_as_sql() {
    let hostile = "'); drop schema public cascade; --";
    let assignments = [assign(&STRIPE, "publishableKey", hostile)];
    let stripe = CredentialKey::parse(own_tenant(), "stripe").unwrap();
    let statement = save(&stripe, &assignments, &SaveContext::default());
    assert!(!statement.sql().contains("drop"));
    assert!(statement.params().contains(&Some(hostile.to_owned())));
}

/// The parts of SQL that no other text has.
const MARKS: [&str; 8] = [
    "pg_catalog",
    "\"select ",
    "insert into",
    "delete from",
    "create table",
    "alter table",
    "union all",
    "returning ",
];

#[test]
fn sql_stands_in_this_folder_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    for folder in ["crates", "bindings"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            collect(&entry.unwrap().path().join("src"), &mut files);
        }
    }
    let is_here = |path: &&PathBuf| path.ends_with("sql/select.rs");
    assert_eq!(files.iter().filter(is_here).count(), 1);
    for path in files.iter().filter(|path| !path.to_string_lossy().contains("credentials/src/sql"))
    {
        let text = fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        let found = MARKS.iter().find(|mark| code.contains(*mark));
        assert_eq!(found, None, "{}", path.display());
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Every statement in each of its forms. Those that belong to no tenant come last.
fn every_statement() -> Vec<(&'static str, Statement)> {
    let mut statements = of_own_schema();
    statements.push(("sessions", sessions()));
    statements.push(("tenant_schemas", tenant_schemas(&["acme".to_owned()])));
    statements.push(("tenants_to_migrate", tenants_to_migrate(false)));
    statements.push(("tenants_to_migrate_where_distributed", tenants_to_migrate(true)));
    let layout = Layout::default();
    statements.extend(diagnoses(&layout));
    statements.push(("server_facts", ServerFacts::statement(&layout)));
    statements
}

/// Those of a tenant with a schema of its own.
fn of_own_schema() -> Vec<(&'static str, Statement)> {
    let tenant = own_tenant();
    let migrations = vec![
        ("migration", migrate(&tenant)),
        ("migration_of_new_schema", create(&tenant)),
        ("migration_statements", in_one_text(create_by_script(&tenant))),
    ];
    [of_tenants(&tenant), migrations].concat()
}

/// Those of tables that tenants share.
fn of_shared_tables() -> Vec<(&'static str, Statement)> {
    let (tenant, layout) = (shared_tenant(), shared_tenant().layout().clone());
    let others = vec![
        ("is_registered", is_registered(&tenant)),
        ("register", register(&tenant)),
        ("own_tables", own_tables(&tenant)),
        ("registered_tenants", registered_tenants(&layout)),
        ("registered_to_migrate", registered_to_migrate(&layout)),
        ("shared_to_migrate", shared_to_migrate(&layout)),
        ("migration", migrate_shared(&layout)),
        ("migration_to_shared", move_to_shared(&tenant)),
        ("migration_to_schema", move_to_schema(&tenant)),
        ("schemas_with_tables", schemas_with_tables()),
        ("registered_of", registered_of("acme,rawdog", &layout)),
    ];
    [of_tenants(&tenant), others, diagnoses(&layout)].concat()
}

/// On a server that is PostgreSQL alone, and on one that distributes tables.
fn diagnoses(layout: &Layout) -> Vec<(&'static str, Statement)> {
    let citus = ServerFacts::read(&["pg_dist_schema", "pg_dist_partition"].map(str::to_owned));
    let of = |server| diagnose("acme,rawdog", &["acme".to_owned()], layout, server);
    vec![("diagnose", of(ServerFacts::default())), ("diagnose_where_distributed", of(citus))]
}

fn own_tenant() -> TenantId {
    TenantId::parse("acme").unwrap()
}

fn shared_tenant() -> TenantId {
    let options = serde_json::from_str(r#"{"layout":"shared"}"#).unwrap();
    TenantId::parse_in("acme", &Layout::new(options).unwrap()).unwrap()
}

fn of_tenants(tenant: &TenantId) -> Vec<(&'static str, Statement)> {
    [changes_and_reads(tenant), of_events(tenant)].concat()
}

fn of_events(tenant: &TenantId) -> Vec<(&'static str, Statement)> {
    vec![
        ("events", events(tenant, EventOrder::Newest, Some("7"), "50", Some("mux"))),
        ("events_sealed", events(tenant, EventOrder::Sealed, None, "50", None)),
        ("unsealed_events", unsealed_events(tenant)),
        ("seal_events", seal_events(tenant, "[]", "0123abcd")),
        ("sealed_events", sealed_events(tenant, 0)),
        ("count_unsealed_events", count_unsealed_events(tenant)),
        ("connected", connected(tenant, &ServiceTable::ALL)),
        ("states", states(tenant)),
    ]
}

fn changes_and_reads(tenant: &TenantId) -> Vec<(&'static str, Statement)> {
    let key = |service| CredentialKey::parse(tenant.clone(), service).unwrap();
    let (stripe, resend) = (key("stripe"), key("resend"));
    let api = key(Service::all_api().next().unwrap().id);
    let secret = [assign(&STRIPE, "secretKey", "v1:token")];
    let account = [Assignment {
        column: STRIPE.account_column("accountId").unwrap(),
        value: Some("acct_1".to_owned()),
    }];
    let metadata = [
        assign(api.table(), "apiKey", "v1:token"),
        assign(api.table(), "metadata", "{}"),
        assign(api.table(), "webhookSecret", "v1:token"),
    ];
    let audit = Audit { actor_type: Some("user".to_owned()), ..Audit::default() };
    let event = Event {
        name: "credential.saved",
        fields: vec!["secretKey"],
        outcome: Some("unverified"),
        key_id: None,
        details: None,
        audit: &audit,
    };
    let listened = Audit { notifies: true, ..Audit::default() };
    let notified = Event {
        name: "credential.disconnected",
        fields: Vec::new(),
        outcome: None,
        key_id: None,
        details: None,
        audit: &listened,
    };
    let failed = Verification::default();
    let verified = Verification { verified: true, ..Verification::default() };
    vec![
        ("find", find(&stripe)),
        ("find_api", find(&api)),
        ("find_inputs", find_inputs(&resend, &["apiKey", "webhookSecret"], None)),
        ("find_inputs_with_event", find_inputs(&api, &["apiKey"], Some(&event))),
        ("find_credential", find_credential(&api, None)),
        ("find_revision", find_revision(&stripe)),
        ("list_api_credentials", list_api_credentials(tenant)),
        ("save", save(&stripe, &secret, &SaveContext::default())),
        (
            "save_verified",
            save(&stripe, &secret, &SaveContext { account: Some(&account), ..Default::default() }),
        ),
        (
            "save_keeping_the_key",
            save(
                &stripe,
                &[],
                &SaveContext {
                    same_key: Some("v1:token"),
                    keeps_token: true,
                    error: Some("Not from here"),
                    ..Default::default()
                },
            ),
        ),
        (
            "save_without_added_columns",
            save(&resend, &[], &SaveContext { lacks_added: true, ..Default::default() }),
        ),
        (
            "save_with_event",
            save(&stripe, &secret, &SaveContext { event: Some(&event), ..Default::default() }),
        ),
        ("swap_state", swap_state(tenant, "check:mux", "0", "{}", "mux", Some(&event))),
        ("save_api", save(&api, &metadata, &SaveContext::default())),
        ("deactivate", deactivate(&api, None)),
        ("deactivate_with_notice", deactivate(&api, Some(&notified))),
        ("deactivate_with_event", deactivate(&api, Some(&event))),
        (
            "record_failure",
            record_verification(&stripe, &failed, &[], Some("v1:token"), false, None),
        ),
        (
            "record_failure_without_added_columns",
            record_verification(&stripe, &failed, &[], None, true, None),
        ),
        ("record_success", record_verification(&stripe, &verified, &account, None, false, None)),
        ("all_secrets", all_secrets(tenant, &ServiceTable::ALL)),
        (
            "replace_secret",
            replace_secret(&stripe, column(&stripe, "secretKey"), "old", "new", None),
        ),
        (
            "replace_secret_in_metadata",
            replace_secret(&api, column(&api, "webhookSecret"), "old", "new", None),
        ),
        ("statuses", statuses(tenant, &ServiceTable::ALL)),
        ("missing_columns", missing_columns(tenant, &RESEND)),
        ("unmigrated", unmigrated(tenant)),
    ]
}

/// The statements of a script where nothing is there yet.
fn in_one_text(mut script: MigrationScript) -> Statement {
    let mut statements: Vec<Statement> = Vec::new();
    while let Some(statement) = script.next(Vec::new()) {
        statements.push(statement);
    }
    let texts: Vec<_> =
        statements.iter().map(|each| each.sql().trim_end().trim_end_matches(';')).collect();
    Statement { sql: texts.join(";\n"), ..statements[0].clone() }
}

fn column(key: &CredentialKey, field: &str) -> &'static Column {
    key.table().input_column(field).unwrap()
}

fn assign(table: &Table, field: &str, value: &str) -> Assignment<SqlValue> {
    Assignment { column: table.input_column(field).unwrap(), value: Some(value.to_owned()) }
}

fn without_comments(sql: &str) -> String {
    sql.lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}
