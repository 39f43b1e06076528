//! What each service is; a file each. A new service is a file, and its module and entry here.

mod anthropic;
mod assemblyai;
mod cloudflare_r2;
mod easypost;
mod elevenlabs;
mod google_maps;
mod mux;
mod openai;
mod resend;
mod standard_webhooks;
mod stripe;
mod twilio;
mod wise;

use super::Service;

/// All services, in the order in which they are shown.
pub static SERVICES: &[Service] = &[
    stripe::SERVICE,
    wise::SERVICE,
    resend::SERVICE,
    mux::SERVICE,
    assemblyai::SERVICE,
    cloudflare_r2::SERVICE,
    anthropic::SERVICE,
    openai::SERVICE,
    elevenlabs::SERVICE,
    google_maps::SERVICE,
    easypost::SERVICE,
    twilio::SERVICE,
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::catalog::FieldKind;
    use crate::input::check;

    #[test]
    fn every_file_is_a_service_of_the_list_once() {
        let ids: HashSet<_> = SERVICES.iter().map(|service| service.id.to_owned()).collect();
        assert_eq!(ids.len(), SERVICES.len());
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/catalog/services");
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let names = files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned());
        let names = names.filter(|name| !["mod", "standard_webhooks"].contains(&name.as_str()));
        assert_eq!(names.collect::<HashSet<_>>(), ids);
    }

    #[test]
    fn every_field_has_a_column() {
        for service in SERVICES {
            for field in service.fields {
                let column = field.name.split('.').next().unwrap();
                assert!(service.table.table().input_column(column).is_some(), "{field:?}");
            }
        }
    }

    #[test]
    fn examples_fit_their_own_rules() {
        for field in SERVICES.iter().flat_map(|service| service.fields) {
            let whole = field.placeholder.ends_with("...") || field.placeholder.is_empty();
            if field.kind != FieldKind::Boolean && !whole {
                assert!(check(field, field.placeholder).is_ok(), "{field:?}");
            }
        }
    }
}
