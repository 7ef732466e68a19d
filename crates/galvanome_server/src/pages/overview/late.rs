//! What is late by the dates that are written down.

use galvanome_model::campaign::Campaign;
use galvanome_model::experiment::ExperimentStatus;
use jiff::civil::Date;

use crate::pages::words;

/// A parcel is late when it has been on the road for longer.
const DAYS_ON_THE_ROAD: i32 = 14;

/// Something late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Late {
    pub(super) title: String,
    pub(super) detail: String,
    /// For how long.
    pub(super) by: String,
    days: i32,
}

/// A day, also of a time stamp; months and other texts have none.
fn date(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

fn days_between(from: &str, to: Date) -> Option<i32> {
    Some(date(from)?.until(to).ok()?.get_days())
}

/// A number of days as people say it: `9 days`, `5 weeks`, `7 months`, `2 years`.
fn for_how_long(days: i32) -> String {
    let said =
        |count: i32, one, many| words::counted(usize::try_from(count).unwrap_or(0), one, many);
    match days {
        ..14 => said(days, "day", "days"),
        14..70 => said(days / 7, "week", "weeks"),
        70..730 => said((f64::from(days) / 30.44) as i32, "month", "months"),
        _ => said((f64::from(days) / 365.25) as i32, "year", "years"),
    }
}

/// What is late on a day, the latest first.
pub(super) fn late(campaign: &Campaign, today: &str) -> Vec<Late> {
    let Some(today) = date(today) else { return Vec::new() };
    let partner = |id: &galvanome_model::ids::PartnerId| {
        campaign
            .definition
            .partner(id)
            .map_or_else(|| id.to_string(), |partner| partner.name.clone())
    };
    let mut all: Vec<Late> = Vec::new();
    for shipment in campaign.shipments.iter().filter(|shipment| shipment.is_on_its_way()) {
        let Some(days) = days_between(&shipment.sent_on, today) else { continue };
        let called_late = matches!(shipment.status.as_str(), "late" | "lost");
        if days <= 0 || !(called_late || days > DAYS_ON_THE_ROAD) {
            continue;
        }
        let mut detail = format!(
            "{} to {}, sent {}",
            partner(&shipment.from),
            partner(&shipment.to),
            words::day(shipment.sent_on.get(..10).unwrap_or(&shipment.sent_on))
        );
        if !shipment.note.is_empty() {
            detail = format!("{detail}. {}", shipment.note);
        }
        all.push(Late {
            title: format!(
                "{} of {}{}",
                shipment.id,
                words::counted(shipment.samples.len(), "sample", "samples"),
                if shipment.status == "lost" { ", lost" } else { "" }
            ),
            detail,
            by: for_how_long(days),
            days,
        });
    }
    for experiment in &campaign.experiments {
        if !matches!(experiment.status, ExperimentStatus::Planned | ExperimentStatus::Accepted) {
            continue;
        }
        let (on, what) = if experiment.ended_on.is_empty() {
            (&experiment.started_on, "was to start")
        } else {
            (&experiment.ended_on, "was to end")
        };
        let Some(days) = days_between(on, today).filter(|days| *days > 0) else { continue };
        let by =
            experiment.partner.as_ref().map_or_else(String::new, |id| format!("{}, ", partner(id)));
        all.push(Late {
            title: format!("{} ({})", experiment.id, experiment.status.word()),
            detail: format!("{by}{what} {}", words::day(on.get(..10).unwrap_or(on))),
            by: for_how_long(days),
            days,
        });
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.days));
    all
}

#[cfg(test)]
mod tests {
    use super::for_how_long;

    #[test]
    fn spans_are_said_as_people_do() {
        for (days, expected) in [
            (1, "1 day"),
            (13, "13 days"),
            (14, "2 weeks"),
            (69, "9 weeks"),
            (75, "2 months"),
            (729, "23 months"),
            (740, "2 years"),
        ] {
            assert_eq!(for_how_long(days), expected);
        }
    }
}
