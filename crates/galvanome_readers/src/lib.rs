//! Instrument bytes in, tables and notes out.
//!
//! A [`Source`] gives bytes at a position, [`Files`] are sources that belong together, a [`Format`] reads them
//! into a [`Sink`]. Nothing here opens a file, keeps a clock, or lets a number in a file decide how much
//! memory is used. To add a format, write one module and add its two lines here.
//!
//! ```
//! use galvanome_readers::{Collect, Files, Limits, read};
//!
//! let text = "test_time_second,voltage_volt,current_ampere\n0,3.1,0.05\n10,3.2,0.05\n";
//! let mut collect = Collect::new();
//! let format = read(&Files::one("cell.csv", text.as_bytes().to_vec()), &Limits::default(), &mut collect)?;
//! let measurement = collect.into_measurement();
//! assert_eq!(format.id, "bdf-csv");
//! assert_eq!(measurement.tables[0].numbers("voltage_volt"), Some(&[3.1, 3.2][..]));
//! # Ok::<(), galvanome_readers::ReadError>(())
//! ```

mod arbin_csv;
pub mod arbin_res;
mod arbin_xlsx;
mod archive;
mod bare_columns;
mod basytec_text;
pub mod bdf_csv;
mod bdf_parquet;
pub mod biologic_mpr;
mod bruker_brml;
mod bruker_raw;
mod carried;
mod casaxps_text;
pub mod checks;
mod cif;
mod columns;
mod decimal;
mod delimited;
mod diffraction;
mod digatron_csv;
pub mod eclab_text;
mod electrons;
mod error;
mod failure;
mod files;
mod format;
mod gsas_powder;
mod hdf5;
mod image_stack;
mod impedance;
mod ivium_text;
mod labspec_text;
mod labspec_xml;
mod landt_ccs;
mod landt_csv;
mod landt_xlsx;
mod le;
mod lengths;
mod limits;
mod maccor_text;
mod members;
mod mrc;
mod neware;
mod neware_csv;
pub mod neware_nda;
pub mod neware_ndax;
mod neware_xlsx;
mod novonix_csv;
mod optical;
mod panalytical_csv;
mod panalytical_xrdml;
mod pattern;
mod pec_csv;
mod phi_spectrum;
mod renishaw_wdf;
mod rigaku_ras;
mod rigaku_rasx;
mod rruff_text;
mod scienta_text;
pub mod sink;
mod source;
mod specs_xml;
mod specs_xy;
mod spreadsheet;
mod text;
mod tiff;
mod trivista_tvf;
mod units;
mod vamas;
mod vocabulary;
mod volume;
mod wire_text;
mod witec_text;
mod xml;
mod xrd_columns;
mod zarr;
mod zipped;

pub use self::error::{ReadError, Trouble};
pub use self::files::{Files, Member, Together};
pub use self::format::{Confidence, Format, identify, read, read_as};
pub use self::limits::Limits;
pub use self::sink::{Collect, Sink, Summary};
pub use self::source::{Source, head_of, read_full};
pub use self::volume::{Layout, SourceSlabs, Voxel};

/// Every format that can be read, sorted by id.
pub const FORMATS: &[Format] = &[
    arbin_csv::FORMAT,
    arbin_res::FORMAT,
    arbin_xlsx::FORMAT,
    bare_columns::FORMAT,
    basytec_text::FORMAT,
    bdf_csv::FORMAT,
    bdf_parquet::FORMAT,
    biologic_mpr::FORMAT,
    bruker_brml::FORMAT,
    bruker_raw::FORMAT,
    casaxps_text::FORMAT,
    cif::FORMAT,
    delimited::FORMAT,
    digatron_csv::FORMAT,
    eclab_text::FORMAT,
    gsas_powder::FORMAT,
    hdf5::FORMAT,
    image_stack::FORMAT,
    ivium_text::FORMAT,
    labspec_text::FORMAT,
    labspec_xml::FORMAT,
    landt_ccs::FORMAT,
    landt_csv::FORMAT,
    landt_xlsx::FORMAT,
    maccor_text::FORMAT,
    mrc::FORMAT,
    neware_csv::FORMAT,
    neware_nda::FORMAT,
    neware_ndax::FORMAT,
    neware_xlsx::FORMAT,
    novonix_csv::FORMAT,
    panalytical_csv::FORMAT,
    panalytical_xrdml::FORMAT,
    pec_csv::FORMAT,
    phi_spectrum::FORMAT,
    renishaw_wdf::FORMAT,
    rigaku_ras::FORMAT,
    rigaku_rasx::FORMAT,
    rruff_text::FORMAT,
    scienta_text::FORMAT,
    specs_xml::FORMAT,
    specs_xy::FORMAT,
    spreadsheet::FORMAT,
    tiff::FORMAT,
    trivista_tvf::FORMAT,
    vamas::FORMAT,
    wire_text::FORMAT,
    witec_text::FORMAT,
    xrd_columns::FORMAT,
    zarr::FORMAT,
    zipped::FORMAT,
];
