//! Small files of every format, made here.

pub(crate) mod arbin_res;
pub(crate) mod bruker_raw;
pub(crate) mod cycler_text;
pub(crate) mod diffraction;
pub(crate) mod hdf5;
pub(crate) mod mpr;
pub(crate) mod mrc;
pub(crate) mod neware;
pub(crate) mod packed;
pub(crate) mod parquet;
pub(crate) mod raman;
pub(crate) mod raman_text;
pub(crate) mod tiff;
pub(crate) mod xlsx;
pub(crate) mod xps;
pub(crate) mod xrd_text;
pub(crate) mod xrd_zips;
pub(crate) mod zarr;

use galvanome_model::measurement::{Column, ColumnHead, Table, Values};
use galvanome_readers::Files;
use galvanome_readers::bdf_csv::{Names, write_bdf};
use galvanome_readers::eclab_text::{Headed, write_eclab_text};

/// Formats whose rows are packed one after the other.
const PACKED: &[&str] = &["biologic-mpr"];

/// Formats that are binary or give signals, whose truncation has tests of its own.
const BINARY: &[&str] = &[
    "arbin-res",
    "arbin-xlsx",
    "bdf-parquet",
    "bruker-brml",
    "bruker-raw",
    "casaxps-text",
    "cif",
    "gsas-powder",
    "hdf5",
    "labspec-text",
    "labspec-xml",
    "image-stack",
    "landt-ccs",
    "landt-xlsx",
    "mrc",
    "neware-nda",
    "neware-ndax",
    "neware-xlsx",
    "panalytical-csv",
    "panalytical-xrdml",
    "phi-spectrum",
    "renishaw-wdf",
    "rigaku-ras",
    "rigaku-rasx",
    "rruff-text",
    "scienta-text",
    "specs-xml",
    "specs-xy",
    "spreadsheet",
    "tiff",
    "trivista-tvf",
    "vamas",
    "wire-text",
    "witec-text",
    "xrd-columns",
    "zarr",
    "zip",
];

/// A file and the format that must claim it.
pub(crate) struct Fixture {
    pub(crate) format: &'static str,
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
}

impl Fixture {
    /// Whether its rows are packed one after the other, so that each is whole or not there.
    pub(crate) fn is_packed(&self) -> bool {
        PACKED.contains(&self.format)
    }

    /// Whether it is text with a row a line, and nothing else between and behind.
    pub(crate) fn is_lines(&self) -> bool {
        !self.is_packed() && !BINARY.contains(&self.format) && !self.name.contains("nested")
    }

    pub(crate) fn files(&self) -> Files {
        Files::one(self.name, self.bytes.clone())
    }
}

/// A cell that is charged and discharged twice, with a row a minute.
pub(crate) fn cell(rows: usize) -> Table {
    let row = |row: usize| {
        let phase = row % 8;
        let current = if phase < 4 { 0.05 } else { -0.05 };
        let voltage = 3.1 + 0.11 * (if phase < 4 { phase } else { 8 - phase }) as f64;
        (60.0 * row as f64 + 0.1, voltage, current, (row / 8 + 1) as f64)
    };
    let column = |name: &str, unit: &str, of: &dyn Fn(usize) -> f64| Column {
        head: ColumnHead { name: name.to_owned(), unit: unit.to_owned(), ..ColumnHead::default() },
        values: Values::Number((0..rows).map(of).collect()),
    };
    let columns = vec![
        column("test_time_second", "s", &|at| row(at).0),
        column("voltage_volt", "V", &|at| row(at).1),
        column("current_ampere", "A", &|at| row(at).2),
        column("cycle_count", "1", &|at| row(at).3),
    ];
    Table { name: "records".to_owned(), columns, rows }
}

pub(crate) fn bdf(names: Names) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_bdf(&cell(16), names, &mut bytes).expect("memory takes bytes");
    bytes
}

pub(crate) fn eclab(decimal_comma: bool) -> Vec<u8> {
    let headed = Headed {
        technique: "Galvanostatic Cycling with Potential Limitation",
        device: "VMP3 (SN 0001)",
        started_on: "03/02/2021 16:17:59.250",
        decimal_comma,
    };
    let mut bytes = Vec::new();
    write_eclab_text(&cell(16), &headed, &mut bytes).expect("memory takes bytes");
    bytes
}

/// Text in Latin-1.
fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(c).expect("Latin-1")).collect()
}

pub(crate) const BDF_OTHER_UNITS: &str = "\
Test Time / h;Voltage / mV;Current / mA;Cycle Count / 1;Unix Time / ms;Step Type;Dose / kGy
0,5;3100,5;-50,25;1;1614702207500,0;rest;1,5
1,0;3200,25;50,0;1;1614704007500,0;charge;2,5
";

pub(crate) const BTLAB_CLOCK: &str = "BT-Lab ASCII FILE\r
Nb header lines : 7                          \r
\r
Modulo Bat\r
Acquisition started on : 11/20/2024 23:59:50.000\r
Device : BCS-815 (SN 0002)\r
Ns\ttime/s\tEcell/V\tI/mA\tcycle number\tTemperature/°C\t\r
0\t11/20/2024 23:59:58.500\t4.1465597E+000\t0.0000000E+000\t0.000000000000000E+000\t1.9379732E+001\r
1\t11/21/2024 00:00:08.500\t4.1518364E+000\t4.4993811E+002\t0.000000000000000E+000\t1.9324554E+001";

pub(crate) const ECLAB_THREE: &str = "EC-Lab ASCII FILE\r
Nb header lines : 12                         \r
\r
Chronopotentiometry\r
\r
Device : SP-300 (SN 0003)\r
Electrode surface area : 0.785 cm²\r
Ns                  0                   1                   \r
unit Is             µA                  mA                  \r
\tEwe min = 1.40 V\r
\r
mode\tox/red\terror\ttime/s\tcontrol/V/mA\t<Ewe>/V\tEce/V\tEwe-Ece/V\tI/mA\t(Q-Qo)/C\tQ charge/discharge/mA.h\tWobble/µV\t\r
1\t0\t0\t1.0E+000\t0.0E+000\t3.1E+000\t-2.0E-001\t3.3E+000\t2.5E+000\t3.6E+001\t1.0E+001\t7.0E+000\r
1\t0\t0\t2.0E+000\t0.0E+000\t3.2E+000\t-3.0E-001\t3.5E+000\t2.5E+000\t7.2E+001\t2.0E+001\t8.0E+000\r
";

pub(crate) const ECLAB_BARE: &str = "\
mode\tox/red\terror\tcontrol changes\ttime/s\tEcell/V\tI/mA
1\t0\t0\t1\t1.0E+000\t3.1E+000\t2.5E+000
1\t0\t0\t1\t2.0E+000\t3.2E+000\t2.5E+000
";

pub(crate) const DELIMITED_UNITS: &str = "\
Operator: A. Nobody
Cell;17
\u{20}
Test Time [min];Voltage (V);Current [mA];Cycle_Index;Pressure (torr);State
0;3,1377;0;1;760;R
1,5;3,2;25,0;1;761;C
3;3,3;25,0;1;762;C
";

pub(crate) const DELIMITED_UNIT_LINE: &str = "\
# logged by hand
time\tpotential\tcurrent
h\tmV\tuA
0.0\t3100\t500
0.5\t3150\t500
";

pub(crate) const DELIMITED_NESTED: &str = "\
Cycle,Chg. Cap.(Ah)
,,DataPoint,Total Time,Voltage(V),Current(A),Date
1,0.02,,,,,
,,1,00:00:00.0,3.1,0.5,2024-01-31 10:00:00
,,2,00:01:00.5,3.2,0.5,2024-01-31 10:01:00
,,3,1d 02:00:00.0,3.3,0.5,2024-02-01 12:00:00
";

/// Every fixture.
pub(crate) fn all() -> Vec<Fixture> {
    let fixture = |format, name, bytes| Fixture { format, name, bytes };
    let eclab_comma = eclab(true);
    let mut all = mpr::all();
    all.extend(hdf5::all());
    all.extend(arbin_res::all());
    all.extend(parquet::all());
    all.extend(neware::all());
    all.extend(packed::all());
    all.extend(bruker_raw::all());
    all.extend(cycler_text::all());
    all.extend(diffraction::all());
    all.extend(xlsx::all());
    all.extend(xrd_zips::all());
    all.extend(raman::all());
    all.extend(mrc::all());
    all.extend(raman_text::all());
    all.extend(tiff::all());
    all.extend(xps::all());
    all.extend(xrd_text::all());
    all.extend(zarr::all());
    all.extend([
        fixture("bdf-csv", "machine.bdf.csv", bdf(Names::Machine)),
        fixture("bdf-csv", "label.bdf.csv", bdf(Names::Label)),
        fixture("bdf-csv", "units.csv", BDF_OTHER_UNITS.into()),
        fixture("eclab-text", "cell.mpt", eclab(false)),
        fixture("eclab-text", "comma.mpt", eclab_comma),
        fixture("eclab-text", "clock.txt", latin(BTLAB_CLOCK)),
        fixture("eclab-text", "three.mpt", latin(ECLAB_THREE)),
        fixture("eclab-text", "bare.mpt", ECLAB_BARE.into()),
        fixture("delimited", "units.csv", DELIMITED_UNITS.into()),
        fixture("delimited", "lines.txt", DELIMITED_UNIT_LINE.into()),
        fixture("delimited", "nested.csv", DELIMITED_NESTED.into()),
    ]);
    all
}
