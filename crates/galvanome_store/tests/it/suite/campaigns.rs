//! Campaigns, in and out.

use galvanome_model::answer::Answer;
use galvanome_model::campaign::Campaign;
use galvanome_model::ids::{CampaignId, TechniqueId};
use galvanome_store::Store;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use sqlx::{Connection, Executor};

use crate::databases::Db;
use crate::draw;
use crate::example::{actor, answer, campaign, id, quantity, revision};
use crate::postgres::connect;

pub(crate) async fn any_campaign_comes_back(db: Db) {
    let empty = Campaign::new(
        serde_json::from_str(r#"{"format": 1, "id": "empty", "title": ""}"#).unwrap(),
    );
    let check = async |given: Campaign, is_new: bool| -> Result<(), TestCaseError> {
        let store = &db.store;
        let id = given.definition.id.clone();
        let imported = store.put_campaign(&given, &actor(), 2).await.unwrap();
        let got = store.campaign(&id).await.unwrap().unwrap();
        let frame = store.frame_facts(&id).await.unwrap().unwrap();
        let again = store.put_campaign(&given, &actor(), 3).await.unwrap();
        proptest::prop_assert!(!again.changed && again.answers_added == 0);
        proptest::prop_assert_eq!(again.revision, imported.revision);
        // Answers are only added to: where there were some, they are still there.
        if is_new {
            proptest::prop_assert_eq!(&got.answers, &given.answers);
        }
        proptest::prop_assert_eq!(
            Campaign { answers: given.answers.clone(), ..got.clone() },
            given
        );
        let bare =
            Campaign { answers: Vec::new(), quantities: Vec::new(), documents: Vec::new(), ..got };
        proptest::prop_assert_eq!(frame, bare);
        Ok(())
    };
    let config = Config { cases: 40, failure_persistence: None, ..Config::default() };
    let runtime = tokio::runtime::Handle::current();
    let number = std::sync::atomic::AtomicU32::new(0);
    tokio::task::block_in_place(|| {
        runtime.block_on(check(empty, true)).unwrap();
        TestRunner::new(config)
            .run(&draw::campaigns(), |mut given| {
                // A campaign of its own for each case, so that its answers can be compared one by one.
                let number = number.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                given.definition.id = CampaignId::new(&format!("any-{number}")).unwrap();
                runtime.block_on(check(given.clone(), true))?;
                // And one that is put in place of another.
                given.definition.id = CampaignId::new("any").unwrap();
                runtime.block_on(check(given, false))
            })
            .unwrap();
    });
    let listed = db.store.campaigns(None, 1000).await.unwrap();
    assert!(listed.len() > 40);
    assert!(listed.is_sorted_by(|a, b| a.id < b.id));
    let rest = db.store.campaigns(listed.get(2).map(|it| &it.id), 2).await.unwrap();
    assert_eq!(Some(rest.as_slice()), listed.get(3..5));
}

pub(crate) async fn an_import_replaces(db: Db) {
    let store = &db.store;
    assert_eq!(store.campaign(&id()).await.unwrap(), None);
    assert_eq!(revision(store).await, None);
    let first = campaign();
    let made = store.put_campaign(&first, &actor(), 5).await.unwrap();
    assert!(made.created && made.changed);
    assert_eq!((made.revision, made.answers_added), (1, 2));
    assert_eq!(store.campaign(&id()).await.unwrap().as_ref(), Some(&first));

    // A technique goes, with its experiment and answer, and everything else turns round.
    let mut second = first.clone();
    "Another title".clone_into(&mut second.definition.title);
    second.definition.techniques.retain(|it| it.id.as_str() == "xrd");
    second.definition.components.reverse();
    second.experiments.retain(|it| it.technique.as_str() == "xrd");
    second.samples.reverse();
    second.answers.retain(|it| it.technique.as_str() == "xrd");
    second.quantities.truncate(1);
    second.documents.remove(0);
    second.gates.clear();
    let changed = store.put_campaign(&second, &actor(), 6).await.unwrap();
    assert_eq!((changed.revision, changed.created, changed.answers_added), (2, false, 0));
    assert_eq!(store.campaign(&id()).await.unwrap().as_ref(), Some(&second));
    // What nobody lists cannot be answered, and what was answered is not lost: it comes back with its technique.
    let gone =
        store.add_answer(&id(), &answer("ndp", "homogeneity", Answer::Yes), &actor(), 7).await;
    assert!(gone.unwrap_err().to_string().contains("technique `ndp`"));
    let back = store.put_campaign(&first, &actor(), 8).await.unwrap();
    assert_eq!((back.revision, back.answers_added), (3, 0));
    assert_eq!(store.campaign(&id()).await.unwrap().as_ref(), Some(&first));
    let summary = store.campaigns(None, 10).await.unwrap().remove(0);
    assert_eq!(
        (summary.title.as_str(), summary.created_us, summary.updated_us),
        ("A small campaign", 5, 8)
    );
}

pub(crate) async fn refusals_name_the_culprit(db: Db) {
    let store = &db.store;
    store.put_campaign(&campaign(), &actor(), 1).await.unwrap();
    check(store, "the sample `cell-1` names the component `tin`", |it| {
        it.samples[0].component = Some("tin".parse().unwrap());
    })
    .await;
    check(store, "the sample `electrode-1` names the sample `cell-9`", |it| {
        it.samples[1].parents = vec!["cell-9".parse().unwrap()];
    })
    .await;
    check(store, "the shipment `parcel` names the partner `nobody`", |it| {
        it.shipments[0].to = "nobody".parse().unwrap();
    })
    .await;
    check(store, "the experiment `e1` names the technique `nmr`", |it| {
        it.experiments[0].technique = "nmr".parse().unwrap();
    })
    .await;
    check(store, "the dataset `d2` names the dataset `d9`", |it| {
        it.datasets[1].derived_from = vec!["d9".parse().unwrap()];
    })
    .await;
    check(store, "gate 1 names the dataset `d9`", |it| {
        it.gates[0].dataset = Some("d9".parse().unwrap());
    })
    .await;
    check(store, "quantity 2 (`ndp.depth`) names the experiment `e9`", |it| {
        it.quantities[1].experiment = Some("e9".parse().unwrap());
    })
    .await;
    check(store, "answer 1 names the question `sq9`", |it| {
        it.answers[0].question = "sq9".parse().unwrap();
    })
    .await;
    check(store, "two of technique `xrd`", |it| {
        it.definition.techniques[1].id = TechniqueId::new("xrd").unwrap();
    })
    .await;
    check(store, "two of margin `xrd.a for homogeneity`", |it| {
        it.definition.margins.push(it.definition.margins[0].clone());
    })
    .await;
    for number in [f64::NAN, f64::INFINITY] {
        check(
            store,
            "quantity 3 (`xrd.a`) is not stored: it holds a number that is not finite",
            |it| {
                it.quantities.push(quantity("xrd.a", number));
            },
        )
        .await;
        check(store, "the component `lno` is not stored", |it| {
            it.definition.components[0].thickness_m = Some(number);
        })
        .await;
        check(store, "the sample `cell-1` is not stored", |it| {
            it.samples[0].state_of_charge = Some(number);
        })
        .await;
    }
    // The database holds the same by itself.
    let mut connection = connect(&db.url).await.unwrap();
    let stray = "INSERT INTO sample_parent (campaign, sample, position, parent) \
                 VALUES ('small', 'cell-1', 0, 'no-such')";
    assert!(connection.execute(stray).await.is_err());
    connection.close().await.unwrap();
}

async fn check(store: &Store, expected: &str, spoil: impl Fn(&mut Campaign)) {
    let before = store.campaign(&id()).await.unwrap();
    let mut spoilt = campaign();
    spoil(&mut spoilt);
    let error = store.put_campaign(&spoilt, &actor(), 9).await.unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
    assert_eq!(revision(store).await, Some(1));
    assert_eq!(store.campaign(&id()).await.unwrap(), before);
}

pub(crate) async fn a_failed_import_changes_nothing(db: Db) {
    let store = &db.store;
    store.put_campaign(&campaign(), &actor(), 1).await.unwrap();
    // The very last write of the transaction fails.
    let stop = if db.url.starts_with("sqlite") {
        "CREATE TRIGGER stop BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'stopped'); END"
    } else {
        "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'stopped'; END $$; \
         CREATE TRIGGER stop BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION stop()"
    };
    let go_on = if db.url.starts_with("sqlite") {
        "DROP TRIGGER stop"
    } else {
        "DROP TRIGGER stop ON audit"
    };
    let mut connection = connect(&db.url).await.unwrap();
    connection.execute(sqlx::raw_sql(stop)).await.unwrap();
    let mut next = campaign();
    "Never".clone_into(&mut next.definition.title);
    next.samples.clear();
    next.shipments.clear();
    next.experiments.iter_mut().for_each(|it| it.samples.clear());
    next.datasets.iter_mut().for_each(|it| it.samples.clear());
    next.quantities.clear();
    next.answers.push(answer("xrd", "homogeneity", Answer::Yes));
    let error = store.put_campaign(&next, &actor(), 2).await.unwrap_err().to_string();
    assert!(error.contains("stopped"), "{error}");
    assert_eq!(store.campaign(&id()).await.unwrap(), Some(campaign()));
    assert_eq!(revision(store).await, Some(1));
    // Afterwards the store goes on as if nothing had been tried.
    connection.execute(sqlx::raw_sql(go_on)).await.unwrap();
    connection.close().await.unwrap();
    assert_eq!(store.put_campaign(&next, &actor(), 3).await.unwrap().revision, 2);
    assert_eq!(store.campaign(&id()).await.unwrap(), Some(next));
}
