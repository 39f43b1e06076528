use crate::verification::{Outcome, ResponseBody, Restriction, VendorResponse};

/// Something in a response that says more of a credential than the response's status does.
#[derive(Debug)]
pub struct ResponseRule {
    /// The status of the responses that it is for; `None`: every refusal, 4xx.
    status: Option<u16>,
    /// Where it stands: a JSON pointer (RFC 6901) in which `*` is any index, the name of an element
    /// in XML, or `header:` and the name of a header. Several are separated by `|`.
    place: &'static str,
    /// What stands there; several are separated by `|`.
    text: Text,
    pub(crate) outcome: Outcome,
}

/// Upper and lower case are the same.
#[derive(Debug)]
enum Text {
    Is(&'static str),
    Contains(&'static str),
    Any,
}

impl ResponseRule {
    const fn new(outcome: Outcome, place: &'static str, text: Text) -> Self {
        Self { status: None, place, text, outcome }
    }

    pub(crate) const fn valid(place: &'static str, text: &'static str) -> Self {
        Self::new(Outcome::Valid, place, Text::Is(text))
    }

    pub(crate) const fn invalid(place: &'static str, text: &'static str) -> Self {
        Self::new(Outcome::Invalid, place, Text::Is(text))
    }

    /// For what no credential gets that works, however badly the vendor is doing.
    pub(crate) const fn revoked(place: &'static str, text: &'static str) -> Self {
        Self::new(Outcome::Revoked, place, Text::Is(text))
    }

    pub(crate) const fn under_scoped(place: &'static str, text: &'static str) -> Self {
        Self::new(Outcome::UnderScoped, place, Text::Is(text))
    }

    pub(crate) const fn restricted(
        restriction: Restriction,
        place: &'static str,
        text: &'static str,
    ) -> Self {
        Self::new(Outcome::Restricted(restriction), place, Text::Is(text))
    }

    pub(crate) const fn rate_limited(place: &'static str, text: &'static str) -> Self {
        Self::new(Outcome::RateLimited, place, Text::Is(text))
    }

    /// For what is no refusal of the credential although the status says so.
    pub(crate) const fn unexpected(place: &'static str, text: &'static str) -> Self {
        Self::new(Outcome::Unexpected, place, Text::Is(text))
    }

    /// The same where the text is a part of what stands there.
    pub(crate) const fn within(self) -> Self {
        let text = match self.text {
            Text::Is(text) => Text::Contains(text),
            other => other,
        };
        Self { text, ..self }
    }

    /// The same whatever stands there.
    pub(crate) const fn any(self) -> Self {
        Self { text: Text::Any, ..self }
    }

    /// The same for responses of one status, which need not be a refusal.
    pub(crate) const fn at(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }

    pub(crate) fn fits(&self, response: &VendorResponse, body: &ResponseBody) -> bool {
        let of_status = match self.status {
            Some(status) => response.status == status,
            None => (400..=499).contains(&response.status),
        };
        of_status
            && self.place.split('|').any(|place| match place.strip_prefix("header:") {
                Some(name) => response.header(name).is_some_and(|text| self.text.fits(text)),
                None => body.texts_at(place).iter().any(|text| self.text.fits(text)),
            })
    }
}

impl Text {
    fn fits(&self, found: &str) -> bool {
        match self {
            Self::Is(texts) => texts.split('|').any(|text| found.eq_ignore_ascii_case(text)),
            Self::Contains(text) => found.to_ascii_lowercase().contains(&text.to_ascii_lowercase()),
            Self::Any => true,
        }
    }
}
