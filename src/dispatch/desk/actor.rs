//! Who acts, and who may do what: one table, read before anything else happens.

use crate::model::Ticket;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Somebody who gives a command.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// His id. That of an engineer is the id he is enrolled under, that of a customer the one his tickets name.
    pub id: String,
    /// In which role he acts.
    pub role: Role,
}

/// What somebody is to the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Takes requests and talks to customers.
    Support,
    /// Goes to customers. Acts for himself only.
    Engineer,
    /// Answers for the day: assigns and overrides.
    Manager,
    /// Another program of the house.
    System,
    /// Who has the fault, through whatever channel he came. Acts on his own tickets only.
    Customer,
}

impl Actor {
    /// Somebody in this role.
    #[must_use]
    pub fn new(role: Role, id: impl Into<String>) -> Self {
        Self { id: id.into(), role }
    }

    /// An engineer, by the id he is enrolled under.
    #[must_use]
    pub fn engineer(id: impl Into<String>) -> Self {
        Self::new(Role::Engineer, id)
    }

    /// A manager.
    #[must_use]
    pub fn manager(id: impl Into<String>) -> Self {
        Self::new(Role::Manager, id)
    }

    /// Somebody of support.
    #[must_use]
    pub fn support(id: impl Into<String>) -> Self {
        Self::new(Role::Support, id)
    }

    /// True when this actor speaks for an engineer: he himself, or somebody who took his call.
    pub(super) fn speaks_for(&self, engineer: &str) -> bool {
        self.role != Role::Engineer || self.id == engineer
    }

    /// True when this actor has a say about a ticket: a customer in those that name him, or nobody.
    pub(super) fn has_a_say_in(&self, ticket: &Ticket) -> bool {
        self.role != Role::Customer
            || ticket.customer.as_ref().is_none_or(|whose| *whose == self.id)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Support => "support",
            Self::Engineer => "engineer",
            Self::Manager => "manager",
            Self::System => "system",
            Self::Customer => "customer",
        })
    }
}

use Role::{Customer, Engineer, Manager, Support, System};

const HOUSE: &[Role] = &[Support, Manager, System];
const DESK: &[Role] = &[Support, Manager];
const FIELD: &[Role] = &[Engineer, Support, Manager];

/// Who may give which command. A command that is not in the table may be given by nobody.
///
/// Beside the table, an engineer speaks for himself only ([`Refusal::NotYours`](super::Refusal::NotYours)), and a
/// customer about tickets that name him, or no customer at all ([`Refusal::NotYourTicket`](super::Refusal::NotYourTicket)).
/// Who may not give `emergency` cannot open or reopen a ticket as one either, nor triage it into one.
pub const RIGHTS: [(&str, &[Role]); 33] = [
    ("open", &[Support, Manager, System, Customer]),
    ("enrol", &[Manager, System]),
    ("set_policy", &[Manager]),
    ("set_agreement", &[Manager]),
    ("commit_plan", &[Manager, System]),
    ("triage", HOUSE),
    ("merge", HOUSE),
    ("hold", &[Support, Manager, System, Engineer]),
    ("resume", HOUSE),
    ("cancel", &[Support, Manager, System, Customer]),
    ("reopen", &[Support, Manager, Customer]),
    ("offer", HOUSE),
    ("recommend", HOUSE),
    ("offer_to", DESK),
    ("accept", FIELD),
    ("decline", FIELD),
    ("counter_offer", FIELD),
    ("consent", &[Support, Manager, Customer]),
    ("release", FIELD),
    ("assign", &[Manager]),
    ("emergency", DESK),
    ("depart", FIELD),
    ("arrive", FIELD),
    ("start", FIELD),
    ("pause", FIELD),
    ("overrun", FIELD),
    ("finish", FIELD),
    ("cannot_complete", FIELD),
    ("customer_absent", FIELD),
    ("on_duty", FIELD),
    ("off_duty", FIELD),
    ("ill", FIELD),
    ("report_position", &[Engineer, System]),
];

/// True when somebody in this role may give the command of this name.
#[must_use]
pub fn may(role: Role, command: &str) -> bool {
    RIGHTS.iter().any(|(name, roles)| *name == command && roles.contains(&role))
}
