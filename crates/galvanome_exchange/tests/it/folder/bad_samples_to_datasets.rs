//! What is refused in the tables of samples, shipments, experiments and datasets, and in which words.

use super::base::check;

#[test]
fn samples() {
    check(
        "samples.csv",
        "sheet,sheet",
        "sheet!,sheet",
        &[
            "samples.csv, row 2, column `id`: `sheet!` is not an id: use 1 to 80 letters, digits, `-`, `_` or `.`, beginning with a letter or digit",
        ],
    );
    check(
        "samples.csv",
        "piece,piece",
        "cell,piece",
        &[
            "samples.csv, row 4 (line 5), column `id`: `cell` is the label of a row above; give each its own",
            "experiments.csv, row 2, column `samples`: `piece` is not a sample of this campaign; use sheet or cell, or add it to samples.csv",
            "experiments.csv, row 3, column `samples`: `piece` is not a sample of this campaign; use sheet or cell, or add it to samples.csv",
            "datasets.csv, row 2, column `samples`: `piece` is not a sample of this campaign; use sheet or cell, or add it to samples.csv",
            "datasets.csv, row 3, column `samples`: `piece` is not a sample of this campaign; use sheet or cell, or add it to samples.csv",
            "quantities.csv, row 4, column `sample`: `piece` is not a sample of this campaign; use sheet or cell, or add it to samples.csv",
        ],
    );
    check(
        "samples.csv",
        "cell,cell,,aged,sheet",
        "cell,cell,,aged,piece",
        &[
            "samples.csv, row 3, column `parents`: `cell` is made from itself: cell ← piece ← cell; one of these entries of `parents` is wrong",
        ],
    );
    check(
        "samples.csv",
        "cell,cell,,aged,sheet",
        "cell,cell,,aged,sheet;cell",
        &[
            "samples.csv, row 3, column `parents`: `cell` is made from itself: cell ← cell; one of these entries of `parents` is wrong",
        ],
    );
    check(
        "samples.csv",
        "cell,cell,,aged,sheet",
        "cell,cell,,aged,shet",
        &[
            "samples.csv, row 3, column `parents`: `shet` is not a sample of this campaign; did you mean `sheet`?",
        ],
    );
    check(
        "samples.csv",
        "cell,cell,,aged,sheet",
        "cell,cell,,aged,sheet;sheet",
        &["samples.csv, row 3, column `parents`: names `sheet` twice"],
    );
    check(
        "samples.csv",
        "cell,cell,,aged",
        "cell,,,agde",
        &[
            "samples.csv, row 3, column `kind`: is empty; write what it is: powder, sheet, cell, electrode, piece",
            "samples.csv, row 3, column `group`: `agde` is not a group of this campaign; did you mean `aged`?",
        ],
    );
    check(
        "samples.csv",
        "piece,piece,cathode",
        "piece,piece,anode",
        &[
            "samples.csv, row 4 (line 5), column `component`: `anode` is not a component of this campaign; use cathode, or add it to campaign.toml as [[component]]",
        ],
    );
    check(
        "samples.csv",
        ",12,",
        ",0,",
        &["samples.csv, row 2, column `count`: is zero; a row stands for at least one sample"],
    );
    check(
        "samples.csv",
        ",12,",
        ",-3,",
        &["samples.csv, row 2, column `count`: `-3` is not a whole number, zero or above"],
    );
    check(
        "samples.csv",
        ",0.5,no",
        ",80,perhaps",
        &[
            "samples.csv, row 3, column `state_of_charge`: is not a fraction; write a fraction from 0 to 1, such as 0.8 for 80 %",
            "samples.csv, row 3, column `surrogate`: `perhaps` is neither yes nor no",
        ],
    );
    check(
        "samples.csv",
        ",0.5,",
        r#","0,5","#,
        &[
            "samples.csv, row 3, column `state_of_charge`: `0,5` is not a number here; write a point for the decimal",
        ],
    );
    check(
        "samples.csv",
        "lab-b,,",
        "lab-b,12 May,",
        &[
            "samples.csv, row 4 (line 5), column `made_on`: `12 May` is not an ISO 8601 date; write 2024-05-31 or 2024-05-31T14:00:00+02:00",
        ],
    );
    check(
        "samples.csv",
        "id,kind",
        "id,kinds",
        &[
            "samples.csv, row 1, column `kinds`: is not a column of this table; did you mean `kind`?",
            "samples.csv, row 1, column `kind`: the column is missing; the header of samples.csv is id,kind,component,group,parents,process,count,state_of_charge,surrogate,made_by,made_on,note",
        ],
    );
    check(
        "samples.csv",
        "id,kind",
        "id,count,kind",
        &[
            "samples.csv, row 1, column `count`: the header has this column twice",
            "samples.csv, row 2: has 12 cells where the header has 13; write a comma for every empty cell too",
            "samples.csv, row 3: has 12 cells where the header has 13; write a comma for every empty cell too",
            "samples.csv, row 4 (line 5): has 12 cells where the header has 13; write a comma for every empty cell too",
        ],
    );
    check(
        "samples.csv",
        "id,kind",
        "id,colour,kind",
        &[
            "samples.csv, row 1, column `colour`: is not a column of this table; the columns are id, kind, component, group, parents, process, count, state_of_charge, surrogate, made_by, made_on, note; begin the name of a column of your own with `x_`",
            "samples.csv, row 2: has 12 cells where the header has 13; write a comma for every empty cell too",
            "samples.csv, row 3: has 12 cells where the header has 13; write a comma for every empty cell too",
            "samples.csv, row 4 (line 5): has 12 cells where the header has 13; write a comma for every empty cell too",
        ],
    );
    check(
        "samples.csv",
        "cut,2,,yes,lab-b,,",
        "cut,2,,yes,lab-b,",
        &[
            "samples.csv, row 4 (line 5): has 11 cells where the header has 12; write a comma for every empty cell too",
        ],
    );
    check(
        "samples.csv",
        "cut,2,,yes,lab-b,,",
        "cut,2,,yes,lab-b,,a,b",
        &[
            "samples.csv, row 4 (line 5): has 13 cells where the header has 12; put a cell that holds a comma between double quotes",
        ],
    );
    check(
        "samples.csv",
        r#"lines""#,
        "lines",
        &[
            "samples.csv, row 3, column `note`: the double quote that opens this cell is never closed; nothing after it was read; close it, and write a double quote within a cell twice",
        ],
    );
    check(
        "samples.csv",
        r#"lines""#,
        r#"lines" three"#,
        &[
            "samples.csv, row 3, column `note`: text follows the closing double quote of this cell; write a double quote within a quoted cell twice",
        ],
    );
}

#[test]
fn shipments() {
    check(
        "shipments.csv",
        "lab-a,lab-b",
        "lab-a,lab-c",
        &[
            "shipments.csv, row 2, column `to`: `lab-c` is not a partner of this campaign; did you mean `lab-a`?",
        ],
    );
    check(
        "shipments.csv",
        "lab-a,lab-b",
        "lab-a,",
        &["shipments.csv, row 2, column `to`: is empty"],
    );
    check(
        "shipments.csv",
        ",sent,",
        ",gone,",
        &[
            "shipments.csv, row 2, column `status`: `gone` is not the status of a shipment; use planned, sent, accepted, declined, late, lost or returned",
        ],
    );
    check(
        "shipments.csv",
        "cell;sheet",
        "cell;sheets",
        &[
            "shipments.csv, row 2, column `samples`: `sheets` is not a sample of this campaign; did you mean `sheet`?",
        ],
    );
}

#[test]
fn experiments() {
    check(
        "experiments.csv",
        "xrd-1,xrd",
        "xrd-1,xrdd",
        &[
            "experiments.csv, row 2, column `technique`: `xrdd` is not a technique of this campaign; did you mean `xrd`?",
        ],
    );
    check(
        "experiments.csv",
        "xrd-1,xrd",
        "xrd-1,",
        &["experiments.csv, row 2, column `technique`: is empty"],
    );
    check(
        "experiments.csv",
        "ex_situ",
        "ex situ",
        &[
            "experiments.csv, row 2, column `mode`: `ex situ` is not a mode; use ex_situ, in_situ or operando",
        ],
    );
    check(
        "experiments.csv",
        "done",
        "finished",
        &[
            "experiments.csv, row 2, column `status`: `finished` is not the status of an experiment; use planned, accepted, measured, analysed, done or abandoned",
        ],
    );
    check(
        "experiments.csv",
        "planned",
        "abandoned",
        &[
            "experiments.csv, row 3, column `note`: is empty; an abandoned experiment says why it was given up",
        ],
    );
    check(
        "experiments.csv",
        "planned",
        "",
        &[
            "experiments.csv, row 3, column `status`: is empty; use planned, accepted, measured, analysed, done or abandoned",
        ],
    );
    check(
        "experiments.csv",
        "2024-03-02",
        "2024-02-30",
        &[
            "experiments.csv, row 2, column `ended_on`: `2024-02-30` is not an ISO 8601 date; write 2024-05-31 or 2024-05-31T14:00:00+02:00",
        ],
    );
}

#[test]
fn datasets() {
    check(
        "datasets.csv",
        "data/a.xy",
        "data/../../a.xy",
        &[
            "datasets.csv, row 2, column `path`: `data/../../a.xy` leaves the campaign folder with `..`; write it as data/…, with `/` between folders, and put the file there",
            "data/a.xy: no row of datasets.csv names this file; add a row for it, or take the file out of the folder",
        ],
    );
    check(
        "datasets.csv",
        "data/a.xy",
        "/data/a.xy",
        &[
            "datasets.csv, row 2, column `path`: `/data/a.xy` is an absolute path; write it as data/…, with `/` between folders, and put the file there",
            "data/a.xy: no row of datasets.csv names this file; add a row for it, or take the file out of the folder",
        ],
    );
    check(
        "datasets.csv",
        "data/a.xy",
        "data\\\\a.xy",
        &[
            "datasets.csv, row 2, column `path`: `data\\\\a.xy` has a backslash; write it as data/…, with `/` between folders, and put the file there",
            "data/a.xy: no row of datasets.csv names this file; add a row for it, or take the file out of the folder",
        ],
    );
    check(
        "datasets.csv",
        "data/a.xy",
        "C:/data/a.xy",
        &[
            "datasets.csv, row 2, column `path`: `C:/data/a.xy` is an absolute path; write it as data/…, with `/` between folders, and put the file there",
            "data/a.xy: no row of datasets.csv names this file; add a row for it, or take the file out of the folder",
        ],
    );
    check(
        "datasets.csv",
        "data/a.xy",
        "a.xy",
        &[
            "datasets.csv, row 2, column `path`: `a.xy` is not under data/; write it as data/…, with `/` between folders, and put the file there",
            "data/a.xy: no row of datasets.csv names this file; add a row for it, or take the file out of the folder",
        ],
    );
    check(
        "datasets.csv",
        "data/a.xy",
        "data/b.xy",
        &[
            "datasets.csv, row 2, column `path`: there is no file `data/b.xy` in the folder; did you mean `data/a.xy`?",
            "data/a.xy: no row of datasets.csv names this file; add a row for it, or take the file out of the folder",
        ],
    );
    check(
        "datasets.csv",
        ",5,",
        ",6,",
        &[
            "datasets.csv, row 2, column `bytes`: says 6 bytes, but `data/a.xy` has 5; the file was changed or cut off; get the right one, or correct the row",
        ],
    );
    check(
        "datasets.csv",
        ",5,",
        ",5.0,",
        &["datasets.csv, row 2, column `bytes`: `5.0` is not a whole number, zero or above"],
    );
    check(
        "datasets.csv",
        "03ba204e",
        "03ba204f",
        &[
            "datasets.csv, row 2, column `sha256`: is not the checksum of `data/a.xy`, which is 03ba204e50d126e4674c005e04d82e84c21366780af1f43bd54a37816b6ab340; the file was changed; get the right one, or correct the row",
        ],
    );
    check(
        "datasets.csv",
        "03ba204e",
        "03ba",
        &[
            "datasets.csv, row 2, column `sha256`: is not a SHA-256 checksum; write its 64 hexadecimal digits",
        ],
    );
    check(
        "datasets.csv",
        "processed,raw,-1.5",
        "processed,raw;fit,nan",
        &[
            "datasets.csv, row 3, column `clock_offset_s`: `nan` is not a number here; use a finite number",
            "datasets.csv, row 3, column `derived_from`: `fit` is derived from itself: fit ← fit; one of these entries of `derived_from` is wrong",
        ],
    );
    check(
        "datasets.csv",
        "processed,raw",
        "processed,rwa",
        &[
            "datasets.csv, row 3, column `derived_from`: `rwa` is not a dataset of this campaign; did you mean `raw`?",
        ],
    );
    check(
        "datasets.csv",
        "fit,xrd-1",
        "fit,xrd-2",
        &[
            "datasets.csv, row 3, column `experiment`: `xrd-2` is not an experiment of this campaign; did you mean `xrd-1`?",
        ],
    );
}
