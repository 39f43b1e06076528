//! What each service is; a file each.

pub(super) mod anthropic;
pub(super) mod assemblyai;
pub(super) mod cloudflare_r2;
pub(super) mod easypost;
pub(super) mod elevenlabs;
pub(super) mod google_maps;
pub(super) mod mux;
pub(super) mod openai;
pub(super) mod resend;
mod standard_webhooks;
pub(super) mod stripe;
pub(super) mod twilio;
pub(super) mod wise;
