//! The migrations of a tenant's schema as statements of one transaction.
//!
//! Citus distributes the tables that a statement of its own makes in a distributed schema, and does not see those
//! that a block makes, nor those of a text with several statements.

use std::collections::{HashSet, VecDeque};

use super::builder::schema;
use super::migration::{
    DISTRIBUTE, DISTRIBUTED_SCHEMAS, LOCK_TIMEOUT, Migration, Need, SHARDING, Step, create_records,
    distribution, has_column, is_to_distribute, lock, migrations, takes_records,
};
use super::registry::refuse_registered;
use crate::catalog::ServiceTable;
use crate::database::{Retry, Statement};
use crate::tenant::TenantId;

/// The statements of a migration, which depend on what the schema has.
pub(crate) struct MigrationScript {
    schema: String,
    /// Refuses a tenant that has its tables in the other layout.
    refusal: String,
    makes_schema: bool,
    /// What the queries so far said is so.
    facts: HashSet<String>,
    stage: Stage,
    queue: VecDeque<String>,
}

/// What is known, in order.
enum Stage {
    Nothing,
    Relations,
    Distribution,
    Records,
    All,
}

/// Facts that are not about one relation, column or record.
const DISTRIBUTES: &str = "distributes";
const CAN_BE_DISTRIBUTED: &str = "can be distributed";
const IS_DISTRIBUTED: &str = "is distributed";
const TAKES_RECORDS: &str = "takes records";

/// Does what `schema_migrations` does not say was done.
pub(crate) fn migrate_by_script(tenant: &TenantId) -> MigrationScript {
    MigrationScript::new(tenant, false)
}

/// Makes the tenant's schema unless it exists, and migrates it. A schema that this makes is distributed with its
/// tables where the server is set to distribute schemas.
pub(crate) fn create_by_script(tenant: &TenantId) -> MigrationScript {
    MigrationScript::new(tenant, true)
}

impl MigrationScript {
    fn new(tenant: &TenantId, makes_schema: bool) -> Self {
        Self {
            schema: schema(tenant),
            refusal: refuse_registered(tenant),
            makes_schema,
            facts: HashSet::new(),
            stage: Stage::Nothing,
            queue: VecDeque::new(),
        }
    }

    /// The next statement, by the rows of the one before; none once all is done.
    pub(crate) fn next(&mut self, answer: Vec<String>) -> Option<Statement> {
        self.facts.extend(answer);
        while self.queue.is_empty() {
            let (stage, statements) = match self.stage {
                Stage::Nothing => (Stage::Relations, self.begin()),
                Stage::Relations => (Stage::Distribution, self.make_schema()),
                Stage::Distribution => (Stage::Records, self.make_records()),
                Stage::Records => (Stage::All, self.migrate()),
                Stage::All => return None,
            };
            self.stage = stage;
            self.queue.extend(statements);
        }
        let sql = self.queue.pop_front()?;
        Some(Statement { sql, params: Vec::new(), retry: Retry::Never, tenant: None })
    }

    fn begin(&self) -> Vec<String> {
        vec![
            format!("set local lock_timeout = '{LOCK_TIMEOUT}'"),
            format!("select ({})::text as answer", lock(&self.schema)),
            format!("do $registry$\nbegin\n{}end\n$registry$", self.refusal),
            self.find_facts(),
        ]
    }

    /// Asks for all that decides what is to be done, but for what only some servers can be asked.
    fn find_facts(&self) -> String {
        let schema = &self.schema;
        let exists = |name: &str| {
            (self.relation(name), format!("pg_catalog.to_regclass('{schema}.{name}') is not null"))
        };
        let mut facts = vec![
            (DISTRIBUTES.to_owned(), is_to_distribute(schema)),
            (
                CAN_BE_DISTRIBUTED.to_owned(),
                format!("pg_catalog.to_regclass('{DISTRIBUTED_SCHEMAS}') is not null"),
            ),
            (TAKES_RECORDS.to_owned(), takes_records(schema)),
            exists("schema_migrations"),
        ];
        for Step { sql, need } in migrations().iter().flat_map(|each| each.steps(schema)) {
            if let Need::Column(table, name) = need {
                facts.push((self.column(table, name), has_column(schema, table, name)));
            }
            facts.extend(made_by(&sql).map(exists));
        }
        // Several steps need the same column.
        facts.dedup();
        let facts: Vec<_> =
            facts.iter().map(|(name, condition)| format!("('{name}', {condition})")).collect();
        format!(
            "select t.name as answer\nfrom (values\n{}\n) as t (name, holds)\nwhere t.holds",
            facts.join(",\n")
        )
    }

    fn make_schema(&self) -> Vec<String> {
        let mut statements = Vec::new();
        if self.makes_schema {
            if self.has(DISTRIBUTES) {
                statements.push(format!("set local {SHARDING} = off"));
            }
            statements.push(format!("create schema if not exists {}", self.schema));
        }
        if self.has(CAN_BE_DISTRIBUTED) {
            let row = distribution(&self.schema);
            statements.push(format!("select '{IS_DISTRIBUTED}' as answer\n  {row}"));
        }
        statements
    }

    /// What others keep under the name of the platform's table has other columns.
    fn make_records(&mut self) -> Vec<String> {
        if !self.has(&self.relation("schema_migrations")) {
            self.facts.insert(TAKES_RECORDS.to_owned());
            return vec![create_records(&self.schema)];
        }
        if !self.has(TAKES_RECORDS) {
            return Vec::new();
        }
        let recorded = migrations().iter().filter_map(|migration| migration.record.as_ref());
        recorded
            .map(|record| {
                let fact = record.fact();
                format!("select '{fact}' as answer where exists ({})", record.is_in(&self.schema))
            })
            .collect()
    }

    fn migrate(&self) -> Vec<String> {
        let mut statements: Vec<_> =
            migrations().iter().flat_map(|migration| self.apply(migration)).collect();
        if self.distributes() {
            let schema = &self.schema;
            statements
                .push(format!("select {DISTRIBUTE}('{schema}'::regnamespace)::text as answer"));
        }
        statements
    }

    fn apply(&self, migration: &Migration) -> Vec<String> {
        let is_recorded = migration.record.as_ref().is_some_and(|record| self.has(&record.fact()));
        // A record of tables that somebody removed is none.
        let exist =
            ServiceTable::ALL.iter().all(|table| self.has(&self.relation(table.table().name)));
        if is_recorded && exist {
            return Vec::new();
        }
        let steps = migration.steps(&self.schema).into_iter();
        let mut statements: Vec<_> =
            steps.filter(|step| self.needs(step)).map(|step| step.sql).collect();
        if let Some(record) = &migration.record
            && self.has(TAKES_RECORDS)
            && !is_recorded
        {
            // Where a migration cannot be recorded it is done again the next time, which does no harm.
            statements.push(format!(
                "do $record$\nbegin\n  {}\nexception when others then\n  null;\nend\n$record$",
                record.insert(&self.schema)
            ));
        }
        statements
    }

    fn needs(&self, Step { sql, need }: &Step) -> bool {
        match need {
            Need::Always => !made_by(sql).is_some_and(|name| self.has(&self.relation(name))),
            Need::Triggers => !self.has(IS_DISTRIBUTED) && !self.distributes(),
            // One that this makes first has none of the later columns.
            Need::Column(table, name) => !self.has(&self.column(table, name)),
        }
    }

    fn distributes(&self) -> bool {
        self.makes_schema && self.has(DISTRIBUTES)
    }

    fn has(&self, fact: &str) -> bool {
        self.facts.contains(fact)
    }

    /// The fact that there is a table or index.
    fn relation(&self, name: &str) -> String {
        format!("{}.{name}", self.schema)
    }

    /// The fact that a table has a column.
    fn column(&self, table: &str, name: &str) -> String {
        format!("{}.{table} {name}", self.schema)
    }
}

/// The table or index that a statement makes.
fn made_by(sql: &str) -> Option<&str> {
    let (kind, rest) = sql.split_once(" if not exists ")?;
    let is_relation = kind.ends_with("create table") || kind.ends_with("index");
    let name = rest.split_whitespace().next()?.rsplit('.').next()?;
    is_relation.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The statements where these facts hold, each of which one of the queries asks for.
    fn run(makes_schema: bool, facts: &[&str]) -> Vec<String> {
        let tenant = TenantId::parse("acme").unwrap();
        let mut script = MigrationScript::new(&tenant, makes_schema);
        let mut statements = Vec::new();
        let mut answer = Vec::new();
        while let Some(statement) = script.next(answer) {
            let sql = statement.sql().to_owned();
            let asked = facts.iter().filter(|fact| sql.contains(&format!("'{fact}'")));
            answer = asked.map(|fact| (*fact).to_owned()).collect();
            statements.push(sql);
        }
        statements
    }

    fn all_of(statements: &[String], start: &str) -> Vec<usize> {
        let has = |sql: &String| sql.lines().any(|line| line.starts_with(start));
        (0..statements.len()).filter(|&index| has(&statements[index])).collect()
    }

    /// Every relation, column and record that migrations leave.
    fn everything() -> Vec<String> {
        let script = MigrationScript::new(&TenantId::parse("acme").unwrap(), false);
        let asked = script.find_facts();
        let named = asked.lines().filter_map(|line| line.strip_prefix("('")?.split('\'').next());
        let facts = named.filter(|fact| fact.starts_with('"')).map(str::to_owned);
        facts.chain([TAKES_RECORDS.to_owned(), "version 38".to_owned()]).collect()
    }

    #[test]
    fn each_statement_is_one_and_no_block_makes_a_table() {
        let statements = run(true, &[]);
        assert!(statements.iter().all(|sql| !sql.contains(":\"")));
        for table in ["schema_migrations", "tenant_wise_config", "tenant_credential_states"] {
            let sql = format!("create table if not exists \"tenant_acme\".{table} (");
            assert_eq!(all_of(&statements, &sql).len(), 1, "{table}");
        }
        for block in all_of(&statements, "do $").iter().map(|&index| &statements[index]) {
            assert!(!block.contains("create table") && !block.contains("alter table"), "{block}");
        }
    }

    #[test]
    fn nothing_is_made_again() {
        let everything = everything();
        let facts: Vec<_> = everything.iter().map(String::as_str).collect();
        let statements = run(false, &facts);
        let kinds: Vec<_> = statements
            .iter()
            .map(|sql| sql.split([' ', '\n']).next().unwrap_or_default())
            .collect();
        assert_eq!(kinds, ["set", "select", "do", "select", "select"]);
        // The tables are complete, and somebody removed the record, or one of them.
        let without_record: Vec<_> =
            facts.iter().copied().filter(|fact| *fact != "version 38").collect();
        assert_eq!(all_of(&run(false, &without_record), "insert into").len(), 0);
        assert_eq!(all_of(&run(false, &without_record), "do $record$").len(), 1);
        let table = "\"tenant_acme\".tenant_wise_config";
        let without_table: Vec<_> =
            facts.iter().copied().filter(|fact| !fact.starts_with(table)).collect();
        let statements = run(false, &without_table);
        assert_eq!(all_of(&statements, "create table").len(), 1);
        // A column is added, and filled.
        assert_eq!(all_of(&statements, "alter table").len(), 2);
    }

    #[test]
    fn a_new_schema_is_distributed_after_its_tables_are_made() {
        let statements = run(true, &[DISTRIBUTES]);
        let off = all_of(&statements, "set local citus.enable_schema_based_sharding = off");
        let distributed = all_of(&statements, "select pg_catalog.citus_schema_distribute(");
        assert_eq!(off.len(), 1);
        assert!(off < all_of(&statements, "create schema"));
        assert_eq!(distributed, [statements.len() - 1]);
        assert!(all_of(&statements, "create or replace trigger").is_empty());
        // A schema that is there stays where it is.
        let statements = run(false, &[DISTRIBUTES]);
        assert!(all_of(&statements, "select pg_catalog.citus_schema_distribute(").is_empty());
        assert_eq!(all_of(&statements, "create or replace trigger").len(), 4);
    }

    #[test]
    fn a_distributed_schema_gets_tables_without_triggers() {
        let statements = run(false, &[CAN_BE_DISTRIBUTED, IS_DISTRIBUTED]);
        assert_eq!(all_of(&statements, "create table").len(), 7);
        assert!(statements.iter().all(|sql| !sql.contains("update_updated_at_column")));
        let statements = run(false, &[CAN_BE_DISTRIBUTED]);
        assert_eq!(all_of(&statements, "create or replace trigger").len(), 4);
    }
}
