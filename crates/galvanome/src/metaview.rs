//! Metaviews from the answers in the store.

use std::collections::BTreeMap;
use std::sync::Arc;

use galvanome_model::ids::{CampaignId, ComponentId, QuestionId};
use galvanome_model::metaview::Metaview;
use galvanome_model::pixel::PixelKey;
use galvanome_model::record::Given;
use galvanome_model::verdict::ComputedAnswer;
use galvanome_model::visibility::Viewer;

use crate::known::one_of;
use crate::{Error, Galvanome, Known};

/// Metaviews of one campaign, all as of one revision.
#[derive(Debug)]
pub struct Views {
    /// The campaign.
    pub known: Arc<Known>,
    /// One view per component and question, in the campaign's order.
    pub views: Vec<Metaview>,
}

/// The metaviews of a campaign, or of one component or question of it. Errors when one of them does not exist.
pub async fn views(
    galvanome: &Galvanome,
    id: &CampaignId,
    component: Option<&str>,
    question: Option<&str>,
    viewer: &Viewer,
) -> Result<Views, Error> {
    let known = galvanome.known(id).await?;
    let definition = &known.frame.definition;
    let components: Vec<ComponentId> =
        chosen("component", component, definition.components.iter().map(|one| &one.id))?;
    let questions: Vec<QuestionId> =
        chosen("question", question, definition.questions.iter().map(|one| &one.id))?;
    let mut views = Vec::with_capacity(components.len() * questions.len());
    for component in &components {
        for question in &questions {
            views.push(view(galvanome, &known, component, question, viewer).await?);
        }
    }
    Ok(Views { known, views })
}

/// The latest computed answers of a whole campaign.
pub async fn computed(galvanome: &Galvanome, known: &Known) -> Result<Vec<ComputedAnswer>, Error> {
    let definition = &known.frame.definition;
    let mut latest = BTreeMap::new();
    for component in &definition.components {
        for question in &definition.questions {
            let revisions = galvanome
                .store
                .revisions_of_view(&definition.id, &component.id, &question.id)
                .await?;
            for revision in revisions {
                if let Given::Computed(answer) = revision.given {
                    let key = PixelKey {
                        component: answer.component.clone(),
                        question: answer.question.clone(),
                        technique: answer.technique.clone(),
                        observable: answer.observable.clone(),
                    };
                    latest.insert(key, answer);
                }
            }
        }
    }
    Ok(latest.into_values().collect())
}

pub(crate) async fn view(
    galvanome: &Galvanome,
    known: &Known,
    component: &ComponentId,
    question: &QuestionId,
    viewer: &Viewer,
) -> Result<Metaview, Error> {
    let id = &known.frame.definition.id;
    let revisions = galvanome.store.revisions_of_view(id, component, question).await?;
    Ok(Metaview::of(&known.frame, component, question, revisions, viewer))
}

/// The one that is asked for, or all of them.
fn chosen<'a, Id>(
    what: &'static str,
    asked: Option<&str>,
    there_are: impl Iterator<Item = &'a Id> + Clone,
) -> Result<Vec<Id>, Error>
where
    Id: Clone + std::fmt::Display + std::borrow::Borrow<str> + 'a,
{
    match asked {
        None => Ok(there_are.cloned().collect()),
        Some(asked) => Ok(vec![one_of(what, asked, there_are)?]),
    }
}
