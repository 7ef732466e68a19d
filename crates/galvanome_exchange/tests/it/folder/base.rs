//! A small catalogue, and a small folder in which everything is right.

use std::collections::BTreeMap;

use galvanome_exchange::folder::{self, HeldFile, Problem};
use galvanome_model::campaign::Campaign;
use galvanome_model::catalogue::Catalogue;

pub(super) type Files = BTreeMap<String, Vec<u8>>;
pub(super) type Held = BTreeMap<String, HeldFile>;

pub(super) fn catalogue() -> Catalogue {
    toml::from_str(
        r#"
        [[observables]]
        id = "morphology"
        name = "Morphology"
        short_name = "Morphology"
        source = "a test"

        [[observables]]
        id = "crystal-structure"
        name = "Crystal structure"
        short_name = "Structure"
        source = "a test"

        [[techniques]]
        id = "xrd"
        name = "X-ray diffraction"
        short_name = "XRD"

        [[techniques.descriptors]]
        id = "xrd.lattice-a"
        name = "Lattice parameter a"
        unit = "angstrom"
        scale = "ratio"
        source = "a test"
        speaks_for = [{ observable = "crystal-structure", primary = true, delta = 5e-4 }]

        [[techniques]]
        id = "tem"
        name = "Electron microscopy"
        short_name = "TEM"

        [[techniques.descriptors]]
        id = "tem.brightness"
        name = "Brightness"
        unit = "arb:grey"
        scale = "difference"
        source = "a test"
        "#,
    )
    .unwrap()
}

const CAMPAIGN: &str = r#"format = 1
id = "small"
title = "A small campaign"

[[partner]]
id = "lab-a"
name = "Laboratory A"

[[partner]]
id = "lab-b"
name = "Laboratory B"

[[component]]
id = "cathode"
name = "Cathode"
thickness_m = 4e-5

[[group]]
id = "fresh"
name = "Fresh"

[[group]]
id = "aged"
name = "Aged"

[[question]]
id = "Q1"
name = "Ageing"
text = "Does ageing change it?"
kind = "difference"
reference = ["fresh"]
test = ["aged"]

[[question]]
id = "Q2"
name = "How much"
text = "By how much?"
kind = "value"
descriptor = "xrd.lattice-a"
target = "at 80 %"
parent = "Q1"

[[observable]]
id = "morphology"

[[observable]]
id = "crystal-structure"

[[technique]]
id = "xrd"
partners = ["lab-a"]
not_applicable = ["morphology"]

[[technique]]
id = "tem"

[technique.facts]
depth_max_m = 1e-7

[[margin]]
descriptor = "xrd.lattice-a"
observable = "crystal-structure"
delta = 1e-3
set_on = "2024-02-01"

[[fact]]
id = "experiments"
name = "Experiments"
value = 3
"#;

const TABLES: &[(&str, &str)] = &[
    (
        "samples.csv",
        "id,kind,component,group,parents,process,count,state_of_charge,surrogate,made_by,made_on,note
sheet,sheet,cathode,fresh,,coated,12,,,lab-a,2024-01-10,
cell,cell,,aged,sheet,assembled,,0.5,no,lab-a,2024-01-12T09:30:00Z,\"two
lines\"
piece,piece,cathode,aged,cell,cut,2,,yes,lab-b,,
",
    ),
    (
        "shipments.csv",
        "id,from,to,samples,sent_on,received_on,status,note
ship-1,lab-a,lab-b,cell;sheet,2024-02-01,,sent,
",
    ),
    (
        "experiments.csv",
        "id,technique,partner,instrument,mode,samples,status,started_on,ended_on,doi,note
xrd-1,xrd,lab-a,D8,ex_situ,piece,done,2024-03-01,2024-03-02,,
tem-1,tem,lab-b,,,piece,planned,,,,
",
    ),
    (
        "datasets.csv",
        "id,experiment,samples,role,derived_from,clock_offset_s,path,url,doi,bytes,sha256,license,visibility,note
raw,xrd-1,piece,raw,,,data/a.xy,,,5,03ba204e50d126e4674c005e04d82e84c21366780af1f43bd54a37816b6ab340,CC-BY-4.0,,
fit,xrd-1,piece,processed,raw,-1.5,,https://example.org/fit,,,,,partner,
",
    ),
    (
        "quantities.csv",
        "descriptor,component,group,sample,experiment,dataset,qualifier,value,uncertainty,unit,n,method,source
xrd.lattice-a,cathode,fresh,,xrd-1,raw,,2.878,0.001,angstrom,3,by hand,
xrd.lattice-a,,fresh;aged,,,,~,2.88,,arb:boxes,,,
tem.brightness,cathode,aged,piece,tem-1,,>,12,,arb:grey,,,
",
    ),
    (
        "answers.csv",
        "component,question,technique,observable,answer,certainty,author,answered_on,reason,experiment,evidence
cathode,Q1,xrd,crystal-structure,yes,explicit,ada,2024-04-01,a shift,xrd-1,raw;fit
cathode,Q1,xrd,*,unsure,implied,ada,,as a whole,,
cathode,Q1,tem,morphology,not_done,,ada,,,,
cathode,Q1,xrd,morphology,not_applicable,,ada,,,,
",
    ),
    (
        "gates.csv",
        "experiment,dataset,gate,reason,author,set_on,released_on
xrd-1,,no_cannot,one spot,ada,2024-04-02,
,raw,void,wrong sample,ada,2024-04-02,2024-04-03
",
    ),
    ("metadata/xrd-1.json", "{\"tube\": \"Cu\"}\n"),
    ("protocols/cutting.md", "Cut it.\n"),
];

/// The folder.
pub(super) fn files() -> Files {
    [("campaign.toml", CAMPAIGN)]
        .iter()
        .chain(TABLES)
        .map(|(file, text)| ((*file).to_owned(), text.as_bytes().to_vec()))
        .collect()
}

/// What lies under `data/`.
pub(super) fn held() -> Held {
    let sha256 = "03ba204e50d126e4674c005e04d82e84c21366780af1f43bd54a37816b6ab340".to_owned();
    [("data/a.xy".to_owned(), HeldFile { bytes: 5, sha256 })].into()
}

pub(super) fn read(files: &Files) -> Result<Campaign, Vec<Problem>> {
    folder::read(files, &held(), &catalogue())
}

/// Everything that is wrong with a folder, in words.
pub(super) fn problems(files: &Files) -> Vec<String> {
    read(files).err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

/// Replaces one text in one file of the good folder, and reads it.
pub(super) fn check(file: &str, from: &str, to: &str, expected: &[&str]) {
    let mut files = files();
    let text = String::from_utf8(files[file].clone()).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from:?} stands once in {file}");
    files.insert(file.to_owned(), text.replace(from, to).into_bytes());
    assert_eq!(problems(&files), expected, "{file}: {from:?} → {to:?}");
}
