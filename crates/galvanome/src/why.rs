//! Everything behind one answer, and one observable by all techniques.

use std::sync::Arc;

use galvanome_model::campaign::{Question, QuestionKind};
use galvanome_model::catalogue::Technique;
use galvanome_model::ids::{CampaignId, DescriptorId, ObservableId, TechniqueId};
use galvanome_model::metaview::Metaview;
use galvanome_model::pixel::{Pixel, PixelKey};
use galvanome_model::record::{Given, Revision};
use galvanome_model::verdict::ComputedAnswer;
use galvanome_model::visibility::Viewer;
use galvanome_store::{HeldQuantity, QuantityFilter};

use crate::{Error, Galvanome, Known, metaview};

/// Everything behind one pixel, as one reader may see it.
#[derive(Debug, Clone)]
pub struct Behind {
    /// Which pixel.
    pub key: PixelKey,
    /// The pixel.
    pub pixel: Pixel,
    /// The latest computed answer with its numbers.
    pub computed: Option<ComputedAnswer>,
    /// The numbers of the descriptors that speak for the observable.
    pub quantities: Vec<HeldQuantity>,
    /// Every answer that was ever given, oldest first.
    pub history: Vec<Revision>,
}

/// One pixel, with the matrix that it stands in.
#[derive(Debug)]
pub struct Why {
    /// The campaign.
    pub known: Arc<Known>,
    /// The matrix.
    pub view: Metaview,
    /// The pixel.
    pub behind: Behind,
}

/// One observable by all techniques, in row order, with the matrix that it is a column of.
#[derive(Debug)]
pub struct Column {
    /// The campaign.
    pub known: Arc<Known>,
    /// The matrix.
    pub view: Metaview,
    /// The column's pixels.
    pub pixels: Vec<Behind>,
}

/// Everything behind one pixel. Errors when its component, question, technique or observable does not exist.
pub async fn pixel(
    galvanome: &Galvanome,
    id: &CampaignId,
    [component, question, technique, observable]: [&str; 4],
    viewer: &Viewer,
) -> Result<Why, Error> {
    let column = column(galvanome, id, [component, question, observable], viewer).await?;
    let there_are: Vec<String> = column.view.techniques.iter().map(ToString::to_string).collect();
    let behind = column
        .pixels
        .into_iter()
        .find(|one| one.key.technique.as_str() == technique)
        .ok_or_else(|| Error::not_found_among("technique", technique, there_are))?;
    Ok(Why { known: column.known, view: column.view, behind })
}

/// One observable by all techniques. Errors when its component, question or observable does not exist.
pub async fn column(
    galvanome: &Galvanome,
    id: &CampaignId,
    [component, question, observable]: [&str; 3],
    viewer: &Viewer,
) -> Result<Column, Error> {
    let known = galvanome.known(id).await?;
    let views = metaview::views(galvanome, id, Some(component), Some(question), viewer).await?;
    let Some(view) = views.views.into_iter().next() else {
        return Err(Error::not_found("metaview", format!("{component}/{question}")));
    };
    let at = view
        .observables
        .iter()
        .position(|id| id.as_str() == observable)
        .ok_or_else(|| Error::not_found_among("observable", observable, &view.observables))?;
    let revisions = galvanome.store.revisions_of_view(id, &view.component, &view.question).await?;
    let filter =
        QuantityFilter { component: Some(view.component.clone()), ..QuantityFilter::default() };
    let quantities = galvanome.store.quantities(id, &filter).await?;
    let pixels = (0..view.techniques.len())
        .filter_map(|row| behind(&known, &view, (row, at), &revisions, &quantities, viewer))
        .collect();
    Ok(Column { known, view, pixels })
}

fn behind(
    known: &Known,
    view: &Metaview,
    (row, column): (usize, usize),
    revisions: &[Revision],
    quantities: &[HeldQuantity],
    viewer: &Viewer,
) -> Option<Behind> {
    let key = PixelKey {
        component: view.component.clone(),
        question: view.question.clone(),
        technique: view.techniques.get(row)?.clone(),
        observable: view.observables.get(column)?.clone(),
    };
    let pixel = view.pixel(row, column)?.clone();
    let technique = known.frame.catalogue.technique(&key.technique)?;
    let question = known.frame.definition.question(&key.question)?;
    let speaks = descriptors_of(technique, question, &key.observable);
    let history: Vec<Revision> = revisions
        .iter()
        .filter(|revision| concerns(revision, &key.technique, &key.observable))
        .filter(|revision| may_see(known, revision, viewer))
        .cloned()
        .collect();
    let computed = history.iter().rev().find_map(|revision| match &revision.given {
        Given::Computed(computed) => Some(computed.clone()),
        Given::Expert(_) => None,
    });
    let quantities = quantities
        .iter()
        .filter(|held| speaks.contains(&&held.quantity.descriptor))
        .filter(|held| known.may_see(&held.quantity, viewer))
        .cloned()
        .collect();
    Some(Behind { computed: computed.filter(|_| !pixel.withheld), key, pixel, quantities, history })
}

/// The descriptors whose numbers stand behind a pixel: those that speak for the observable, or, of a question that
/// asks for numbers, those that it asks for.
fn descriptors_of<'a>(
    technique: &'a Technique,
    question: &Question,
    observable: &ObservableId,
) -> Vec<&'a DescriptorId> {
    if question.kind == QuestionKind::Difference {
        let speaking = technique.descriptors_for(observable).into_iter();
        return speaking.map(|(descriptor, _)| &descriptor.id).collect();
    }
    let asked = |id: &DescriptorId| {
        question.descriptor.as_ref() == Some(id) || question.target == id.as_str()
    };
    technique.descriptors.iter().map(|one| &one.id).filter(|id| asked(id)).collect()
}

fn concerns(revision: &Revision, technique: &TechniqueId, observable: &ObservableId) -> bool {
    match &revision.given {
        Given::Expert(record) => {
            record.technique == *technique && record.observable.as_ref() == Some(observable)
        }
        Given::Computed(computed) => {
            computed.technique == *technique && computed.observable == *observable
        }
    }
}

fn may_see(known: &Known, revision: &Revision, viewer: &Viewer) -> bool {
    match &revision.given {
        Given::Expert(record) => {
            let owner = record.experiment.as_ref().and_then(|id| known.frame.experiment(id));
            viewer.may_see(&record.visibility, owner.and_then(|facts| facts.partner).as_ref())
        }
        Given::Computed(_) => true,
    }
}

/// What `COMPONENT/QUESTION/TECHNIQUE/OBSERVABLE` or `COMPONENT QUESTION OBSERVABLE` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// A pixel.
    Pixel([String; 4]),
    /// A column.
    Column([String; 3]),
}

impl Asked {
    /// Reads what a person wrote: words, or one word with slashes. Errors when it is neither three nor four.
    pub fn parse(words: &[String]) -> Result<Self, Error> {
        let parts: Vec<String> =
            words.iter().flat_map(|word| word.split('/')).map(str::to_owned).collect();
        if let Ok(pixel) = <[String; 4]>::try_from(parts.clone()) {
            return Ok(Self::Pixel(pixel));
        }
        <[String; 3]>::try_from(parts).map(Self::Column).map_err(|_| {
            Error::Wrong(
                "name a pixel as COMPONENT/QUESTION/TECHNIQUE/OBSERVABLE, or a column as COMPONENT QUESTION OBSERVABLE"
                    .to_owned(),
            )
        })
    }
}
