//! Quantities of folders and of analyses.

use galvanome_model::quantity::Quantity;
use galvanome_store::{QuantityFilter, QuantityOrigin, Store};

use crate::databases::Db;
use crate::example::{actor, campaign, id, quantity, revision};

pub(crate) async fn computed_ones_are_replaced_and_not_exported(db: Db) {
    let store = &db.store;
    let mut given = campaign();
    let mut whole_cell = quantity("xrd.b", 4.0);
    (whole_cell.component, whole_cell.dataset, whole_cell.uncertainty) = (None, None, None);
    given.quantities.push(whole_cell);
    // A technique whose id begins with that of another.
    let mut longer = given.definition.techniques[0].clone();
    longer.id = "xrd.fast".parse().unwrap();
    given.definition.techniques.push(longer);
    given.quantities.push(quantity("xrd.fast.a", 5.0));
    store.put_campaign(&given, &actor(), 1).await.unwrap();

    let d1 = "d1".parse().unwrap();
    let made = [quantity("xrd.c", 1.0), quantity("xrd.d", 2.0)];
    let put = async |made: &[Quantity]| {
        store.put_computed_quantities(&id(), &d1, "xrd", made, &actor(), 2).await
    };
    assert!(put(&made).await.unwrap());
    assert!(!put(&made).await.unwrap());
    assert_eq!(revision(store).await, Some(2));
    let other = store.put_computed_quantities(&id(), &d1, "other", &made, &actor(), 3).await;
    assert!(other.unwrap());
    assert!(put(&[quantity("xrd.c", 9.0)]).await.unwrap());

    let filter = QuantityFilter::default();
    let all = [
        ("xrd.a", 2.878),
        ("ndp.depth", 1e-6),
        ("xrd.b", 4.0),
        ("xrd.fast.a", 5.0),
        ("xrd.c", 1.0),
        ("xrd.d", 2.0),
        ("xrd.c", 9.0),
    ];
    check(store, &filter, &all).await;
    let held = store.quantities(&id(), &filter).await.unwrap();
    let folder = held.iter().filter(|it| it.origin == QuantityOrigin::Folder).count();
    assert_eq!(folder, 4);
    let technique = Some("xrd".parse().unwrap());
    let of_xrd = [("xrd.a", 2.878), ("xrd.b", 4.0), ("xrd.c", 1.0), ("xrd.d", 2.0), ("xrd.c", 9.0)];
    check(store, &QuantityFilter { technique, ..filter.clone() }, &of_xrd).await;
    let graphite = Some("graphite".parse().unwrap());
    check(store, &QuantityFilter { component: graphite, ..filter.clone() }, &[("xrd.b", 4.0)])
        .await;
    let dataset = Some("d2".parse().unwrap());
    check(store, &QuantityFilter { dataset, ..filter.clone() }, &[]).await;

    // A folder does not carry them, and an import leaves them, as long as it lists their dataset.
    assert_eq!(store.campaign(&id()).await.unwrap().as_ref(), Some(&given));
    "Again".clone_into(&mut given.definition.title);
    store.put_campaign(&given, &actor(), 4).await.unwrap();
    check(store, &filter, &all).await;
    given.datasets.remove(0);
    given.datasets[0].derived_from.clear();
    given.gates.clear();
    given.quantities.truncate(3);
    given.quantities.remove(0);
    given.quantities[0].dataset = None;
    store.put_campaign(&given, &actor(), 5).await.unwrap();
    check(store, &filter, &[("ndp.depth", 1e-6), ("xrd.b", 4.0)]).await;

    let error = put(&made).await.unwrap_err().to_string();
    assert!(error.contains("dataset `d1`"), "{error}");
    let d2 = "d2".parse().unwrap();
    for (made, expected) in [
        (quantity("xrd.c", 1.0), "another dataset"),
        (
            Quantity {
                value: f64::NAN,
                dataset: Some("d2".parse().unwrap()),
                ..quantity("xrd.c", 1.0)
            },
            "not finite",
        ),
        (
            Quantity {
                sample: Some("s9".parse().unwrap()),
                dataset: Some("d2".parse().unwrap()),
                ..quantity("xrd.c", 1.0)
            },
            "sample `s9`",
        ),
    ] {
        let put = store.put_computed_quantities(&id(), &d2, "xrd", &[made], &actor(), 6).await;
        let error = put.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

async fn check(store: &Store, filter: &QuantityFilter, expected: &[(&str, f64)]) {
    let held = store.quantities(&id(), filter).await.unwrap();
    let mut got: Vec<(&str, f64)> =
        held.iter().map(|it| (it.quantity.descriptor.as_str(), it.quantity.value)).collect();
    // Computed ones come by dataset and analysis; here only which they are matters.
    let mut expected = expected.to_vec();
    let order = |a: &(&str, f64), b: &(&str, f64)| a.0.cmp(b.0).then(a.1.total_cmp(&b.1));
    got.sort_by(order);
    expected.sort_by(order);
    assert_eq!(got, expected);
}
