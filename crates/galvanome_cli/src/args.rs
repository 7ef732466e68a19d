//! The command line, declared once: parsing, help and completions come from here.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Reads the genotype of a battery material: many laboratories plan, run and read one characterization campaign.
#[derive(Debug, Parser)]
#[command(name = "galvanome", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = "\
Data goes to standard output, everything else to standard error.
Exit status: 0 done, 1 the input could not be read or is wrong, 2 the command line was wrong.

Examples:
  galvanome demo                                    the paper's campaign in a browser
  galvanome campaign import examples/lno-graphite   a campaign from a plain folder
  galvanome metaview lno-graphite -o figure.pdf     its publication figure")]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where the campaigns are.
#[derive(Debug, Clone, Args)]
pub(crate) struct Data {
    /// Data folder [default: $XDG_DATA_HOME/galvanome or ~/.local/share/galvanome]
    #[arg(long, value_name = "DIR", env = "GALVANOME_DATA", hide_env_values = true)]
    pub(crate) data: Option<PathBuf>,
}

/// Everything that one can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Import the paper's campaign into a fresh data folder, serve it, and print the address
    #[command(after_help = "\
Examples:
  galvanome demo                              in a folder that goes away when it stops
  galvanome demo --data demo --listen 127.0.0.1:0   kept, on any free port")]
    Demo(Demo),
    /// Serve the web application and the API
    #[command(after_help = "\
There is no login yet: the server speaks to its own machine only.

Examples:
  galvanome serve
  galvanome serve --data /srv/galvanome --listen 127.0.0.1:8080")]
    Serve(Serve),
    /// Import, export, list and show campaigns
    #[command(
        subcommand,
        after_help = "\
Examples:
  galvanome campaign import examples/lno-graphite
  galvanome campaign export lno-graphite copy"
    )]
    Campaign(Campaign),
    /// Show or draw a campaign's metaviews
    #[command(after_help = "\
Examples:
  galvanome metaview lno-graphite
  galvanome metaview lno-graphite --component LNO --question SQ1 --json
  galvanome metaview lno-graphite -o figure.pdf")]
    Metaview(Metaview),
    /// Explain one pixel, or one observable by all techniques
    #[command(after_help = "\
Examples:
  galvanome why lno-graphite LNO/SQ1/ndp/lithium-distribution
  galvanome why lno-graphite LNO SQ1 lithium-distribution")]
    Why(Why),
    /// Show the catalogue of techniques, or one of them
    #[command(after_help = "\
Examples:
  galvanome techniques
  galvanome techniques ndp --json")]
    Techniques(Techniques),
    /// Say what is in an instrument file
    #[command(after_help = "\
Examples:
  galvanome inspect cell.mpt
  galvanome inspect cells/*.csv --json
  galvanome inspect incoming/*.ndax --strict > /dev/null || echo look at these first")]
    Inspect(Inspect),
    /// Write a table of an instrument file as Battery Data Format, in text or Parquet
    #[command(after_help = CONVERT_HELP)]
    Convert(Convert),
    /// Find quantities with uncertainties in the files of one specimen
    #[command(after_help = "\
Examples:
  galvanome analyze cell.csv --technique echem
  galvanome analyze part1.mpt part2.mpt --technique echem --json
  galvanome analyze cell.csv --technique echem --table cycles.csv --table rates=rates.csv")]
    Analyze(Analyze),
    /// Compare two sides of specimens: both sides' quantities, and whether they differ
    #[command(after_help = COMPARE_HELP)]
    Compare(Compare),
    /// Apply the decision rule to numbers you give it, one JSON object a line
    #[command(after_help = r#"
Each line compares reference with test specimens and gets one line of answer. For ratios, delta, s0, u_sys and break_even_s0 are fractions r, used as ln(1+r); d, u, the bounds, delta and u_needed_for_no of the answer are on the analysis scale (a log-ratio). A wrong line gets an error with its number; the others are answered.

Examples:
  echo '{"descriptors":[{"name":"Li","scale":"ratio","reference":[7,8],"test":[4],"delta":0.1}]}' |
    galvanome judge
  galvanome judge numbers.jsonl > answers.jsonl"#)]
    Judge(Judge),
    /// Print a completion script for a shell
    #[command(after_help = "\
Example:
  galvanome completions bash > ~/.local/share/bash-completion/completions/galvanome")]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// `demo`
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Data folder to use and keep, instead of one that goes away
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Address to listen on; port 0 picks a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:4270")]
    pub(crate) listen: SocketAddr,
}

/// `serve`
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) data: Data,
    /// Address to listen on; port 0 picks a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:4270")]
    pub(crate) listen: SocketAddr,
}

/// `campaign`
#[derive(Debug, Subcommand)]
pub(crate) enum Campaign {
    /// Import a campaign folder; nothing is imported when anything in it is wrong
    #[command(after_help = "\
What is wrong is reported all at once, with file, row and column. Importing a folder again takes what has changed in it; earlier answers stay in the history.

Examples:
  galvanome campaign import examples/lno-graphite
  galvanome campaign import study --data /srv/galvanome --json")]
    Import {
        /// The folder with campaign.toml in it.
        folder: PathBuf,
        #[command(flatten)]
        data: Data,
        /// Print what was imported as JSON
        #[arg(long)]
        json: bool,
    },
    /// Write a campaign into a folder that can be edited and imported again
    #[command(after_help = "\
Example:
  galvanome campaign export lno-graphite copy")]
    Export {
        /// The campaign.
        id: String,
        /// A folder that does not exist yet, or is empty.
        out: PathBuf,
        #[command(flatten)]
        data: Data,
    },
    /// List the campaigns
    #[command(after_help = "\
Examples:
  galvanome campaign list
  galvanome campaign list --json")]
    List {
        #[command(flatten)]
        data: Data,
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one campaign: what is asked, of what, by whom
    #[command(after_help = "\
Examples:
  galvanome campaign show lno-graphite
  galvanome campaign show lno-graphite --json")]
    Show {
        /// The campaign.
        id: String,
        #[command(flatten)]
        data: Data,
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
}

/// `metaview`
#[derive(Debug, Args)]
pub(crate) struct Metaview {
    /// The campaign
    pub(crate) id: String,
    /// Only this component
    #[arg(long, value_name = "C")]
    pub(crate) component: Option<String>,
    /// Only this question
    #[arg(long, value_name = "Q")]
    pub(crate) question: Option<String>,
    /// Print as JSON
    #[arg(long, conflicts_with = "out")]
    pub(crate) json: bool,
    /// Write the figure: .svg, .png, .pdf, .csv or .html
    #[arg(short, value_name = "OUT")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) data: Data,
}

/// `why`
#[derive(Debug, Args)]
pub(crate) struct Why {
    /// The campaign
    pub(crate) id: String,
    /// COMPONENT/QUESTION/TECHNIQUE/OBSERVABLE for a pixel; COMPONENT QUESTION OBSERVABLE for a column
    #[arg(required = true, num_args = 1..=4, value_name = "PIXEL")]
    pub(crate) of: Vec<String>,
    /// Print as JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) data: Data,
}

/// `techniques`
#[derive(Debug, Args)]
pub(crate) struct Techniques {
    /// A technique; all of them when left out
    pub(crate) id: Option<String>,
    /// Print as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `inspect`
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// Files, or folders that are one measurement each
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Print as JSON, one document a file
    #[arg(long)]
    pub(crate) json: bool,
    /// Exit with status 1 when a note doubts the data
    #[arg(long)]
    pub(crate) strict: bool,
}

/// `convert`
#[derive(Debug, Args)]
pub(crate) struct Convert {
    /// A file, or a folder that is one measurement
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The file to write: .csv or .parquet
    #[arg(value_name = "OUT")]
    pub(crate) out: PathBuf,
    /// The table to write, in place of the main one
    #[arg(long, value_name = "NAME")]
    pub(crate) table: Option<String>,
    /// Replace OUT when it is there already
    #[arg(long)]
    pub(crate) force: bool,
    /// Write nothing when a note doubts the data
    #[arg(long)]
    pub(crate) strict: bool,
    /// Print what was written as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// What the help of `convert` says after the options.
const CONVERT_HELP: &str = "\
Columns are named as the Battery Data Format names them (test_time_second, voltage_volt, current_ampere, positive when charging); others keep the vendor's names. Parquet also carries units, vendor's names, origins, metadata and notes, in its entry `galvanome`; text has room for names and values only. OUT appears when it is whole, and not at all when anything fails.

Notes go to standard error. With --strict those that doubt the data (cut off, unknown column, time going back) are errors and nothing is written; those that say how numbers came about (current rebuilt, cycles counted) are not.

Examples:
  galvanome convert cell.ndax cell.bdf.parquet
  galvanome convert cell.mpr cell.bdf.csv --strict
  galvanome convert peis.mpr impedance.csv --table impedance --force";

/// `analyze`
#[derive(Debug, Args)]
pub(crate) struct Analyze {
    /// Files of one specimen
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The technique
    #[arg(long, short, value_name = "T")]
    pub(crate) technique: String,
    /// An auxiliary file by its role
    #[arg(long, value_name = "ROLE=FILE", value_parser = role)]
    pub(crate) with: Vec<(String, PathBuf)>,
    /// A setting of the analysis
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Print as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Write the standard plots: the main one as OUT.svg, the others beside it as OUT-NAME.svg; or one of them by its name
    #[arg(long, value_name = "[NAME=]OUT.svg", value_parser = plot)]
    pub(crate) plot: Vec<(Option<String>, PathBuf)>,
    /// Write a table that the analysis makes, by its name; the main one (of echem the cycles) without a name
    #[arg(long, value_name = "[NAME=]OUT.csv", value_parser = table)]
    pub(crate) table: Vec<(Option<String>, PathBuf)>,
    /// Determine nothing, and exit with status 1, when a note doubts the data
    #[arg(long)]
    pub(crate) strict: bool,
}

/// `compare`
#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// The technique
    #[arg(long, short, value_name = "T")]
    pub(crate) technique: String,
    /// Files of the specimens that are compared with
    #[arg(long, required = true, num_args = 1.., value_name = "[LABEL=]FILE")]
    pub(crate) reference: Vec<String>,
    /// Files of the specimens that are compared
    #[arg(long, required = true, num_args = 1.., value_name = "[LABEL=]FILE")]
    pub(crate) test: Vec<String>,
    /// Smallest difference of interest, in the catalogue's place
    #[arg(long, value_name = "[DESCRIPTOR=]D", allow_hyphen_values = true)]
    pub(crate) delta: Vec<String>,
    /// Expected spread (standard deviation) from specimen to specimen
    #[arg(long, value_name = "[DESCRIPTOR=]S", allow_hyphen_values = true)]
    pub(crate) s0: Vec<String>,
    /// Standard uncertainty of a bias between the sides
    #[arg(long, value_name = "[DESCRIPTOR=]U", allow_hyphen_values = true)]
    pub(crate) u_sys: Vec<String>,
    /// Compare only the largest set of specimens on each side within this relative spread, in per cent, of the
    /// capacity before ageing
    #[arg(
        long,
        value_name = "PERCENT",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "8"
    )]
    pub(crate) select: Option<f64>,
    /// An auxiliary file by its role, for every specimen
    #[arg(long, value_name = "ROLE=FILE", value_parser = role)]
    pub(crate) with: Vec<(String, PathBuf)>,
    /// A setting of the analysis, for every specimen
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Print as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// What the help of `compare` says after the options: how specimens are told apart, and the JSON.
const COMPARE_HELP: &str = "\
Files that share a label are one specimen and are joined in time order; a file without a label is a specimen of its own. The same labels on both sides are the same specimens before and after, and are compared in pairs. Files with the same bytes are never replicates of each other: across specimens they are refused.

Every descriptor that both sides have is shown. Primary descriptors with a margin decide their observable together; others are judged each for itself. A plain --delta, --s0 or --u-sys is a fraction and holds for every descriptor compared by ratio; DESCRIPTOR=NUMBER, in the descriptor's unit where it is compared by difference, holds for one.

JSON (schema 1): technique, version, paired, answer; answers [observable, answer, reason, direction, opposite_directions, decided_by]; rule [alpha, kappa]; rows [descriptor, name, unit, scale, observable, primary, comparisons, answer, reason, direction, unanswered, reference and test [n, mean, uncertainty, specimens [label, qualifier, value, uncertainty, detail]], d, u, nu, yes_bound, no_bound, delta, break_even_s0, u_needed_for_no, margin [delta, s0, s0_test, u_sys, delta_source, s0_source, confirmed_by]]; specimens [side, label, files, selected, rejected, notes]; selection [side, descriptor, allowed, spread, kept, of]; notes [code, message, where]. d, u, nu, the bounds, delta and u_needed_for_no of a row are on the analysis scale (log-ratios, or the unit), the margin and break_even_s0 as they are declared. unanswered is null or why the rule does not answer by a descriptor: selects_specimens, no_margin, bound, not_positive.

Examples:
  galvanome compare -t echem --reference a.csv b.csv c.csv --test d.csv e.csv f.csv
  galvanome compare -t echem --reference A=a1.mpr A=a2.mpr B=b.mpr --test C=c.mpr D=d.mpr --json
  galvanome compare -t echem --reference fresh/*.ndax --test aged/*.ndax --delta 0.1 --s0 0.05 --select=8
  galvanome compare -t echem --reference a.csv --test b.csv --delta echem.voltage-hysteresis=0.01";

fn table(text: &str) -> Result<(Option<String>, PathBuf), String> {
    named(text, "write it as NAME=OUT.csv, or OUT.csv for the main table")
}

fn plot(text: &str) -> Result<(Option<String>, PathBuf), String> {
    named(text, "write it as NAME=OUT.svg, or OUT.svg for all plots")
}

fn named(text: &str, otherwise: &str) -> Result<(Option<String>, PathBuf), String> {
    match text.split_once('=') {
        Some((name, file)) if !name.is_empty() && !file.is_empty() => {
            Ok((Some(name.to_owned()), PathBuf::from(file)))
        }
        Some(_) => Err(otherwise.to_owned()),
        None => Ok((None, PathBuf::from(text))),
    }
}

fn role(text: &str) -> Result<(String, PathBuf), String> {
    text.split_once('=')
        .map(|(role, file)| (role.to_owned(), PathBuf::from(file)))
        .ok_or_else(|| "write it as ROLE=FILE".to_owned())
}

/// `judge`
#[derive(Debug, Args)]
pub(crate) struct Judge {
    /// JSON lines; standard input when left out or `-`
    pub(crate) file: Option<PathBuf>,
    /// The answer is JSON in any case; accepted for the sake of scripts
    #[arg(long)]
    pub(crate) json: bool,
}
