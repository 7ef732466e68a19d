//! What is refused in `campaign.toml`, and in which words.

use super::base::check;

#[test]
fn definition() {
    check(
        "campaign.toml",
        "format = 1",
        "format = 2",
        &[
            "campaign.toml, line 1, key `format`: format 2 is newer than 1, the newest that this program reads; use a newer Galvanome",
        ],
    );
    check(
        "campaign.toml",
        "format = 1",
        "format = 0",
        &["campaign.toml, line 1, key `format`: there is no format 0; write format = 1"],
    );
    check(
        "campaign.toml",
        "format = 1",
        r#"format = "1""#,
        &[r#"campaign.toml, line 1, key `format`: is the text "1"; write a whole number"#],
    );
    check(
        "campaign.toml",
        "format = 1\n",
        "",
        &["campaign.toml, line 1, key `format`: is missing"],
    );
    check(
        "campaign.toml",
        r#"id = "small""#,
        r#"id = "small one""#,
        &[
            "campaign.toml, line 2, key `id`: `small one` is not an id: use 1 to 80 letters, digits, `-`, `_` or `.`, beginning with a letter or digit",
        ],
    );
    check(
        "campaign.toml",
        r#"title = "A small campaign""#,
        r#"titel = "A small campaign""#,
        &[
            "campaign.toml, line 1, key `title`: is missing",
            "campaign.toml, line 3, key `titel`: is not a key of campaign.toml; did you mean `title`?",
        ],
    );
    check(
        "campaign.toml",
        r#"name = "Laboratory B""#,
        "nmae = \"x\"\nplace = \"here\"\nname = \"Laboratory B\"",
        &[
            "campaign.toml, line 11, key `nmae`: is not a key of [[partner]]; did you mean `name`?",
            "campaign.toml, line 12, key `place`: is not a key of [[partner]]; the keys are id, name, country, note",
        ],
    );
    check(
        "campaign.toml",
        r#"name = "Laboratory B""#,
        "",
        &["campaign.toml, line 9, key `name`: is missing"],
    );
    check(
        "campaign.toml",
        "[[component]]",
        "[component]",
        &[
            "campaign.toml, line 13, key `component`: is not a list; write [[component]], with two brackets, for each one",
        ],
    );
    check(
        "campaign.toml",
        "[[component]]",
        "[[komponent]]",
        &[
            "campaign.toml, line 13, key `komponent`: is not a key of campaign.toml; did you mean `component`?",
        ],
    );
    check(
        "campaign.toml",
        r#"id = "lab-b""#,
        r#"id = "lab-a""#,
        &[
            "campaign.toml, line 10, key `id`: `lab-a` is the id of a [[partner]] above; give each its own",
            "samples.csv, row 4 (line 5), column `made_by`: `lab-b` is not a partner of this campaign; did you mean `lab-a`?",
            "shipments.csv, row 2, column `to`: `lab-b` is not a partner of this campaign; did you mean `lab-a`?",
            "experiments.csv, row 3, column `partner`: `lab-b` is not a partner of this campaign; did you mean `lab-a`?",
        ],
    );
    check(
        "campaign.toml",
        "thickness_m = 4e-5",
        r#"thickness_m = "40 um""#,
        &[r#"campaign.toml, line 16, key `thickness_m`: is the text "40 um"; write a number"#],
    );
    check(
        "campaign.toml",
        "thickness_m = 4e-5",
        "thickness_m = nan",
        &[
            "campaign.toml, line 16, key `thickness_m`: is not a thickness; write a number of metres above zero",
        ],
    );
    check(
        "campaign.toml",
        r#"kind = "difference""#,
        r#"kind = "different""#,
        &[
            "campaign.toml, line 30, key `kind`: `different` is not known here; use difference, value or link",
        ],
    );
    check(
        "campaign.toml",
        "reference = [\"fresh\"]\n",
        "",
        &[
            "campaign.toml, line 26, key `reference`: is missing or empty; a question of kind difference names the groups to compare with",
        ],
    );
    check(
        "campaign.toml",
        r#"test = ["aged"]"#,
        r#"test = ["aged", "fresh", "agde", "aged"]"#,
        &[
            "campaign.toml, line 32, key `test`: `agde` is not a group of this campaign; did you mean `aged`?",
            "campaign.toml, line 32, key `test`: names `aged` twice",
            "campaign.toml, line 32, key `test`: `fresh` is on both sides; compare it with another",
        ],
    );
    check(
        "campaign.toml",
        r#"test = ["aged"]"#,
        r#"test = "aged""#,
        &[
            r#"campaign.toml, line 32, key `test`: is the text "aged"; write a list in square brackets"#,
        ],
    );
    check(
        "campaign.toml",
        r#"text = "Does ageing change it?""#,
        "text = \"Does it?\"\nparent = \"Q2\"",
        &[
            "campaign.toml, line 30, key `parent`: `Q1` refines itself: Q1 → Q2 → Q1; take one of these parents out",
        ],
    );
    check(
        "campaign.toml",
        r#"parent = "Q1""#,
        r#"parent = "Q7""#,
        &[
            "campaign.toml, line 41, key `parent`: `Q7` is not a question of this campaign; did you mean `Q1`?",
        ],
    );
    check(
        "campaign.toml",
        r#"parent = "Q1""#,
        r#"parent = "Q2""#,
        &[
            "campaign.toml, line 41, key `parent`: `Q2` refines itself: Q2 → Q2; take one of these parents out",
        ],
    );
    check(
        "campaign.toml",
        "descriptor = \"xrd.lattice-a\"\ntarget",
        "descriptor = \"xrd.latice-a\"\ntarget",
        &[
            "campaign.toml, line 39, key `descriptor`: `xrd.latice-a` is not a descriptor of a technique of this campaign; did you mean `xrd.lattice-a`?",
        ],
    );
    check(
        "campaign.toml",
        "descriptor = \"xrd.lattice-a\"\ntarget = \"at 80 %\"",
        "",
        &[
            "campaign.toml, line 34, key `descriptor`: is missing or empty; a question of kind value names the descriptor asked for",
        ],
    );
    check(
        "campaign.toml",
        r#"kind = "value""#,
        r#"kind = "link""#,
        &[
            "campaign.toml, line 40, key `target`: is missing or empty; a question of kind link names its second descriptor",
        ],
    );
    check(
        "campaign.toml",
        r#"partners = ["lab-a"]"#,
        r#"partners = ["lab-c"]"#,
        &[
            "campaign.toml, line 51, key `partners`: `lab-c` is not a partner of this campaign; did you mean `lab-a`?",
        ],
    );
    check(
        "campaign.toml",
        "[technique.facts]\n",
        "",
        &[
            "campaign.toml, line 57, key `depth_max_m`: is not a key of [[technique]]; it belongs under [technique.facts]",
        ],
    );
    check(
        "campaign.toml",
        "depth_max_m = 1e-7",
        "depth_max_m = -1",
        &[
            "campaign.toml, line 58, key `depth_max_m`: must be a number, zero or above ([[technique]] `tem`)",
        ],
    );
    check(
        "campaign.toml",
        "depth_max_m = 1e-7",
        "depth_maximum = 1e-7",
        &[
            "campaign.toml, line 58, key `depth_maximum`: is not a key of [[technique]]; did you mean `depth_max_m`?",
        ],
    );
    check(
        "campaign.toml",
        r#"id = "tem""#,
        r#"id = "temm""#,
        &[
            "campaign.toml, line 54, key `name`: is missing, and the catalogue does not have this id: check its spelling, or give it a name ([[technique]] `temm`); did you mean `tem`?",
        ],
    );
    check(
        "campaign.toml",
        r#"not_applicable = ["morphology"]"#,
        r#"not_applicable = ["morphologie"]"#,
        &[
            "campaign.toml, line 52, key `not_applicable`: the campaign has no observable `morphologie` ([[technique]] `xrd`)",
        ],
    );
    check(
        "campaign.toml",
        "delta = 1e-3",
        "delta = 0",
        &[
            "campaign.toml, line 63, key `delta`: must be a number above zero ([[margin]] `xrd.lattice-a`)",
        ],
    );
    check(
        "campaign.toml",
        r#"set_on = "2024-02-01""#,
        r#"set_on = "1.2.2024""#,
        &[
            r#"campaign.toml, line 64, key `set_on`: `1.2.2024` is not an ISO 8601 date; write "2024-05-31""#,
        ],
    );
    check(
        "campaign.toml",
        r#"set_on = "2024-02-01""#,
        "set_on = 2024-02-01",
        &[
            "campaign.toml, line 64, key `set_on`: is a table, or a date without quotes; write a text between double quotes",
        ],
    );
    check(
        "campaign.toml",
        "observable = \"crystal-structure\"\ndelta",
        "observable = \"morphology\"\ndelta",
        &[
            "campaign.toml, line 62, key `observable`: `morphology` is not among what xrd.lattice-a speaks for; add it under [[descriptor]] speaks_for ([[margin]] `xrd.lattice-a`)",
        ],
    );
    check(
        "campaign.toml",
        "value = 3",
        "value = inf",
        &["campaign.toml, line 69, key `value`: is not a finite number"],
    );
    check(
        "campaign.toml",
        "value = 3",
        "value = ",
        &["campaign.toml, line 69: string values must be quoted, expected literal string"],
    );
}
