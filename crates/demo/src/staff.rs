//! Accounts of the made-up office: two of each role where two people are needed, one for each nursery.

use crate::{DemoAccount, names, story::Story};
use enmusubi_app::{
    Actor, Fault,
    accounts::{NewAccount, NewGrant},
};
use enmusubi_casefile::account::{Columns, Role};
use enmusubi_synth::rng::Rng;
use jiff::{ToSpan as _, civil::Date};
use std::collections::{BTreeMap, BTreeSet};

/// Who works here, with the rights of the day.
#[derive(Debug)]
pub(crate) struct Staff {
    /// Two of reception.
    pub(crate) reception: [Actor; 2],
    /// Two examiners; the first may see protected cases.
    pub(crate) examiners: [Actor; 2],
    /// Two approvers; the first may see protected cases.
    pub(crate) approvers: [Actor; 2],
    /// The head of each nursery.
    pub(crate) nurseries: BTreeMap<String, Actor>,
    /// All accounts, with passwords.
    pub(crate) accounts: Vec<DemoAccount>,
}

const WORDS: [&str; 16] = [
    "asatsuyu",
    "hidamari",
    "soyokaze",
    "komorebi",
    "yuyake",
    "hoshizora",
    "minamo",
    "yamabiko",
    "harukaze",
    "nanairo",
    "seseragi",
    "wakaba",
    "tsukushi",
    "tanpopo",
    "donguri",
    "momiji",
];

/// Login, role, post, and whether protected cases are shown.
const CLERKS: [(&str, Role, &str, bool); 10] = [
    (
        "kanri1",
        Role::Administrator,
        "保育課 システム管理担当",
        false,
    ),
    ("kanri2", Role::Administrator, "情報システム課", false),
    ("uketsuke1", Role::Reception, "保育課 受付担当", false),
    ("uketsuke2", Role::Reception, "保育課 受付担当", false),
    ("shinsa1", Role::Examiner, "保育課 入所担当", true),
    ("shinsa2", Role::Examiner, "保育課 入所担当", false),
    ("kessai1", Role::Approver, "保育課長", true),
    ("kessai2", Role::Approver, "保育課 入所係長", false),
    ("kansa1", Role::Auditor, "監査委員事務局", false),
    ("kansa2", Role::Auditor, "監査委員事務局", false),
];

struct Making<'s> {
    story: &'s Story,
    tenant: &'s str,
    rng: Rng,
    from: Date,
    until: Date,
    accounts: Vec<DemoAccount>,
}

/// Makes all accounts; `nurseries`: id and name of each.
pub(crate) async fn make(
    story: &Story,
    tenant: &str,
    seed: u64,
    nurseries: &[(String, String)],
) -> Result<Staff, Fault> {
    let from = story.office.today();
    let mut making = Making {
        story,
        tenant,
        rng: Rng::stream(seed, u64::MAX - 1),
        from,
        until: story.today.saturating_add(2.years()),
        accounts: Vec::new(),
    };
    // The first two administrators are let in by the installation and by each other.
    let system = Actor::system(tenant);
    let mut ids = Vec::new();
    for clerk in &CLERKS[..2] {
        ids.push(
            making
                .account(&system, clerk.0, clerk.1, clerk.2, None)
                .await?,
        );
    }
    let mut second = system.clone();
    second.account.clone_from(&ids[1]);
    making
        .grant(&system, &second, &ids[0], CLERKS[0], None)
        .await?;
    let first = making.actor(&ids[0]).await?;
    making
        .grant(&system, &first, &ids[1], CLERKS[1], None)
        .await?;
    let second = making.actor(&ids[1]).await?;
    let mut actors = Vec::new();
    for clerk in &CLERKS[2..] {
        let id = making
            .account(&first, clerk.0, clerk.1, clerk.2, None)
            .await?;
        making.grant(&first, &second, &id, *clerk, None).await?;
        actors.push(making.actor(&id).await?);
    }
    let mut heads = BTreeMap::new();
    for (id, name) in nurseries {
        let login = format!("en{id}");
        let clerk = (login.as_str(), Role::Nursery, name.as_str(), false);
        let account = making
            .account(&first, &login, Role::Nursery, name, Some(id))
            .await?;
        making
            .grant(&first, &second, &account, clerk, Some(id))
            .await?;
        heads.insert(id.clone(), making.actor(&account).await?);
    }
    let pair = |at: usize| [actors[at].clone(), actors[at + 1].clone()];
    Ok(Staff {
        reception: pair(0),
        examiners: pair(2),
        approvers: pair(4),
        nurseries: heads,
        accounts: making.accounts,
    })
}

impl Making<'_> {
    async fn account(
        &mut self,
        by: &Actor,
        login: &str,
        role: Role,
        post: &str,
        facility: Option<&str>,
    ) -> Result<String, Fault> {
        let name = names::clerk(&mut self.rng).written;
        let mut word = || WORDS[self.rng.index(WORDS.len())];
        let password = format!("{}-{}-{}", word(), word(), word());
        let password = format!("{password}-{:03}", self.rng.below(1000));
        let new = NewAccount {
            login: login.to_owned(),
            name: name.clone(),
            post: post.to_owned(),
            password: password.clone(),
        };
        let id = self.story.office.make_account(by, new).await?;
        self.accounts.push(DemoAccount {
            login: login.to_owned(),
            name,
            roles: vec![role],
            password,
            facility: facility.map(str::to_owned),
        });
        Ok(id)
    }

    async fn grant(
        &self,
        by: &Actor,
        other: &Actor,
        id: &str,
        (_, role, _, protected): (&str, Role, &str, bool),
        facility: Option<&str>,
    ) -> Result<(), Fault> {
        let columns = match role {
            Role::Nursery | Role::Administrator | Role::Auditor => BTreeSet::new(),
            _ => Columns::ALL
                .into_iter()
                .filter(|c| protected || *c != Columns::Protected)
                .collect(),
        };
        let grant = NewGrant {
            role,
            columns,
            facility: facility.map(str::to_owned),
            from: self.from,
            until: self.until,
        };
        let office = &self.story.office;
        let proposed = office.propose_grant(by, id, 1, grant).await?;
        office.approve_grant(other, id, proposed.version, 1).await?;
        Ok(())
    }

    async fn actor(&self, id: &str) -> Result<Actor, Fault> {
        let actor = self.story.office.actor(self.tenant, id).await?;
        actor.ok_or_else(|| Fault::Internal(format!("account {id} has no rights after its grant")))
    }
}
