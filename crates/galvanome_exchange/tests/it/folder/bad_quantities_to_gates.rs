//! What is refused in the tables of quantities, answers and gates, and in which words.

use super::base::check;

#[test]
fn quantities() {
    check(
        "quantities.csv",
        "xrd.lattice-a,cathode",
        "xrd.lattice-b,cathode",
        &[
            "quantities.csv, row 2, column `descriptor`: `xrd.lattice-b` is not a descriptor of a technique of this campaign; did you mean `xrd.lattice-a`?",
        ],
    );
    check(
        "quantities.csv",
        "angstrom",
        "nm",
        &[
            "quantities.csv, row 2, column `unit`: `nm` is not the unit of `xrd.lattice-a`; write the value in `angstrom`, or in `arb:SCALE` for arbitrary units",
        ],
    );
    check(
        "quantities.csv",
        "angstrom",
        "",
        &["quantities.csv, row 2, column `unit`: is empty; write the value in `angstrom`"],
    );
    check(
        "quantities.csv",
        "arb:boxes",
        "arb:",
        &[
            "quantities.csv, row 3, column `unit`: names no scale; write `arb:` and the scale's name",
        ],
    );
    check(
        "quantities.csv",
        "arb:grey",
        "arb:gray",
        &[
            "quantities.csv, row 4, column `unit`: `arb:gray` is not the unit of `tem.brightness`; write the value in `arb:grey`",
        ],
    );
    check(
        "quantities.csv",
        "2.878",
        "nan",
        &["quantities.csv, row 2, column `value`: `nan` is not a number here; use a finite number"],
    );
    check(
        "quantities.csv",
        "2.878",
        r#""2,878""#,
        &[
            "quantities.csv, row 2, column `value`: `2,878` is not a number here; write a point for the decimal",
        ],
    );
    check(
        "quantities.csv",
        "2.878",
        "2.878 A",
        &[
            "quantities.csv, row 2, column `value`: `2.878 A` is not a number here; write digits with a decimal point; units have their own column",
        ],
    );
    check(
        "quantities.csv",
        "2.878",
        "",
        &[
            "quantities.csv, row 2, column `value`: is empty; leave the row out when there is no number",
        ],
    );
    check(
        "quantities.csv",
        "0.001",
        "-0.001",
        &[
            "quantities.csv, row 2, column `uncertainty`: is negative; a standard uncertainty is zero or above; leave it empty when it is not stated",
        ],
    );
    check(
        "quantities.csv",
        "0.001",
        "inf",
        &[
            "quantities.csv, row 2, column `uncertainty`: `inf` is not a number here; use a finite number",
        ],
    );
    check(
        "quantities.csv",
        "angstrom,3",
        "angstrom,0",
        &[
            "quantities.csv, row 2, column `n`: is zero; leave it empty when the number of specimens is not stated",
        ],
    );
    check(
        "quantities.csv",
        "angstrom,3",
        "angstrom,three",
        &["quantities.csv, row 2, column `n`: `three` is not a whole number, zero or above"],
    );
    check(
        "quantities.csv",
        ",>,",
        ",>=,",
        &["quantities.csv, row 4, column `qualifier`: `>=` is not a qualifier; use =, <, > or ~"],
    );
    check(
        "quantities.csv",
        "piece,tem-1",
        "piece,xrd-1",
        &[
            "quantities.csv, row 4, column `experiment`: `xrd-1` is an experiment with `xrd`, not `tem`",
        ],
    );
    check(
        "quantities.csv",
        "piece,tem-1,",
        "piece,tem-1,raw",
        &[
            "quantities.csv, row 4, column `dataset`: `raw` belongs to experiment `xrd-1`, not `tem-1`",
        ],
    );
}

#[test]
fn answers() {
    check(
        "answers.csv",
        ",yes,",
        ",maybe,",
        &[
            "answers.csv, row 2, column `answer`: `maybe` is not an answer; use yes, no, unsure, not_done or not_applicable",
        ],
    );
    check(
        "answers.csv",
        ",yes,",
        ",pending,",
        &[
            "answers.csv, row 2, column `answer`: `pending` is not an answer; leave the row out: a pixel is pending while nobody has answered",
        ],
    );
    check(
        "answers.csv",
        ",yes,",
        ",,",
        &[
            "answers.csv, row 2, column `answer`: is empty; use yes, no, unsure, not_done or not_applicable",
        ],
    );
    check(
        "answers.csv",
        "a shift",
        "",
        &["answers.csv, row 2, column `reason`: is empty; an expert's yes has a written reason"],
    );
    check(
        "answers.csv",
        "yes,explicit,ada",
        "yes,explicit,",
        &["answers.csv, row 2, column `author`: is empty; an answer is given by somebody"],
    );
    check(
        "answers.csv",
        "implied",
        "perhaps",
        &[
            "answers.csv, row 3, column `certainty`: `perhaps` is not a certainty; use explicit or implied",
        ],
    );
    check(
        "answers.csv",
        "xrd-1,raw;fit",
        "tem-1,raw;fit",
        &[
            "answers.csv, row 2, column `experiment`: `tem-1` is an experiment with `tem`, not `xrd`",
        ],
    );
    check(
        "answers.csv",
        ",not_applicable,,ada,,,",
        ",no,,ada,,smooth,",
        &[
            "answers.csv, row 5, column `answer`: `no`, but campaign.toml says that `xrd` cannot see `morphology`; take it out of the technique's `not_applicable`, or this row out",
        ],
    );
    check(
        "answers.csv",
        "cathode,Q1,xrd,crystal-structure",
        "cathod,Q9,sem,crystal",
        &[
            "answers.csv, row 2, column `component`: `cathod` is not a component of this campaign; did you mean `cathode`?",
            "answers.csv, row 2, column `question`: `Q9` is not a question of this campaign; did you mean `Q1`?",
            "answers.csv, row 2, column `technique`: `sem` is not a technique of this campaign; did you mean `tem`?",
            "answers.csv, row 2, column `observable`: `crystal` is not an observable of this campaign; did you mean `crystal-structure`?",
        ],
    );
    check(
        "answers.csv",
        "2024-04-01",
        "April",
        &[
            "answers.csv, row 2, column `answered_on`: `April` is not an ISO 8601 date; write 2024-05-31 or 2024-05-31T14:00:00+02:00",
        ],
    );
}

#[test]
fn gates() {
    check(
        "gates.csv",
        "xrd-1,,no_cannot,one spot,ada",
        ",,no_can,,",
        &[
            "gates.csv, row 2, column `experiment`: neither experiment nor dataset is named; name the experiment, or the one dataset, that it bars",
            "gates.csv, row 2, column `gate`: `no_can` is not a gate; use void, inflate, no_cannot or yes_cannot",
            "gates.csv, row 2, column `reason`: is empty; a gate says why it bars answers",
            "gates.csv, row 2, column `author`: is empty; a gate is set by somebody",
        ],
    );
    check(
        "gates.csv",
        ",raw,void",
        "tem-1,raw,void",
        &["gates.csv, row 3, column `dataset`: `raw` belongs to experiment `xrd-1`, not `tem-1`"],
    );
}

#[test]
fn metadata_forms() {
    check(
        "metadata/xrd-1.json",
        r#""Cu""#,
        "Cu",
        &["metadata/xrd-1.json, line 1: is not JSON: expected value at line 1 column 10"],
    );
}
