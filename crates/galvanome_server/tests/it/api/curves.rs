//! Curves, rows and files of datasets over HTTP.

use super::client::{ask, get};

const DATASET: &str = "/api/v1/campaigns/invented-solid-state/datasets/cycler-cell-25-1";
const PAGE: &str = "/c/invented-solid-state/datasets/cycler-cell-25-1";

#[test]
fn every_curve_comes_in_every_form() {
    for curve in ["time", "cycle", "charge", "dqdv"] {
        for (form, kind, begins) in [
            ("bin", "application/octet-stream", &b"GVW1"[..]),
            ("json", "application/json", b"{\"schema\":1"),
            ("csv", "text/csv; charset=utf-8", b"c"),
            ("svg", "image/svg+xml", b"<svg "),
            ("png", "image/png", b"\x89PNG"),
        ] {
            let path = format!("{DATASET}/curves/{curve}.{form}?width=200");
            let reply = get(&path);
            assert_eq!(reply.status, 200, "{path}: {}", String::from_utf8_lossy(&reply.body));
            assert_eq!(reply.header("content-type"), kind, "{path}");
            assert!(reply.body.starts_with(begins), "{path}");
            let tag = reply.header("etag").to_owned();
            assert_eq!(ask("GET", &path, &[("if-none-match", &tag)]).status, 304, "{path}");
        }
    }
}

#[test]
fn a_window_holds_the_rows_within_and_one_on_either_side() {
    let path = format!("{DATASET}/curves/time.json?columns=voltage_volt&from=1000&to=3000");
    let found = get(&path).json();
    assert_eq!(found["series"][0]["name"], "voltage_volt");
    assert_eq!(found["series"][0]["x"].to_string(), "[0.0,1177.0,2355.0,3532.0]");
    assert_eq!(found["series"][0]["whole"], true);
    let table =
        get(&format!("{DATASET}/curves/time.csv?columns=voltage_volt,current_ampere&to=1500"));
    assert_eq!(
        table.text(),
        "curve_time_second,voltage_volt,current_ampere\n0,2.2147,0.0003\n1177,2.3222,0.0003\n2355,2.4682,0.0003\n"
    );
    assert!(table.header("content-disposition").contains("cycler-cell-25-1-time.csv"));
}

#[test]
fn what_is_wrong_is_said() {
    for (path, status, part) in [
        (
            format!("{DATASET}/curves/nothing.bin"),
            404,
            "there are time, cycle, charge, dqdv, nyquist, bode, spectrum and profile",
        ),
        (format!("{DATASET}/curves/time.bin?columns=nothing"), 404, "there are voltage_volt"),
        (format!("{DATASET}/curves/charge.bin?cycles=99"), 404, "cycle `99`"),
        (format!("{DATASET}/curves/charge.bin?cycles=x"), 400, "`x` is no number"),
        (format!("{DATASET}/curves/time.bin?from=x"), 400, "from"),
        (format!("{DATASET}/curves/time.bin?table=nothing"), 404, "there are records"),
        (format!("{DATASET}/curves/nyquist.bin?spectra=1"), 404, "spectrum `1`"),
        (format!("{DATASET}/curves/bode.bin?spectra=x"), 400, "`x` is no number of a spectrum"),
        (format!("{DATASET}/curves/bode.bin?columns=x"), 404, "there are absolute_impedance_ohm"),
        (format!("{DATASET}/curves/spectrum.bin?signal=0"), 404, "signal `0`"),
        (format!("{DATASET}/curves/spectrum.bin?spectra=0"), 400, "counted from 1"),
        (format!("{DATASET}/curves/profile.bin"), 404, "image `0`"),
        (format!("{DATASET}/pictures/slice.png"), 404, "no image 0"),
        (format!("{DATASET}/pictures/map.png"), 404, "signal `0`"),
        (format!("{DATASET}/pictures/nothing.png"), 404, "there are slice.png"),
        (format!("{DATASET}/rows?table=nothing"), 404, "there are records"),
        (format!("{DATASET}/rows?limit=0"), 400, "`limit` is 0"),
        (format!("{DATASET}/rows?limit=1001"), 400, "1 to 1000"),
        ("/api/v1/campaigns/invented-solid-state/datasets/none".to_owned(), 404, "`none`"),
        (
            "/api/v1/campaigns/invented-solid-state/datasets/us-waves/curves/time.bin".to_owned(),
            400,
            "no file of `us-waves` is held",
        ),
        (
            "/api/v1/campaigns/invented-solid-state/datasets/us-waves/file".to_owned(),
            404,
            "us-waves",
        ),
    ] {
        let detail = get(&path).problem(status);
        assert!(detail.contains(part), "{path}: {detail}");
    }
}

#[test]
fn the_file_comes_back_byte_for_byte() {
    let reply = get(&format!("{DATASET}/file"));
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../examples/invented-solid-state/data/cycler/cell-25-1.csv"
    );
    assert!(reply.body == std::fs::read(path).unwrap());
    assert!(reply.header("content-disposition").contains("cell-25-1.csv"));
}

#[test]
fn the_page_says_what_the_file_says_without_scripts() {
    let page = get(PAGE).text();
    for part in [
        "Battery Data Format",
        "f7522be4966a46d82247a0b61eeebbe560f3235fc95df1ca3d1995bdd42e17b1",
        "Voltage / V",
        "Current / mA",
        "Capacity / mAh",
        "Cycles compared",
        "Rows <span class=\"q\">records, rows 1 to 20 of",
        "/c/invented-solid-state/pixel/",
    ] {
        assert!(page.contains(part), "the page lacks {part}");
    }
    let zoomed = get(&format!("{PAGE}?from=1000&to=90000&cycles=1,3&row=40")).text();
    assert!(zoomed.contains("rows 41 to 60 of"));
    assert!(zoomed.contains("from=1000&amp;to=90000") || zoomed.contains("from=1000&#38;to=90000"));
    assert!(zoomed.contains("value=\"1, 3\""));
    // What is no number, no cycle and no column is passed over, as a page does.
    assert_eq!(get(&format!("{PAGE}?cycles=x,99&also=nothing")).status, 200);
    assert_eq!(get(&format!("{PAGE}?row=99999999999")).status, 200);
    let reference = get("/c/invented-solid-state/datasets/us-waves").text();
    assert!(reference.contains("not held here"));
    let list = get("/c/invented-solid-state/datasets").text();
    assert!(list.contains("cycler-cell-60-3") && list.contains("held elsewhere"));
}
