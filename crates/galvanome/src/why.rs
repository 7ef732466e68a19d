//! Everything behind one answer, and one observable by all techniques.

use std::collections::HashMap;
use std::sync::Arc;

use galvanome_model::campaign::{Question, QuestionKind};
use galvanome_model::catalogue::Technique;
use galvanome_model::ids::{
    CampaignId, ComponentId, DescriptorId, ObservableId, QuestionId, TechniqueId,
};
use galvanome_model::metaview::Frame;
use galvanome_model::pixel::{Pixel, PixelKey};
use galvanome_model::record::{Given, Revision};
use galvanome_model::verdict::ComputedAnswer;
use galvanome_model::visibility::Viewer;
use galvanome_store::{HeldQuantity, QuantityFilter};

use crate::known::one_of;
use crate::{Error, Galvanome, Known};

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

/// One pixel.
#[derive(Debug)]
pub struct Why {
    /// The campaign.
    pub known: Arc<Known>,
    /// The pixel.
    pub behind: Behind,
}

/// One observable by all techniques, in row order.
#[derive(Debug)]
pub struct Column {
    /// The campaign.
    pub known: Arc<Known>,
    /// The component.
    pub component: ComponentId,
    /// The question.
    pub question: QuestionId,
    /// The observable.
    pub observable: ObservableId,
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
    let known = galvanome.known(id).await?;
    let (component, question, observable) =
        column_of(&known.frame, [component, question, observable])?;
    let techniques = known.frame.catalogue.techniques.iter().map(|one| &one.id);
    let technique = one_of("technique", technique, techniques)?;
    let filter = QuantityFilter {
        component: Some(component.clone()),
        technique: Some(technique.clone()),
        ..QuantityFilter::default()
    };
    let key = PixelKey { component, question, technique, observable };
    let revisions = galvanome.store.revisions_of_pixel(id, &key).await?;
    let quantities = galvanome.store.quantities(id, &filter).await?;
    let not_there = || Error::not_found("pixel", &key.technique);
    let behind =
        behind(&known, key.clone(), revisions, &quantities, viewer).ok_or_else(not_there)?;
    Ok(Why { known, behind })
}

/// One observable by all techniques. Errors when its component, question or observable does not exist.
pub async fn column(
    galvanome: &Galvanome,
    id: &CampaignId,
    of: [&str; 3],
    viewer: &Viewer,
) -> Result<Column, Error> {
    let known = galvanome.known(id).await?;
    let (component, question, observable) = column_of(&known.frame, of)?;
    let revisions =
        galvanome.store.revisions_of_column(id, &component, &question, &observable).await?;
    let filter = QuantityFilter { component: Some(component.clone()), ..QuantityFilter::default() };
    let quantities = galvanome.store.quantities(id, &filter).await?;
    let mut by_technique: HashMap<TechniqueId, Vec<Revision>> = HashMap::new();
    for revision in revisions {
        by_technique.entry(revision.given.technique().clone()).or_default().push(revision);
    }
    let pixels = known
        .frame
        .catalogue
        .techniques
        .iter()
        .filter_map(|technique| {
            let key = PixelKey {
                component: component.clone(),
                question: question.clone(),
                technique: technique.id.clone(),
                observable: observable.clone(),
            };
            let revisions = by_technique.remove(&technique.id).unwrap_or_default();
            behind(&known, key, revisions, &quantities, viewer)
        })
        .collect();
    Ok(Column { known, component, question, observable, pixels })
}

/// What the parts of a column's address name. Errors when one of them does not exist.
fn column_of(
    frame: &Frame,
    [component, question, observable]: [&str; 3],
) -> Result<(ComponentId, QuestionId, ObservableId), Error> {
    let (definition, catalogue) = (&frame.definition, &frame.catalogue);
    Ok((
        one_of("component", component, definition.components.iter().map(|one| &one.id))?,
        one_of("question", question, definition.questions.iter().map(|one| &one.id))?,
        one_of("observable", observable, catalogue.observables.iter().map(|one| &one.id))?,
    ))
}

/// The pixel with what stands behind it, from all revisions of its answers, oldest first. None outside the frame.
fn behind(
    known: &Known,
    key: PixelKey,
    revisions: Vec<Revision>,
    quantities: &[HeldQuantity],
    viewer: &Viewer,
) -> Option<Behind> {
    let pixel = known.frame.pixel(&key, revisions.iter().cloned(), viewer)?;
    let technique = known.frame.catalogue.technique(&key.technique)?;
    let question = known.frame.definition.question(&key.question)?;
    let speaks = descriptors_of(technique, question, &key.observable);
    let mut history = revisions;
    history.retain(|revision| may_see(known, revision, viewer));
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
