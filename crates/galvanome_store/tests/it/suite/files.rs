//! Bytes.

use futures_util::TryStreamExt as _;
use galvanome_store::{AuditState, ObjectId, StoreError};

use crate::databases::Db;
use crate::example::actor;

pub(crate) async fn bytes_are_kept_once(db: Db) {
    let store = &db.store;
    let bytes = b"what the instrument said".to_vec();
    let id = store.put_object(bytes.clone(), &actor(), 1).await.unwrap();
    assert_eq!(id, ObjectId::of(&bytes));
    assert_eq!(store.put_object_from(bytes.as_slice(), &actor(), 2).await.unwrap(), id);
    assert!(store.has_object(&id.sha256).await.unwrap());
    assert_eq!(store.object(&id.sha256).await.unwrap(), bytes);
    assert_eq!(store.object_range(&id.sha256, 5..8).await.unwrap(), b"the");
    assert_eq!(store.object_range(&id.sha256, 20..99).await.unwrap(), b"said");
    assert_eq!(store.object_range(&id.sha256, 3..3).await.unwrap(), b"");
    // The second time nothing was written.
    assert_eq!(store.verify_audit().await.unwrap(), AuditState::Whole { entries: 1 });

    // Larger than one piece, from a reader; twice, so that the second finds it there.
    let large: Vec<u8> = (0..9_000_000_u32).map(|number| (number / 7) as u8).collect();
    for _ in 0..2 {
        let id = store.put_object_from(large.as_slice(), &actor(), 3).await.unwrap();
        assert_eq!(id, ObjectId::of(&large));
        let pieces: Vec<Vec<u8>> =
            store.object_stream(&id.sha256).await.unwrap().try_collect().await.unwrap();
        assert_eq!(pieces.concat(), large);
    }
    let empty = store.put_object(Vec::new(), &actor(), 4).await.unwrap();
    assert_eq!(store.object(&empty.sha256).await.unwrap(), b"");

    // Nothing is left beside the objects, which lie under their checksums.
    let file = store.object_file(&id.sha256).unwrap();
    let (first, rest) = id.sha256.split_at(2);
    assert!(file.ends_with(format!("{first}/{rest}")));
    let incoming = file.parent().unwrap().parent().unwrap().join("incoming");
    assert_eq!(std::fs::read_dir(incoming).map_or(0, Iterator::count), 0);

    // A disk that lost bytes is noticed; the same bytes put again mend it.
    std::fs::write(&file, b"what the instrument sayd").unwrap();
    let damaged = store.object(&id.sha256).await.unwrap_err();
    assert!(matches!(damaged, StoreError::Damaged { .. }), "{damaged}");
    std::fs::write(&file, b"what").unwrap();
    store.put_object(bytes.clone(), &actor(), 5).await.unwrap();
    assert_eq!(store.object(&id.sha256).await.unwrap(), bytes);

    let absent = ObjectId::of(b"absent").sha256;
    for asked in [absent.as_str(), "../../etc/passwd", "", "ab", "ÄÖ"] {
        assert!(!store.has_object(asked).await.unwrap());
        let error = store.object(asked).await.unwrap_err();
        assert!(matches!(error, StoreError::NoObject { .. }), "{error}");
        assert_eq!(store.object_file(asked), None);
    }
}
