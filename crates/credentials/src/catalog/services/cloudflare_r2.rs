use crate::catalog::{
    Authentication, Category, Charset, CredentialCheck, Field, Form, Region, ResponseRule as Rule,
    Service,
};
use crate::verification::{BodyFormat, Restriction};

pub(crate) const SERVICE: Service = Service::api(
    "cloudflare_r2",
    "Cloudflare R2",
    Category::Media,
    &[
        Field::secret("apiKey", "Access key ID")
            .required()
            .hint("Cloudflare, R2, Manage API tokens: the S3 access key id")
.at("https://developers.cloudflare.com/r2/api/tokens/")
            .confused_with(&[
                (Form::Hex(64), "this is the secret access key; the access key ID has 32 hexadecimal digits"),
                (Form::Token(40, 60), "this is a Cloudflare API token; R2 shows an access key ID of 32 hexadecimal digits beside it"),
            ]),
        Field::secret("apiSecret", "Secret access key")
            .required()
            .hint("Shown once, with the access key id")
            .confused_with(&[
                (Form::Hex(32), "this is an access key ID; the secret access key has 64 hexadecimal digits"),
                (Form::Token(40, 60), "this is a Cloudflare API token; R2 shows a secret access key of 64 hexadecimal digits beside it"),
            ]),
        Field::text("metadata.accountId", "Account ID")
            .required()
            .of(Charset::Hex)
            .length(32, 32)
            .example("00000000000000000000000000000000")
            .hint("Cloudflare, R2, Overview")
.at("https://dash.cloudflare.com/?to=/:account/r2/overview"),
        Field::text("metadata.bucket", "Bucket")
            .of(Charset::BucketName)
            .length(3, 63)
            .example("uploads")
            .hint("Needed where the token is limited to one bucket"),
        Field::choice("metadata.jurisdiction", "Jurisdiction", REGIONS)
            .hint("Of the bucket, if it was made in one"),
    ],
    CredentialCheck::get("https://{metadata.accountId}.r2.cloudflarestorage.com", "/", Authentication::S3)
        .regions("metadata.jurisdiction", REGIONS)
        .permission("read of the bucket's objects, or of the list of buckets where no bucket is set")
        .body(BodyFormat::Xml)
        .rules(RULES),
);

/// <https://developers.cloudflare.com/r2/api/error-codes/>
const RULES: &[Rule] = &[
    // The object that was asked for is nobody's; the key may read the bucket.
    Rule::valid("Code", "NoSuchKey"),
    Rule::invalid("Code", "InvalidAccessKeyId|SignatureDoesNotMatch|Unauthorized"),
    Rule::invalid("Code", "NoSuchBucket|InvalidBucketName"),
    Rule::invalid("Message", "access key has length").within(),
    Rule::restricted(Restriction::Account, "Code", "NotEntitled"),
    Rule::restricted(Restriction::Account, "Message", "enable R2 through").within(),
    Rule::under_scoped("Code", "AccessDenied"),
];

const REGIONS: &[Region] = &[
    Region {
        value: "eu",
        label: "European Union",
        base: "https://{metadata.accountId}.eu.r2.cloudflarestorage.com",
    },
    Region {
        value: "fedramp",
        label: "FedRAMP",
        base: "https://{metadata.accountId}.fedramp.r2.cloudflarestorage.com",
    },
    Region {
        value: "us",
        label: "United States",
        base: "https://{metadata.accountId}.us.r2.cloudflarestorage.com",
    },
];
