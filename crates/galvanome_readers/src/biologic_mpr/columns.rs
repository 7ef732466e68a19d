//! What the numbers of columns mean.
//!
//! Nothing in a file says it: the vendor has not published the list. Names are those of the text that EC-Lab
//! exports, which has the stored columns in the same order. Where no text of a file was to be had, they are from
//! lists that users published (the issues of galvani, among them the names that stand in EC-Lab's program in the
//! order of their numbers; biologic-converter, MIT), and say so in the documentation of formats.

/// How a value is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stored {
    /// An unsigned byte.
    U8,
    /// An unsigned number of 16 bits.
    U16,
    /// An unsigned number of 32 bits.
    U32,
    /// A float.
    F32,
    /// A double.
    F64,
}

impl Stored {
    /// Every way.
    pub(super) const ALL: [Self; 5] = [Self::U8, Self::U16, Self::U32, Self::F32, Self::F64];

    /// How many bytes it takes.
    pub(super) const fn bytes(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16 => 2,
            Self::U32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }
}

/// Columns that are bits of one byte, which stands where the first of them does.
const FLAGS: &[(u16, &str, u8)] = &[
    (1, "mode", 0b0000_0011),
    (2, "ox/red", 0b0000_0100),
    (3, "error", 0b0000_1000),
    (21, "control changes", 0b0001_0000),
    (31, "Ns changes", 0b0010_0000),
    (65, "counter inc.", 0b1000_0000),
];

/// The bits of the byte of flags that are in no column.
pub(super) const UNNAMED_FLAGS: u8 = {
    let (mut named, mut at) = (0, 0);
    while at < FLAGS.len() {
        named |= FLAGS[at].2;
        at += 1;
    }
    !named
};

/// Columns with a value of their own, sorted by number.
const COLUMNS: &[(u16, &str, Option<Stored>)] = {
    use Stored::{F32, F64, U16, U32};
    &[
        (4, "time/s", Some(F64)),
        (5, "control/V/mA", Some(F32)),
        (6, "Ewe/V", Some(F32)),
        (7, "dq/mA.h", Some(F64)),
        (8, "I/mA", Some(F32)),
        (9, "Ece/V", Some(F32)),
        (10, "Aux/V", None),
        (11, "<I>/mA", Some(F64)),
        (12, "log(|<I>/A|)", None),
        (13, "(Q-Qo)/mA.h", Some(F64)),
        (16, "Analog IN 1/V", Some(F32)),
        (17, "Analog IN 2/V", Some(F32)),
        (18, "Analog IN 3/V", Some(F32)),
        (19, "control/V", Some(F32)),
        (20, "control/mA", Some(F32)),
        (22, "log(|I/A|)", None),
        (23, "dQ/mA.h", Some(F64)),
        (24, "cycle number", Some(F64)),
        (25, "DQ/mA.h", None),
        (26, "Rapp/Ohm", Some(F32)),
        (27, "Ewe-Ece/V", None),
        (32, "freq/Hz", Some(F32)),
        (33, "|Ewe|/V", Some(F32)),
        (34, "|I|/A", Some(F32)),
        (35, "Phase(Z)/deg", Some(F32)),
        (36, "|Z|/Ohm", Some(F32)),
        (37, "Re(Z)/Ohm", Some(F32)),
        (38, "-Im(Z)/Ohm", Some(F32)),
        (39, "I Range", Some(U16)),
        (40, "Q charge/mA.h", None),
        (41, "Q discharge/mA.h", None),
        (44, "Q anodic/C", None),
        (45, "Q cathodic/C", None),
        (66, "I forward/mA", None),
        (67, "I reverse/mA", None),
        (69, "R/Ohm", Some(F32)),
        (70, "P/W", Some(F32)),
        (74, "|Energy|/W.h", Some(F64)),
        (75, "Analog OUT/V", Some(F32)),
        (76, "<I>/mA", Some(F32)),
        (77, "<Ewe>/V", Some(F32)),
        (78, "Cs-2/µF-2", Some(F32)),
        (96, "|Ece|/V", Some(F32)),
        (97, "|Ice|/A", Some(F32)),
        (98, "Phase(Zce)/deg", Some(F32)),
        (99, "|Zce|/Ohm", Some(F32)),
        (100, "Re(Zce)/Ohm", Some(F32)),
        (101, "-Im(Zce)/Ohm", Some(F32)),
        (123, "Energy charge/W.h", Some(F64)),
        (124, "Energy discharge/W.h", Some(F64)),
        (125, "Capacitance charge/µF", Some(F64)),
        (126, "Capacitance discharge/µF", Some(F64)),
        (131, "Ns", Some(U16)),
        (163, "|Estack|/V", Some(F32)),
        (168, "Rcmp/Ohm", Some(F32)),
        (169, "Cs/µF", Some(F32)),
        (172, "Cp/µF", Some(F32)),
        (173, "Cp-2/µF-2", Some(F32)),
        (174, "<Ewe>/V", Some(F32)),
        (422, "Phase(Zstack)/deg", Some(F32)),
        (423, "|Zstack|/Ohm", Some(F32)),
        (424, "Re(Zstack)/Ohm", Some(F32)),
        (425, "-Im(Zstack)/Ohm", Some(F32)),
        (426, "<Estack>/V", Some(F32)),
        (430, "Phase(Zwe-ce)/deg", Some(F32)),
        (431, "|Zwe-ce|/Ohm", Some(F32)),
        (432, "Re(Zwe-ce)/Ohm", Some(F32)),
        (433, "-Im(Zwe-ce)/Ohm", Some(F32)),
        (434, "(Q-Qo)/C", Some(F32)),
        (435, "dQ/C", Some(F32)),
        (436, "Ewe/V", Some(F32)),
        (438, "step time/s", Some(F64)),
        (441, "<Ece>/V", Some(F32)),
        (462, "Temperature/°C", Some(F32)),
        (467, "Q charge/discharge/mA.h", Some(F64)),
        (468, "half cycle", Some(U32)),
        (469, "z cycle", Some(U32)),
        (471, "<Ece>/V", Some(F32)),
        (473, "THD Ewe/%", Some(F32)),
        (474, "THD I/%", Some(F32)),
        (475, "THD Ece/%", Some(F32)),
        (476, "NSD Ewe/%", Some(F32)),
        (477, "NSD I/%", Some(F32)),
        (478, "NSD Ece/%", Some(F32)),
        (479, "NSR Ewe/%", Some(F32)),
        (480, "NSR I/%", Some(F32)),
        (481, "NSR Ece/%", Some(F32)),
        (486, "|Ewe h2|/V", Some(F32)),
        (487, "|Ewe h3|/V", Some(F32)),
        (488, "|Ewe h4|/V", Some(F32)),
        (489, "|Ewe h5|/V", Some(F32)),
        (490, "|Ewe h6|/V", Some(F32)),
        (491, "|Ewe h7|/V", Some(F32)),
        (492, "|I h2|/A", Some(F32)),
        (493, "|I h3|/A", Some(F32)),
        (494, "|I h4|/A", Some(F32)),
        (495, "|I h5|/A", Some(F32)),
        (496, "|I h6|/A", Some(F32)),
        (497, "|I h7|/A", Some(F32)),
        (498, "|Ece h2|/V", Some(F32)),
        (499, "|Ece h3|/V", Some(F32)),
        (500, "|Ece h4|/V", Some(F32)),
        (501, "|Ece h5|/V", Some(F32)),
        (502, "|Ece h6|/V", Some(F32)),
        (503, "|Ece h7|/V", Some(F32)),
        (505, "Rdc/Ohm", Some(F32)),
        (509, "Acir/Dcir Control", None),
        (880, "Energy we/W.h", Some(F64)),
        (883, "Energy ce charge/W.h", Some(F64)),
        (884, "Energy ce discharge/W.h", Some(F64)),
    ]
};

/// Columns of a stack, thirty cells each: the number of the first cell's, and the name before and behind the
/// number of the cell.
const STACK: &[(u16, &str, &str)] = &[
    (241, "|E", "|/V"),
    (271, "Phase(Z", ")/deg"),
    (301, "|Z", "|/Ohm"),
    (331, "Re(Z", ")/Ohm"),
    (361, "-Im(Z", ")/Ohm"),
    (391, "<E", ">/V"),
];

/// What a column is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Bits of the byte of flags.
    Flag {
        /// EC-Lab's name.
        name: &'static str,
        /// Its bits.
        mask: u8,
    },
    /// A value. Either part may be unknown.
    Value {
        /// EC-Lab's name.
        name: Option<String>,
        /// How it is stored.
        stored: Option<Stored>,
    },
}

/// What the column of a number is.
pub(super) fn meaning(id: u16) -> Meaning {
    if let Some(&(_, name, mask)) = FLAGS.iter().find(|flag| flag.0 == id) {
        return Meaning::Flag { name, mask };
    }
    let (name, stored) = match listed(id) {
        Some((name, stored)) => (Some(name.to_owned()), stored),
        None => (of_stack(id), of_stack(id).map(|_| Stored::F32)),
    };
    Meaning::Value { name, stored }
}

fn listed(id: u16) -> Option<(&'static str, Option<Stored>)> {
    COLUMNS.iter().find(|column| column.0 == id).map(|&(_, name, stored)| (name, stored))
}

fn of_stack(id: u16) -> Option<String> {
    STACK.iter().find_map(|&(first, before, behind)| {
        let cell = id.checked_sub(first).filter(|&cell| cell < 30)? + 1;
        Some(format!("{before}{cell}{behind}"))
    })
}

/// The number and bits of the flag of a name.
pub(super) fn flag_named(name: &str) -> Option<(u16, u8)> {
    FLAGS.iter().find(|flag| flag.1 == name).map(|flag| (flag.0, flag.2))
}

/// Whether EC-Lab stores a column of a name: `|Ece h2|/V`, `<E7>/V`.
pub(crate) fn is_stored(name: &str) -> bool {
    let of_stack = |&(_, before, behind): &(u16, &str, &str)| {
        let cell = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(behind));
        cell.and_then(|cell| cell.parse::<u8>().ok()).is_some_and(|cell| (1..=30).contains(&cell))
    };
    COLUMNS.iter().any(|column| column.1 == name) || STACK.iter().any(of_stack)
}

/// The number of the column of a name, and how it is stored.
pub(super) fn value_named(name: &str) -> Option<(u16, Stored)> {
    COLUMNS.iter().find_map(|&(id, known, stored)| {
        stored.filter(|_| known == name).map(|stored| (id, stored))
    })
}
