//! Whose key is derived next: where many wait, nobody waits for all that somebody else asked for.

use std::collections::{HashMap, HashSet, VecDeque};
use std::iter::from_fn;

/// For whom a key is derived, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The tenant; empty for a value of nobody.
    pub tenant: String,
    /// What the key is for.
    pub purpose: Purpose,
}

impl Turn {
    /// The turn of a tenant.
    pub fn new(tenant: &str, purpose: Purpose) -> Self {
        Self { tenant: tenant.to_owned(), purpose }
    }
}

/// What a key is for: the first ones come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Somebody waits for a value.
    Read,
    /// Somebody waits until a value is stored.
    Save,
    /// Work on all values of many tenants, as a rotation is: how many keys it gets in a second counts,
    /// and not when.
    Sweep,
}

/// What waits for its turn: reads before saves, both before sweeps.
#[derive(Debug)]
pub struct TurnQueue<T> {
    reads: Line<T>,
    saves: Line<T>,
    /// In the order in which they came, so that the values of a tenant are done together.
    sweeps: VecDeque<(String, T)>,
    /// Reads that went before saves since one of these was taken.
    passed_saves: usize,
    /// Others that went before sweeps since some of these were taken.
    passed_sweeps: usize,
    most: usize,
    most_of_tenant: usize,
}

/// What tenants wait for in turns, and the order of these. None is there without something to wait for.
#[derive(Debug)]
struct Line<T> {
    waiting: HashMap<String, VecDeque<T>>,
    order: VecDeque<String>,
    len: usize,
}

/// Those that may go before others that wait.
const MOST_PASSED: usize = 32;

/// Tenants from which on a batch is faster than a pair of keys in each pause of another one.
const ENOUGH_FOR_A_BATCH: usize = 8;
/// Tenants that are looked at in a pause: it is short.
const MOST_LOOKED_AT: usize = 64;

impl<T> TurnQueue<T> {
    /// A queue in which so many may wait, and so many of one tenant. What is of no tenant may fill it.
    pub fn new(most: usize, most_of_tenant: usize) -> Self {
        Self {
            reads: Line::new(),
            saves: Line::new(),
            sweeps: VecDeque::new(),
            passed_saves: 0,
            passed_sweeps: 0,
            most,
            most_of_tenant,
        }
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.reads.len + self.saves.len + self.sweeps.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Puts somebody at the end of their tenant's line; gives them back where too many wait.
    pub fn push(&mut self, turn: Turn, waiting: T) -> Result<(), T> {
        let of_tenant = self.reads.len_of(&turn.tenant) + self.saves.len_of(&turn.tenant);
        let is_too_much = of_tenant >= self.most_of_tenant && !turn.tenant.is_empty();
        if self.len() >= self.most || is_too_much {
            return Err(waiting);
        }
        match turn.purpose {
            Purpose::Read => self.reads.push(turn.tenant, waiting),
            Purpose::Save => self.saves.push(turn.tenant, waiting),
            Purpose::Sweep => self.sweeps.push_back((turn.tenant, waiting)),
        }
        Ok(())
    }

    /// Those whose turn it is, with their tenants: so many reads and saves, or so many of sweeps, because
    /// nobody should wait for what others can wait for.
    pub fn take(&mut self, most: usize, most_of_sweeps: usize) -> Vec<(String, T)> {
        let nobody_waits = self.reads.len + self.saves.len == 0;
        if nobody_waits || (self.passed_sweeps >= MOST_PASSED && !self.sweeps.is_empty()) {
            self.passed_sweeps = 0;
            return self.sweeps.drain(..most_of_sweeps.min(self.sweeps.len())).collect();
        }
        self.take_urgent(most, |_| true)
    }

    /// Reads and saves in a pause of a batch: of tenants that a rule allows and that wait for no more than
    /// `few`. None where many such tenants wait, which are all done sooner in a batch of their own.
    pub fn take_in_pause(
        &mut self,
        most: usize,
        few: usize,
        allows: impl Fn(&str) -> bool,
    ) -> Vec<(String, T)> {
        let waiting = |tenant: &str| self.reads.len_of(tenant) + self.saves.len_of(tenant);
        let in_turns = self.reads.order.iter().chain(&self.saves.order).take(MOST_LOOKED_AT);
        let tenants: HashSet<_> =
            in_turns.filter(|tenant| allows(tenant) && waiting(tenant) <= few).cloned().collect();
        if tenants.len() >= ENOUGH_FOR_A_BATCH {
            return Vec::new();
        }
        self.take_urgent(most, |tenant| tenants.contains(tenant))
    }

    fn take_urgent(&mut self, most: usize, allows: impl Fn(&str) -> bool) -> Vec<(String, T)> {
        let taken: Vec<_> = from_fn(|| self.next_urgent(&allows)).take(most).collect();
        self.passed_sweeps =
            if self.sweeps.is_empty() { 0 } else { self.passed_sweeps + taken.len() };
        taken
    }

    fn next_urgent(&mut self, allows: impl Fn(&str) -> bool) -> Option<(String, T)> {
        if self.passed_saves < MOST_PASSED
            && let Some(read) = self.reads.take(&allows)
        {
            self.passed_saves = if self.saves.len == 0 { 0 } else { self.passed_saves + 1 };
            return Some(read);
        }
        if let Some(save) = self.saves.take(&allows) {
            self.passed_saves = 0;
            return Some(save);
        }
        self.reads.take(allows)
    }
}

impl<T> Line<T> {
    fn new() -> Self {
        Self { waiting: HashMap::new(), order: VecDeque::new(), len: 0 }
    }

    fn len_of(&self, tenant: &str) -> usize {
        self.waiting.get(tenant).map_or(0, VecDeque::len)
    }

    fn push(&mut self, tenant: String, waiting: T) {
        self.len += 1;
        if let Some(line) = self.waiting.get_mut(&tenant) {
            line.push_back(waiting);
            return;
        }
        self.order.push_back(tenant.clone());
        self.waiting.insert(tenant, VecDeque::from([waiting]));
    }

    /// The first of the tenant whose turn it is; the tenant goes to the end.
    fn take(&mut self, allows: impl Fn(&str) -> bool) -> Option<(String, T)> {
        let at = self.order.iter().position(|tenant| allows(tenant))?;
        let tenant = self.order.remove(at)?;
        let line = self.waiting.get_mut(&tenant)?;
        let next = line.pop_front()?;
        self.len -= 1;
        if line.is_empty() {
            self.waiting.remove(&tenant);
        } else {
            self.order.push_back(tenant.clone());
        }
        Some((tenant, next))
    }
}

/// Parts a batch in two: first, what tenants with no more than `few` in it wait for, where that is no
/// more than `few` together. It is done long before all that others of the batch wait for.
pub fn few_first<T>(batch: Vec<(String, T)>, few: usize) -> [Vec<(String, T)>; 2] {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for (tenant, _) in &batch {
        *counts.entry(tenant.clone()).or_default() += 1;
    }
    let is_few = |tenant: &str| counts.get(tenant).is_some_and(|&count| count <= few);
    if batch.iter().filter(|(tenant, _)| is_few(tenant)).count() > few {
        return [Vec::new(), batch];
    }
    let (first, then) = batch.into_iter().partition(|(tenant, _)| is_few(tenant));
    [first, then]
}

#[cfg(test)]
mod tests {
    use super::Purpose::{Read, Save, Sweep};
    use super::*;

    fn queue() -> TurnQueue<usize> {
        TurnQueue::new(1000, 500)
    }

    fn push(queue: &mut TurnQueue<usize>, tenant: &str, purpose: Purpose, count: usize) {
        for number in 0..count {
            queue.push(Turn::new(tenant, purpose), number).unwrap();
        }
    }

    fn tenants(taken: &[(String, usize)]) -> String {
        taken.iter().map(|(tenant, _)| tenant.as_str()).collect()
    }

    #[test]
    fn a_tenant_that_saves_much_delays_the_save_of_another_by_one() {
        let mut queue = queue();
        push(&mut queue, "a", Save, 400);
        push(&mut queue, "b", Save, 1);
        assert_eq!(tenants(&queue.take(4, 16)), "abaa");
    }

    #[test]
    fn reads_go_before_saves_but_not_for_ever() {
        let mut queue = queue();
        push(&mut queue, "a", Save, 3);
        push(&mut queue, "b", Read, 100);
        let taken = queue.take(MOST_PASSED + 2, 16);
        assert_eq!(tenants(&taken), format!("{}ab", "b".repeat(MOST_PASSED)));
    }

    #[test]
    fn a_sweep_waits_for_reads_and_saves_but_not_for_ever() {
        let mut queue = queue();
        push(&mut queue, "s", Sweep, 3);
        push(&mut queue, "a", Read, MOST_PASSED);
        push(&mut queue, "b", Save, MOST_PASSED);
        assert_eq!(tenants(&queue.take(MOST_PASSED, 16)), "a".repeat(MOST_PASSED));
        assert_eq!(tenants(&queue.take(16, 16)), "sss");
        assert_eq!(tenants(&queue.take(16, 16)), "b".repeat(16));
    }

    #[test]
    fn a_read_never_waits_for_a_batch_that_sweeps_fill() {
        let mut queue = queue();
        push(&mut queue, "s", Sweep, 20);
        push(&mut queue, "a", Read, 1);
        assert_eq!(tenants(&queue.take(2, 16)), "a");
        assert_eq!(tenants(&queue.take(2, 16)), "s".repeat(16));
        push(&mut queue, "s", Save, 1);
        assert_eq!(tenants(&queue.take_urgent(2, |_| true)), "s");
        assert!(queue.take_urgent(2, |_| true).is_empty());
        assert_eq!(queue.len(), 4);
    }

    #[test]
    fn sweeps_are_done_tenant_by_tenant_and_fill_their_batches() {
        let mut queue = queue();
        push(&mut queue, "s", Sweep, 12);
        push(&mut queue, "t", Sweep, 12);
        assert_eq!(tenants(&queue.take(3, 16)), format!("{}{}", "s".repeat(12), "t".repeat(4)));
        assert_eq!(tenants(&queue.take(3, 16)), "t".repeat(8));
    }

    #[test]
    fn what_one_tenant_asked_for_first_is_done_first() {
        let mut queue = queue();
        push(&mut queue, "a", Read, 3);
        let taken: Vec<_> = queue.take(5, 16).into_iter().map(|(_, number)| number).collect();
        assert_eq!(taken, [0, 1, 2]);
        assert!(queue.is_empty());
    }

    #[test]
    fn those_of_other_tenants_can_be_taken_alone() {
        let mut queue = queue();
        push(&mut queue, "a", Read, 5);
        push(&mut queue, "b", Save, 3);
        assert_eq!(tenants(&queue.take_urgent(2, |tenant| tenant != "a")), "bb");
        assert_eq!(queue.len(), 6);
    }

    #[test]
    fn pauses_are_for_few_keys_and_not_for_those_that_fill_a_batch() {
        let mut queue = queue();
        push(&mut queue, "a", Save, 5);
        push(&mut queue, "b", Save, 1);
        push(&mut queue, "c", Read, 1);
        let is_other = |tenant: &str| tenant != "d";
        assert_eq!(tenants(&queue.take_in_pause(2, 4, is_other)), "cb");
        assert!(queue.take_in_pause(2, 4, is_other).is_empty());
        for number in 1..=ENOUGH_FOR_A_BATCH {
            push(&mut queue, &number.to_string(), Read, 1);
            let mut taken = queue.take_in_pause(1, 4, is_other);
            assert_eq!(taken.is_empty(), number == ENOUGH_FOR_A_BATCH);
            if let Some((tenant, _)) = taken.pop() {
                push(&mut queue, &tenant, Read, 1);
            }
        }
    }

    #[test]
    fn a_tenant_that_fills_its_part_leaves_room_for_others() {
        let mut queue = TurnQueue::new(5, 3);
        push(&mut queue, "a", Read, 2);
        push(&mut queue, "a", Save, 1);
        let of = |tenant: &str| Turn::new(tenant, Read);
        assert_eq!(queue.push(of("a"), 9), Err(9));
        push(&mut queue, "b", Read, 2);
        assert_eq!(queue.push(of("c"), 9), Err(9));
        assert_eq!(queue.len(), 5);
    }

    #[test]
    fn a_key_of_a_quiet_tenant_does_not_wait_for_a_batch_of_a_busy_one() {
        let parts = |batch: &str| {
            let batch = batch.chars().map(|tenant| (tenant.to_string(), 0)).collect();
            few_first(batch, 2).map(|part| tenants(&part))
        };
        assert_eq!(parts("aabaaa"), ["b", "aaaaa"]);
        assert_eq!(parts("abacaa"), ["bc", "aaaa"]);
        // Many that wait for few are done sooner together.
        assert_eq!(parts("abcdaaa"), ["", "abcdaaa"]);
        assert_eq!(parts("ab"), ["ab", ""]);
        assert_eq!(parts("aaa"), ["", "aaa"]);
    }
}
