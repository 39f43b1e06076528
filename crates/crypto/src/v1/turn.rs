//! Whose key is derived next: where many wait, nobody waits for all that somebody else asked for.

use std::collections::{HashMap, VecDeque};

/// For whom a key is derived, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The tenant; empty for a value of nobody.
    pub tenant: String,
    /// Whether somebody waits to read, and not for a save.
    pub is_read: bool,
}

/// What waits for its turn: reads before saves, and the tenants in turns.
#[derive(Debug)]
pub struct TurnQueue<T> {
    reads: Line<T>,
    saves: Line<T>,
    /// Reads that went before saves since one of these was taken.
    passed: usize,
    most: usize,
    most_of_tenant: usize,
}

/// What tenants wait for, and the order of their turns. None is there without something to wait for.
#[derive(Debug)]
struct Line<T> {
    waiting: HashMap<String, VecDeque<T>>,
    order: VecDeque<String>,
    len: usize,
}

/// Reads that may go before a save that waits.
const MOST_PASSED: usize = 32;

impl<T> TurnQueue<T> {
    /// A queue in which so many may wait, and so many of one tenant. What is of no tenant may fill it.
    pub fn new(most: usize, most_of_tenant: usize) -> Self {
        Self { reads: Line::new(), saves: Line::new(), passed: 0, most, most_of_tenant }
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.reads.len + self.saves.len
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
        let line = if turn.is_read { &mut self.reads } else { &mut self.saves };
        line.push(turn.tenant, waiting);
        Ok(())
    }

    /// Those whose turn it is, with their tenants.
    pub fn take(&mut self, most: usize) -> Vec<(String, T)> {
        self.take_of(most, |_| true)
    }

    /// The same of tenants that a rule allows.
    pub fn take_of(&mut self, most: usize, allows: impl Fn(&str) -> bool) -> Vec<(String, T)> {
        let mut taken = Vec::new();
        while taken.len() < most {
            let saves_first = self.passed >= MOST_PASSED;
            let next =
                if saves_first { self.saves.take(&allows) } else { self.reads.take(&allows) };
            if let Some(next) = next {
                let some_wait = self.saves.len > 0;
                self.passed = if saves_first || !some_wait { 0 } else { self.passed + 1 };
                taken.push(next);
                continue;
            }
            let next =
                if saves_first { self.reads.take(&allows) } else { self.saves.take(&allows) };
            let Some(next) = next else { break };
            taken.push(next);
        }
        taken
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

#[cfg(test)]
mod tests {
    use super::*;

    fn queue() -> TurnQueue<usize> {
        TurnQueue::new(1000, 500)
    }

    fn push(queue: &mut TurnQueue<usize>, tenant: &str, is_read: bool, count: usize) {
        for number in 0..count {
            queue.push(Turn { tenant: tenant.to_owned(), is_read }, number).unwrap();
        }
    }

    fn tenants(taken: &[(String, usize)]) -> String {
        taken.iter().map(|(tenant, _)| tenant.as_str()).collect()
    }

    #[test]
    fn a_tenant_that_saves_much_delays_the_save_of_another_by_one() {
        let mut queue = queue();
        push(&mut queue, "a", false, 400);
        push(&mut queue, "b", false, 1);
        assert_eq!(tenants(&queue.take(4)), "abaa");
    }

    #[test]
    fn reads_go_before_saves_but_not_for_ever() {
        let mut queue = queue();
        push(&mut queue, "a", false, 3);
        push(&mut queue, "b", true, 100);
        let taken = queue.take(MOST_PASSED + 2);
        assert_eq!(tenants(&taken), format!("{}ab", "b".repeat(MOST_PASSED)));
    }

    #[test]
    fn what_one_tenant_asked_for_first_is_done_first() {
        let mut queue = queue();
        push(&mut queue, "a", true, 3);
        let taken: Vec<_> = queue.take(5).into_iter().map(|(_, number)| number).collect();
        assert_eq!(taken, [0, 1, 2]);
        assert!(queue.is_empty());
    }

    #[test]
    fn those_of_other_tenants_can_be_taken_alone() {
        let mut queue = queue();
        push(&mut queue, "a", true, 5);
        push(&mut queue, "b", false, 3);
        assert_eq!(tenants(&queue.take_of(2, |tenant| tenant != "a")), "bb");
        assert_eq!(queue.len(), 6);
    }

    #[test]
    fn a_tenant_that_fills_its_part_leaves_room_for_others() {
        let mut queue = TurnQueue::new(5, 3);
        push(&mut queue, "a", true, 2);
        push(&mut queue, "a", false, 1);
        let of = |tenant: &str| Turn { tenant: tenant.to_owned(), is_read: true };
        assert_eq!(queue.push(of("a"), 9), Err(9));
        push(&mut queue, "b", true, 2);
        assert_eq!(queue.push(of("c"), 9), Err(9));
        assert_eq!(queue.len(), 5);
    }
}
