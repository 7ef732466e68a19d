//! Nothing is lost on the way into a folder and back.

use std::collections::BTreeMap;

use galvanome_exchange::folder::{self, HeldFile};
use galvanome_model::campaign::Campaign;
use proptest::prelude::*;

use super::base::{Held, catalogue, files, read};
use super::campaigns::campaign;

/// The files that the datasets of a campaign name.
fn held(campaign: &Campaign) -> Held {
    let named = campaign.datasets.iter().filter(|dataset| !dataset.path.is_empty());
    named
        .map(|dataset| {
            let file = HeldFile {
                bytes: dataset.bytes.unwrap_or_default(),
                sha256: dataset.sha256.to_ascii_lowercase(),
            };
            (dataset.path.clone(), file)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_campaign_comes_back_as_it_was(campaign in campaign()) {
        let written = folder::write(&campaign);
        let back = match folder::read(&written, &held(&campaign), &catalogue()) {
            Ok(back) => back,
            Err(problems) => {
                let text = String::from_utf8_lossy(&written["campaign.toml"]).into_owned();
                return Err(TestCaseError::fail(format!("{problems:#?}\n{text}")));
            }
        };
        prop_assert_eq!(&back, &campaign);
        prop_assert_eq!(folder::write(&back), written);
    }
}

#[test]
fn the_written_folder_is_pleasant_to_read() {
    let written = folder::write(&read(&files()).unwrap());
    let text = |file: &str| String::from_utf8(written[file].clone()).unwrap();
    insta::assert_snapshot!("campaign_toml", text("campaign.toml"));
    let names: Vec<&str> = written.keys().map(String::as_str).collect();
    let tables: BTreeMap<&str, String> = names
        .into_iter()
        .filter(|name| *name != "campaign.toml" && !name.contains('/'))
        .map(|name| (name, text(name)))
        .collect();
    let tables: Vec<String> =
        tables.into_iter().map(|(name, text)| format!("--- {name}\n{text}")).collect();
    insta::assert_snapshot!("tables", tables.concat());
}

#[test]
fn an_optional_column_is_written_only_when_it_is_used() {
    let mut campaign = read(&files()).unwrap();
    let header = |campaign: &Campaign, file: &str| {
        let text = String::from_utf8(folder::write(campaign)[file].clone()).unwrap();
        text.lines().next().unwrap_or_default().to_owned()
    };
    assert!(header(&campaign, "answers.csv").ends_with(",experiment,evidence"));
    campaign.answers[1].visibility = "partner".to_owned().into();
    campaign.answers[2].extra.insert("x_seen".to_owned(), "by me".to_owned());
    assert!(header(&campaign, "answers.csv").ends_with(",evidence,visibility,x_seen"));
    assert!(header(&campaign, "quantities.csv").ends_with(",method,source"));
    assert_eq!(
        folder::read(&folder::write(&campaign), &held(&campaign), &catalogue()),
        Ok(campaign)
    );
}
