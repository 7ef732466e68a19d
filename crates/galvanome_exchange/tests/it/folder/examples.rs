//! The examples of the repository, read with the shipped catalogue.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use galvanome_exchange::folder::{self, HeldFile};
use galvanome_model::answer::Answer;
use galvanome_model::campaign::{Campaign, QuestionKind};
use galvanome_model::catalogue::{Catalogue, Observable, Technique};
use galvanome_model::experiment::{ExperimentStatus, Gate};
use galvanome_model::sample::Shipment;
use galvanome_model::visibility::Visibility;
use sha2::{Digest, Sha256};

use super::base::{Files, Held};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The shipped catalogue, from its files: this crate must not know the one that carries them.
fn shipped() -> Catalogue {
    #[derive(serde::Deserialize)]
    struct Observables {
        observables: Vec<Observable>,
    }
    let folder = root().join("crates/galvanome_techniques/src");
    let text = std::fs::read_to_string(folder.join("observables.toml")).unwrap();
    let observables: Observables = toml::from_str(&text).unwrap();
    let mut techniques: Vec<Technique> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().join("technique.toml"))
        .filter(|path| path.is_file())
        .map(|path| toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
        .collect();
    techniques.sort_by_key(|technique| technique.row);
    Catalogue { observables: observables.observables, techniques, margins: Vec::new() }
}

/// The files of a folder, as a program that knows the file system hands them over.
fn open(folder: &Path) -> (Files, Held) {
    fn walk(folder: &Path, below: &str, files: &mut Files, held: &mut Held) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{below}{}", path.file_name().unwrap().to_string_lossy());
            if path.is_dir() {
                walk(&path, &format!("{name}/"), files, held);
            } else if folder::is_text(&name) {
                files.insert(name, std::fs::read(&path).unwrap());
            } else if name.starts_with("data/") {
                let bytes = std::fs::read(&path).unwrap();
                assert!(bytes.len() <= 16 * 1024, "{name} is too large for a fixture");
                let digits = Sha256::digest(&bytes);
                let digits: Vec<String> = digits.iter().map(|byte| format!("{byte:02x}")).collect();
                let sha256 = digits.concat();
                held.insert(name, HeldFile { bytes: bytes.len() as u64, sha256 });
            }
        }
    }
    let (mut files, mut held) = (Files::new(), Held::new());
    walk(folder, "", &mut files, &mut held);
    (files, held)
}

fn examples() -> BTreeMap<String, Campaign> {
    let mut campaigns = BTreeMap::new();
    for entry in std::fs::read_dir(root().join("examples")).unwrap() {
        let path = entry.unwrap().path();
        if !path.join("campaign.toml").is_file() {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (files, held) = open(&path);
        let campaign = folder::read(&files, &held, &shipped()).unwrap_or_else(|problems| {
            let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("{name}:\n{}", texts.join("\n"))
        });
        let again = folder::read(&folder::write(&campaign), &held, &shipped());
        assert_eq!(again.as_ref(), Ok(&campaign), "{name} is not the same after a round trip");
        campaigns.insert(name, campaign);
    }
    campaigns
}

#[test]
fn every_example_is_read_and_comes_back_as_it_was() {
    let names: Vec<String> = examples()
        .into_iter()
        .map(|(name, campaign)| {
            assert_eq!(campaign.definition.id.as_str(), name, "the folder bears the campaign's id");
            name
        })
        .collect();
    assert_eq!(names, ["invented-solid-state", "lno-graphite"]);
}

/// The second example is there so that nothing is built around the first: it must be unlike it.
#[test]
fn the_invented_example_says_so_and_is_unlike_the_papers() {
    let campaigns = examples();
    let (first, second) = (&campaigns["lno-graphite"], &campaigns["invented-solid-state"]);
    let definition = &second.definition;
    assert!(definition.invented && !first.definition.invented);
    let readme = root().join("examples/invented-solid-state/README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    for text in [&definition.title, &definition.description, &readme] {
        assert!(text.to_lowercase().contains("invented"), "{text}");
    }
    for partner in &definition.partners {
        assert!(partner.name.contains("(invented)"), "{}", partner.name);
    }
    for author in second.answers.iter().map(|answer| &answer.author) {
        assert!(author.contains("(invented)"), "{author}");
    }

    assert_eq!(definition.components.len(), 3);
    let kinds: Vec<QuestionKind> = definition.questions.iter().map(|one| one.kind).collect();
    let difference = QuestionKind::Difference;
    assert_eq!(kinds, [difference, difference, QuestionKind::Value, QuestionKind::Link]);
    assert!(definition.questions.iter().any(|question| question.parent.is_some()));
    let shipped = shipped();
    let own = |known: bool| usize::from(!known);
    let own_columns: usize =
        definition.observables.iter().map(|one| own(shipped.observable(&one.id).is_some())).sum();
    let own_rows: usize =
        definition.techniques.iter().map(|one| own(shipped.technique(&one.id).is_some())).sum();
    assert_eq!((own_columns, own_rows), (4, 1));

    for status in ExperimentStatus::ALL {
        assert!(second.experiments.iter().any(|one| one.status == status), "{}", status.word());
    }
    assert!(second.shipments.iter().any(Shipment::is_on_its_way));
    assert!(second.samples.iter().any(|sample| sample.surrogate));
    assert!(second.gates.iter().any(Gate::is_closed) && !second.gates.iter().all(Gate::is_closed));
    for hidden in [Visibility::Partner, "alloy-team".to_owned().into()] {
        assert!(second.answers.iter().any(|one| one.visibility == hidden));
        assert!(second.quantities.iter().any(|one| one.visibility == hidden));
        assert!(second.datasets.iter().any(|one| one.visibility == hidden));
    }
    let said = |experiment: &str, answer: Answer| {
        second.answers.iter().any(|one| {
            one.question.as_str() == "heat"
                && one.answer == answer
                && one.observable.as_ref().is_some_and(|one| one.as_str() == "voids")
                && one.experiment.as_ref().is_some_and(|one| one.as_str() == experiment)
        })
    };
    assert!(said("ct-ring", Answer::Yes) && said("ct-quarry", Answer::No));
    let files = second.datasets.iter().filter(|one| one.role == "cycler" && !one.path.is_empty());
    assert_eq!(files.count(), 7);
}
