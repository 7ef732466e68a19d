//! Spectra and series of datasets over HTTP, from a file that goes up.

use std::fmt::Write as _;

use serde_json::json;

use super::client::{Reply, send};

const CAMPAIGN: &str = "/api/v1/campaigns/invented-solid-state";

/// A series of scans of one peak that moves, as PANalytical's software writes it.
fn series(scans: u32) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xrdMeasurements xmlns=\"http://www.xrdml.com/XRDMeasurement/1.5\" status=\"Completed\">\n<xrdMeasurement measurementType=\"Repeated scan\" status=\"Completed\">\n<usedWavelength intended=\"K-Alpha\"><kAlpha1 unit=\"Angstrom\">1.5405980</kAlpha1><kAlpha2 unit=\"Angstrom\">1.5444260</kAlpha2><ratioKAlpha2KAlpha1>0.5000</ratioKAlpha2KAlpha1></usedWavelength>\n".to_owned();
    for scan in 0..scans {
        let counts: Vec<String> = (0..101)
            .map(|point| {
                let away = (f64::from(point) - 40.0 - 5.0 * f64::from(scan)) / 6.0;
                format!("{}", 20 + (1000.0 * (-away * away).exp()) as u32)
            })
            .collect();
        let _ = writeln!(
            text,
            "<scan appendNumber=\"{scan}\" mode=\"Continuous\" scanAxis=\"Gonio\" status=\"Completed\"><header><startTimeStamp>2024-03-01T0{scan}:00:00+01:00</startTimeStamp></header><dataPoints><positions axis=\"2Theta\" unit=\"deg\"><startPosition>17.0</startPosition><endPosition>19.0</endPosition></positions><commonCountingTime unit=\"seconds\">1.0</commonCountingTime><intensities unit=\"counts\">{}</intensities></dataPoints></scan>",
            counts.join(" ")
        );
    }
    text + "</xrdMeasurement>\n</xrdMeasurements>\n"
}

/// Sends a file up; gives the id of its dataset.
pub(crate) fn upload(name: &str, bytes: &[u8]) -> String {
    let uploads = format!("{CAMPAIGN}/uploads");
    let body = json!({
        "name": name, "bytes": bytes.len(), "experiment": "xrd-hill", "samples": ["cathode-f-1-a"],
    });
    let begun = send("POST", &uploads, &[], body.to_string().as_bytes());
    assert_eq!(begun.status, 201, "{}", begun.text());
    let place = begun.header("location").to_owned();
    let headers = [("upload-offset", "0"), ("content-type", "application/offset+octet-stream")];
    assert_eq!(send("PATCH", &place, &headers, bytes).status, 204);
    let done = send("POST", &place, &[], b"{}");
    assert_eq!(done.status, 201, "{}", done.text());
    done.json()["dataset"].as_str().unwrap().to_owned()
}

fn get(path: &str) -> Reply {
    send("GET", path, &[], b"")
}

#[test]
fn a_series_of_patterns_is_drawn_stacked_and_told() {
    let dataset = upload("scans.xrdml", series(4).as_bytes());
    let of = format!("{CAMPAIGN}/datasets/{dataset}");
    let told = get(&of).json();
    let signals = &told["contents"]["signals"];
    let found: Vec<_> = signals
        .as_array()
        .unwrap()
        .iter()
        .filter(|signal| signal["name"] == "intensity")
        .map(|signal| (signal["spectra"].clone(), signal["unit"].clone()))
        .collect();
    assert_eq!(found, [(json!(4), json!("counts"))], "{told}");
    assert_eq!(signals[0]["axes"][1]["name"], "two_theta");
    assert_eq!(signals[0]["axes"][1]["points"], 101);

    let curves = get(&format!("{of}/curves/spectrum.json?signal=0&spectra=1,4&from=17.5&to=18.5"));
    let curves = curves.json();
    assert_eq!(curves["series"][1]["name"], "spectrum 4");
    assert_eq!(curves["series"][0]["rows"], 51);
    let greatest = |series: usize| {
        let [x, y] = ["x", "y"].map(|name| curves["series"][series][name].as_array().unwrap());
        let number = |value: &serde_json::Value| value.as_f64().unwrap();
        let best = (0..y.len()).max_by(|a, b| number(&y[*a]).total_cmp(&number(&y[*b]))).unwrap();
        number(&x[best])
    };
    assert!((greatest(0) - 17.8).abs() < 1e-9 && (greatest(1) - 18.1).abs() < 1e-9);
    let table = get(&format!("{of}/curves/spectrum.csv?signal=0&spectra=2")).text();
    assert!(table.starts_with("two_theta,spectrum 2\n17,20\n"), "{table}");
    for (form, begins) in [("svg", &b"<svg "[..]), ("png", b"\x89PNG"), ("bin", b"GVW1")] {
        let reply = get(&format!("{of}/curves/spectrum.{form}?signal=0&spectra=1,2"));
        assert!(reply.status == 200 && reply.body.starts_with(begins), "{form}");
    }
    let stack = get(&format!("{of}/pictures/stack.png?signal=0&width=200"));
    assert_eq!((stack.status, stack.header("content-type")), (200, "image/png"));
    assert_eq!(stack.body.get(16..24), Some(&[0, 0, 0, 200, 0, 0, 0, 4][..]), "its size");
    assert!(get(&format!("{of}/pictures/map.png?signal=0")).problem(404).contains("no map"));
    let many = get(&format!("{of}/curves/spectrum.bin?spectra=1,2,3,4,5,6,7,8,9,10,11,12,13"));
    assert!(many.problem(400).contains("at most 12"));

    let page = get(&format!("/c/invented-solid-state/datasets/{dataset}")).text();
    for part in
        ["gv-raster", "4 spectra of 101 points", "2θ / °", "Wavelength 1.5406 Å", "stack.png"]
    {
        assert!(page.contains(part), "{part}");
    }
    let shown =
        get(&format!("/c/invented-solid-state/datasets/{dataset}?signal=0&shown=2,3")).text();
    assert!(shown.contains("value=\"2, 3\""));
}

/// A stack of pages of 4 × 3 pixels of 16 bits, little-endian and not packed: page `z` holds `100 z + 10 y + x`.
fn stack(pages: u16) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    for z in 0..pages {
        // 42 micrometres a pixel: 10 000 µm by 238.095… pixels, as a fraction.
        let tags: [(u16, u16, u32, u32); 11] = [
            (256, 3, 1, 4),
            (257, 3, 1, 3),
            (258, 3, 1, 16),
            (259, 3, 1, 1),
            (262, 3, 1, 1),
            (273, 4, 1, 0),
            (277, 3, 1, 1),
            (278, 3, 1, 3),
            (279, 4, 1, 24),
            (282, 5, 1, 1),
            (283, 5, 1, 1),
        ];
        let at = bytes.len() as u32;
        let behind = at + 2 + 12 * (tags.len() as u32 + 1) + 4;
        bytes.extend((tags.len() as u16 + 1).to_le_bytes());
        for (tag, kind, count, value) in tags {
            let value = match tag {
                273 => behind + 8,
                282 | 283 => behind,
                _ => value,
            };
            bytes.extend(tag.to_le_bytes());
            bytes.extend(kind.to_le_bytes());
            bytes.extend(count.to_le_bytes());
            bytes.extend(value.to_le_bytes());
        }
        for part in [296_u16, 3] {
            bytes.extend(part.to_le_bytes());
        }
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(3_u32.to_le_bytes());
        let next = if z + 1 < pages { behind + 8 + 24 } else { 0 };
        bytes.extend(next.to_le_bytes());
        bytes.extend(10_000_u32.to_le_bytes());
        bytes.extend(42_u32.to_le_bytes());
        for y in 0..3 {
            for x in 0..4 {
                bytes.extend((100 * z + 10 * y + x).to_le_bytes());
            }
        }
    }
    bytes
}

#[test]
fn slices_of_a_stack_are_cut_and_their_profile_is_told() {
    let dataset = upload("stack.tif", &stack(6));
    let of = format!("{CAMPAIGN}/datasets/{dataset}");
    let told = get(&of).json();
    let image = &told["contents"]["images"][0];
    assert_eq!(image["shape"], json!([6, 3, 4]), "{told}");
    assert_eq!(
        (&image["min"], &image["max"], &image["slices"]),
        (&json!(0.0), &json!(523.0), &json!(6))
    );
    assert!((image["voxel_m"][2].as_f64().unwrap() - 42e-6).abs() < 1e-12, "{image}");
    let size = |path: &str| {
        let reply = get(&format!("{of}/pictures/slice.png{path}"));
        assert_eq!((reply.status, reply.header("content-type")), (200, "image/png"), "{path}");
        let side = |at: usize| u32::from_be_bytes(reply.body[at..at + 4].try_into().unwrap());
        (side(16), side(20))
    };
    assert_eq!((size(""), size("?at=6")), ((4, 3), (4, 3)));
    assert_eq!((size("?cut=y&at=3"), size("?cut=x&at=4")), ((4, 6), (3, 6)));
    for (path, part) in
        [("?at=7", "slice `7`"), ("?cut=x&at=5", "slice `5`"), ("?image=1", "no image 1")]
    {
        let detail = get(&format!("{of}/pictures/slice.png{path}")).problem(404);
        assert!(detail.contains(part), "{path}: {detail}");
    }
    assert!(get(&format!("{of}/pictures/slice.png?cut=q")).problem(400).contains("z, y or x"));
    let profile = get(&format!("{of}/curves/profile.csv")).text();
    let second = profile.lines().nth(2).unwrap();
    assert!(second.starts_with("2,2,111.5,"), "{profile}");
    let page = get(&format!("/c/invented-solid-state/datasets/{dataset}")).text();
    for part in [
        "gv-slices",
        "4 × 3 × 6 voxels of 42 µm",
        "Scale bar of 20 µm",
        "Mean grey value of each slice",
    ] {
        assert!(page.contains(part), "{part}");
    }
}
