//! What programs get of a digest: the figures they act by, small enough for any receiver.

use serde_json::{Map, Value, json};

use super::compose::{GroupReport, Report};
use super::digest::Digest;
use crate::community::Named;

/// As large as it may be, in bytes of JSON.
const MOST_BYTES: usize = 256 * 1024;
/// Leaders of a group that are kept where nothing else helps.
const FEW: usize = 3;

/// What is left out where all of it would be too large, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Without {
    Nothing,
    /// Leaders stay for the groups to write to.
    Leaders,
    /// Groups without a cause keep urlname and status.
    FineGroups,
    /// Lists of persons.
    People,
    /// Lists of the network; groups with a cause keep urlname, status and causes.
    Lists,
    /// Groups without a cause, and leaders from the fourth on.
    Most,
}

impl Without {
    const ALL: [Self; 6] = [
        Self::Nothing,
        Self::Leaders,
        Self::FineGroups,
        Self::People,
        Self::Lists,
        Self::Most,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Leaders => "leaders",
            Self::FineGroups => "groups",
            Self::People => "people",
            Self::Lists => "lists",
            Self::Most => "most",
        }
    }
}

/// The figures of the network; every group with its status, its causes and the figures that are watched,
/// under the report's own keys; whom to write to, with leaders. At most 256 KB: `truncated` says what had
/// to be left out, and is null where nothing was.
///
/// # Errors
/// Where a figure cannot be written as JSON, which none of them is.
pub fn excerpt(report: &Report, digest: &Digest) -> serde_json::Result<Value> {
    let bytes = |document: &Value| serde_json::to_string(document).map(|text| text.len());
    let mut document = Value::Null;
    for without in Without::ALL {
        document = written(report, digest, without)?;
        if bytes(&document)? <= MOST_BYTES {
            return Ok(document);
        }
    }
    // No network has so many groups; what is too large for a receiver is of no use to it.
    while bytes(&document)? > MOST_BYTES
        && let Some(groups) = document["groups"].as_array_mut()
        && !groups.is_empty()
    {
        groups.truncate(groups.len() / 2);
    }
    Ok(document)
}

fn written(report: &Report, digest: &Digest, without: Without) -> serde_json::Result<Value> {
    let truncated: Vec<&str> = Without::ALL
        .into_iter()
        .filter(|it| *it > Without::Nothing && *it <= without)
        .map(Without::as_str)
        .collect();
    let mut network = serde_json::to_value(&report.network)?;
    if without >= Without::Lists
        && let Value::Object(figures) = &mut network
    {
        figures.retain(|_, figure| !figure.is_array());
    }
    let groups: serde_json::Result<Vec<Value>> = report
        .groups
        .iter()
        .filter(|group| without < Without::Most || !group.causes.is_empty())
        .map(|group| self::group(group, without))
        .collect();
    let write_to: serde_json::Result<Vec<Value>> = digest
        .please_write_to
        .iter()
        .map(|named| self::named(report, named, without))
        .collect();
    let mut document = json!({
        "schema_version": report.schema_version,
        "definitions_version": report.definitions_version,
        "as_of": report.as_of,
        "generated_at": report.generated_at,
        "networks": report.networks,
        "network": network,
        "groups": groups?,
        "please_write_to": write_to?,
        "answered": digest.answered,
        "changed": digest.changed,
        "freshness": {
            "last_pass_at": report.freshness.last_pass_at,
            "oldest_read_at": report.freshness.oldest_read_at,
        },
        "truncated": (!truncated.is_empty()).then_some(truncated),
    });
    if let Some(people) = report.people.as_ref().filter(|_| without < Without::People) {
        document["people"] = serde_json::to_value(people)?;
    }
    Ok(document)
}

fn group(group: &GroupReport, without: Without) -> serde_json::Result<Value> {
    let figures = &group.figures;
    let has_cause = !group.causes.is_empty();
    if !has_cause && without >= Without::FineGroups {
        return Ok(json!({ "urlname": figures.urlname, "status": figures.status }));
    }
    if without >= Without::Lists {
        return Ok(json!({
            "urlname": figures.urlname, "status": figures.status, "causes": group.causes,
        }));
    }
    let mut told = json!({
        "id": figures.id,
        "urlname": figures.urlname,
        "name": figures.name,
        "link": figures.link,
        "status": figures.status,
        "causes": group.causes,
        "stake": figures.stake,
        "pause": figures.pause,
        "cadence": {
            "monthly_cadence": figures.cadence.monthly_cadence,
            "events_365": figures.cadence.events_365,
        },
        "repeat": { "repeat_rate": figures.repeat.repeat_rate },
        "side_to_side": { "acquainted_rate": figures.side_to_side.acquainted_rate },
        "organizers": {
            "hosts_90": figures.organizers.hosts_90,
            "leader_activity": figures.organizers.leader_activity,
        },
    });
    if without < Without::Leaders {
        told["leaders"] = serde_json::to_value(&figures.leaders)?;
    }
    Ok(told)
}

fn named(report: &Report, named: &Named, without: Without) -> serde_json::Result<Value> {
    let group = report.groups.iter().find(|it| it.figures.id == named.id);
    let leaders = group.map_or(&[][..], |group| &group.figures.leaders);
    let kept = match without {
        Without::Most => leaders.len().min(FEW),
        _ => leaders.len(),
    };
    let mut told = Map::new();
    told.insert("id".to_owned(), json!(named.id));
    told.insert("urlname".to_owned(), json!(named.urlname));
    told.insert("causes".to_owned(), json!(named.causes));
    let leaders = serde_json::to_value(&leaders[..kept])?;
    told.insert("leaders".to_owned(), leaders);
    Ok(told.into())
}
