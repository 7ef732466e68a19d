//! Answers as history.

use galvanome_model::answer::Answer;
use galvanome_model::ids::CampaignId;
use galvanome_model::pixel::PixelKey;
use galvanome_model::record::{AnswerRecord, Given, Revision};

use crate::databases::Db;
use crate::example::{actor, answer, campaign, computed, id, revision};

/// What the folder says, revision by revision, when the store has some already; `expected` is what the store
/// has then. Each letter is one revision: `a`, `b`, `c` of one pixel, `A` of another, `1` of the first pixel by
/// experiment e1.
pub(crate) async fn folders_add_to_history(db: Db) {
    for (number, (stored, given, expected)) in [
        ("", "ab", "ab"),
        ("ab", "ab", "ab"),
        ("ab", "abc", "abc"),
        ("abc", "ab", "abc"),
        ("abc", "ac", "abc"),
        ("a", "b", "ab"),
        ("ab", "cb", "abcb"),
        ("abcb", "cb", "abcb"),
        ("a", "aa", "aa"),
        ("aA", "Aa", "aA"),
        ("aA", "abA", "aAb"),
        ("a1", "1ab", "a1b"),
        ("ab", "", "ab"),
        ("aA", "cA", "aAc"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut campaign = campaign();
        campaign.definition.id = CampaignId::new(&format!("case-{number}")).unwrap();
        let id = campaign.definition.id.clone();
        for (at, letters) in [stored, given].into_iter().enumerate() {
            campaign.answers = letters.chars().map(letter).collect();
            db.store.put_campaign(&campaign, &actor(), i64::try_from(at).unwrap()).await.unwrap();
        }
        let got = db.store.campaign(&id).await.unwrap().unwrap().answers;
        let expected: Vec<_> = expected.chars().map(letter).collect();
        assert_eq!(got, expected, "{stored:?} then {given:?}");
        // Whatever it was, the same folder adds nothing the next time, even when its digest is not at hand.
        campaign.answers.push(letter('z'));
        db.store.put_campaign(&campaign, &actor(), 3).await.unwrap();
        campaign.answers.pop();
        let again = db.store.put_campaign(&campaign, &actor(), 4).await.unwrap();
        assert_eq!(again.answers_added, 0, "{stored:?} then {given:?}, again");
    }
}

fn letter(letter: char) -> AnswerRecord {
    let (observable, experiment) = match letter {
        'A' => ("homogeneity", None),
        'z' => ("elsewhere", None),
        '1' => ("morphology", Some("e1".parse().unwrap())),
        _ => ("morphology", None),
    };
    AnswerRecord {
        reason: letter.to_string(),
        experiment,
        ..answer("xrd", observable, Answer::Unsure)
    }
}

fn pixel(technique: &str, observable: &str) -> PixelKey {
    PixelKey {
        component: "lno".parse().unwrap(),
        question: "sq2".parse().unwrap(),
        technique: technique.parse().unwrap(),
        observable: observable.parse().unwrap(),
    }
}

pub(crate) async fn experts_add_revisions(db: Db) {
    let store = &db.store;
    let unknown =
        store.add_answer(&id(), &answer("xrd", "morphology", Answer::Yes), &actor(), 1).await;
    assert!(unknown.unwrap_err().to_string().contains("no campaign `small`"));
    store.put_campaign(&campaign(), &actor(), 1).await.unwrap();
    let no = answer("xrd", "morphology", Answer::No);
    let yes = answer("xrd", "morphology", Answer::Yes);
    let first = store.add_answer(&id(), &no, &actor(), 10).await.unwrap();
    assert_eq!((first.seq, first.replaced, first.written_at_us), (3, None, 10));
    let second = store.add_answer(&id(), &yes, &actor(), 11).await.unwrap();
    assert_eq!((second.seq, second.replaced), (4, Some(3)));
    let by_e1 = AnswerRecord {
        experiment: Some("e1".parse().unwrap()),
        author: "A.\u{1f}B.".to_owned(),
        reason: "Control characters\u{1e} stay \u{1f}in it".to_owned(),
        ..no
    };
    let third = store.add_answer(&id(), &by_e1, &actor(), 12).await.unwrap();
    assert_eq!((third.seq, third.replaced), (5, None));
    let revisions = store.revisions_of_pixel(&id(), &pixel("xrd", "morphology")).await.unwrap();
    assert_eq!(revisions, [first, second, third]);
    assert_eq!(revision(store).await, Some(4));
    // The view has them all, the row statement among them, oldest first.
    let view =
        store.revisions_of_view(&id(), &"lno".parse().unwrap(), &"sq2".parse().unwrap()).await;
    let view = view.unwrap();
    assert_eq!(view.iter().map(|it| it.seq).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!(view[1].given, Given::Expert(campaign().answers[1].clone()));
    // A column has those on its observable.
    let (lno, sq2) = ("lno".parse().unwrap(), "sq2".parse().unwrap());
    for observable in ["morphology", "homogeneity"] {
        let observable = observable.parse().unwrap();
        let column = store.revisions_of_column(&id(), &lno, &sq2, &observable).await.unwrap();
        let of_view = |it: &&Revision| matches!(&it.given, Given::Expert(given) if given.observable.as_ref() == Some(&observable));
        assert_eq!(column, view.iter().filter(of_view).cloned().collect::<Vec<_>>());
    }
    let other =
        store.revisions_of_view(&id(), &"graphite".parse().unwrap(), &"sq2".parse().unwrap()).await;
    assert_eq!(other.unwrap(), []);
    // They are part of what is exported, and an older folder does not take them back.
    assert_eq!(store.campaign(&id()).await.unwrap().unwrap().answers.len(), 5);
    let mut older = campaign();
    "Older".clone_into(&mut older.definition.title);
    assert_eq!(store.put_campaign(&older, &actor(), 13).await.unwrap().answers_added, 0);
    assert_eq!(store.campaign(&id()).await.unwrap().unwrap().answers.len(), 5);

    for (record, expected) in [
        (AnswerRecord { component: "tin".parse().unwrap(), ..yes.clone() }, "component `tin`"),
        (AnswerRecord { question: "sq9".parse().unwrap(), ..yes.clone() }, "question `sq9`"),
        (AnswerRecord { technique: "nmr".parse().unwrap(), ..yes.clone() }, "technique `nmr`"),
        (
            AnswerRecord { experiment: Some("e9".parse().unwrap()), ..yes.clone() },
            "experiment `e9`",
        ),
    ] {
        let error = store.add_answer(&id(), &record, &actor(), 14).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    assert_eq!(revision(store).await, Some(5));
}

pub(crate) async fn computed_answers_add_what_differs(db: Db) {
    let store = &db.store;
    store.put_campaign(&campaign(), &actor(), 1).await.unwrap();
    // More pixels than fit into one statement.
    let observables: Vec<String> = (0..100).map(|number| format!("o{number}")).collect();
    let mut answers: Vec<_> =
        observables.iter().map(|observable| computed("xrd", observable, Answer::Yes)).collect();
    assert_eq!(store.put_computed(&id(), &answers, &actor(), 2).await.unwrap(), 100);
    assert_eq!(store.put_computed(&id(), &answers, &actor(), 3).await.unwrap(), 0);
    assert_eq!(revision(store).await, Some(2));
    answers[7].stale = true;
    answers[99].answer = Answer::No;
    assert_eq!(store.put_computed(&id(), &answers, &actor(), 4).await.unwrap(), 2);
    let revisions = store.revisions_of_pixel(&id(), &pixel("xrd", "o7")).await.unwrap();
    assert_eq!(revisions.len(), 2);
    assert_eq!(revisions[1].replaced, Some(revisions[0].seq));
    assert_eq!(revisions[1].given, Given::Computed(answers[7].clone()));
    // Two revisions of one pixel in one call replace each other; the same one twice is one.
    let no = computed("ndp", "homogeneity", Answer::No);
    let yes = computed("ndp", "homogeneity", Answer::Yes);
    let both = [no.clone(), no, yes];
    assert_eq!(store.put_computed(&id(), &both, &actor(), 5).await.unwrap(), 2);
    let revisions = store.revisions_of_pixel(&id(), &pixel("ndp", "homogeneity")).await.unwrap();
    // The expert's from the folder, and two computed ones, of which the first replaces nothing.
    assert_eq!(revisions.len(), 3);
    assert_eq!(revisions[1].replaced, None);
    assert_eq!(revisions[2].replaced, Some(revisions[1].seq));
    // They are not what a person wrote down: a folder does not carry them, and an import leaves them.
    assert_eq!(store.campaign(&id()).await.unwrap(), Some(campaign()));
    let mut next = campaign();
    next.answers.push(answer("ndp", "homogeneity", Answer::No));
    store.put_campaign(&next, &actor(), 6).await.unwrap();
    let revisions = store.revisions_of_pixel(&id(), &pixel("ndp", "homogeneity")).await.unwrap();
    assert_eq!(revisions.len(), 4);
    assert_eq!(revisions[3].replaced, Some(1));

    let mut infinite = computed("xrd", "o1", Answer::Yes);
    infinite.alpha = f64::NAN;
    let error = store.put_computed(&id(), &[infinite], &actor(), 7).await.unwrap_err().to_string();
    assert!(error.contains("not finite"), "{error}");
    let stray = computed("nmr", "o1", Answer::Yes);
    let error = store.put_computed(&id(), &[stray], &actor(), 8).await.unwrap_err().to_string();
    assert!(error.contains("technique `nmr`"), "{error}");
}
