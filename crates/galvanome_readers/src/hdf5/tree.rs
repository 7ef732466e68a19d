//! All objects of a file, each once, by the first of its paths.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::attributes;
use super::dataset::Dataset;
use super::file::File;
use super::header;
use super::heaps::GlobalHeap;
use super::links::{self, Link};
use super::trouble::Trouble;
use super::value::Value;

/// The most objects of one file.
const OBJECTS_MAX: usize = 200_000;

/// How deep groups may stand in groups.
const DEPTH_MAX: usize = 64;

/// The most soft links on one way.
const HOPS_MAX: usize = 16;

/// The most bytes that attributes of all objects are held in, as long as the file has that many itself.
const ATTRIBUTES_MAX: usize = 32 << 20;

/// One object.
pub(super) struct Object {
    /// Its path, beginning with `/`.
    pub(super) path: String,
    /// The group that holds it; itself for the root.
    pub(super) parent: usize,
    /// Its attributes, in the order of the file.
    pub(super) attributes: Vec<(String, Value)>,
    /// What it is.
    pub(super) what: What,
}

/// What an object is.
pub(super) enum What {
    /// A group: names and what they stand for.
    Group(Vec<(String, Member)>),
    /// A dataset.
    Dataset(Arc<Dataset>),
    /// Something else, such as a named datatype, or what cannot be read.
    Other,
}

/// What a name in a group stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Member {
    /// An object of this file, by its place among all.
    Object(usize),
    /// Another path of this file.
    Path(String),
    /// Something that is not in this file.
    Elsewhere,
}

impl Object {
    /// The last part of its path.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// An attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&Value> {
        self.attributes.iter().find(|found| found.0 == name).map(|found| &found.1)
    }

    /// An attribute as text, without blanks around it; none when it is empty.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let text = self.attribute(name)?.text()?;
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Its members, when it is a group.
    pub(super) fn members(&self) -> &[(String, Member)] {
        if let What::Group(members) = &self.what { members } else { &[] }
    }

    /// Its values, when it is a dataset.
    pub(super) fn dataset(&self) -> Option<&Arc<Dataset>> {
        if let What::Dataset(dataset) = &self.what { Some(dataset) } else { None }
    }
}

/// A further name of an object, or what a link says.
pub(super) struct Alias {
    /// The path of the name.
    pub(super) path: String,
    /// What it stands for, for people.
    pub(super) stands_for: String,
}

/// All objects of a file.
pub(super) struct Tree {
    /// The objects, each group before its members, members in the order of their names. The first one is the root.
    pub(super) objects: Vec<Object>,
    /// Names that are no object's own.
    pub(super) aliases: Vec<Alias>,
    /// What could not be read: path and why.
    pub(super) troubles: Vec<(String, Trouble)>,
}

impl Tree {
    /// The object at a path, which may begin at an object and lead over soft links.
    pub(super) fn find(&self, from: usize, path: &str) -> Option<usize> {
        self.follow(from, path, 0)
    }

    fn follow(&self, from: usize, path: &str, hops: usize) -> Option<usize> {
        if hops > HOPS_MAX {
            return None;
        }
        let mut at = if path.starts_with('/') { 0 } else { from };
        for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
            let here = self.objects.get(at)?;
            if part == ".." {
                at = here.parent;
                continue;
            }
            at = match &here.members().iter().find(|member| member.0 == part)?.1 {
                Member::Object(place) => *place,
                Member::Path(path) => self.follow(at, path, hops + 1)?,
                Member::Elsewhere => return None,
            };
        }
        Some(at)
    }

    /// The groups that hold an object, from the nearest to the root.
    pub(super) fn above(&self, object: usize) -> impl Iterator<Item = &Object> {
        let parent =
            |at: &usize| self.objects.get(*at).map(|object| object.parent).filter(|up| up != at);
        std::iter::successors(parent(&object), parent)
            .take(DEPTH_MAX)
            .filter_map(|at| self.objects.get(at))
    }
}

/// What is still to read: the group that names it, its path, its address, how deep it stands.
struct Next {
    parent: usize,
    path: String,
    address: u64,
    depth: usize,
    /// Its place among the members of its group.
    place: usize,
}

/// Reads all objects from the root on. Errors when the root itself cannot be read.
pub(super) fn read(file: &File, root: u64, heap: &mut GlobalHeap) -> Result<Tree, Trouble> {
    let mut tree = Tree { objects: Vec::new(), aliases: Vec::new(), troubles: Vec::new() };
    let mut seen: BTreeMap<u64, usize> = BTreeMap::new();
    let mut room = ATTRIBUTES_MAX;
    let mut left =
        vec![Next { parent: 0, path: "/".to_owned(), address: root, depth: 0, place: 0 }];
    while let Some(next) = left.pop() {
        if let Some(&known) = seen.get(&next.address) {
            let stands_for =
                tree.objects.get(known).map_or_else(String::new, |known| known.path.clone());
            point(&mut tree, &next, known);
            tree.aliases.push(Alias { path: next.path, stands_for });
            continue;
        }
        if tree.objects.len() >= OBJECTS_MAX {
            let trouble = Trouble::too_many(format!("a file of more than {OBJECTS_MAX} objects"));
            tree.troubles.push((next.path, trouble));
            break;
        }
        let messages = match header::messages(file, next.address) {
            Ok(messages) => messages,
            Err(trouble) if next.depth == 0 => return Err(trouble),
            Err(trouble) => {
                tree.troubles.push((next.path, trouble));
                continue;
            }
        };
        let at = tree.objects.len();
        seen.insert(next.address, at);
        point(&mut tree, &next, at);
        let (mut attributes, troubles) = attributes::read(file, heap, &messages);
        let told = |(name, value): &(String, Value)| name.len() + value.told().len();
        let takes: usize = attributes.iter().map(told).sum();
        if takes > room {
            attributes.clear();
            let trouble = Trouble::too_many("an attribute beyond 32 MB of attributes");
            tree.troubles.push((next.path.clone(), trouble));
        } else {
            room -= takes;
        }
        tree.troubles.extend(troubles.into_iter().map(|trouble| (next.path.clone(), trouble)));
        let what = if let Some((links, troubles)) = links::read(file, &messages) {
            tree.troubles.extend(troubles.into_iter().map(|trouble| (next.path.clone(), trouble)));
            What::Group(members(&mut tree, &next, at, links, &mut left))
        } else if messages.iter().any(|message| message.kind == header::kinds::LAYOUT) {
            match Dataset::open(file, &messages) {
                Ok(dataset) => What::Dataset(Arc::new(dataset)),
                Err(trouble) => {
                    tree.troubles.push((next.path.clone(), trouble));
                    What::Other
                }
            }
        } else {
            What::Other
        };
        tree.objects.push(Object { path: next.path, parent: next.parent, attributes, what });
    }
    Ok(tree)
}

/// Says in the group that names an object where it stands among all.
fn point(tree: &mut Tree, next: &Next, at: usize) {
    if next.depth == 0 {
        return;
    }
    if let Some(Object { what: What::Group(members), .. }) = tree.objects.get_mut(next.parent)
        && let Some(member) = members.get_mut(next.place)
    {
        member.1 = Member::Object(at);
    }
}

/// The members of a group, of which the objects come next.
fn members(
    tree: &mut Tree,
    group: &Next,
    at: usize,
    links: Vec<(String, Link)>,
    left: &mut Vec<Next>,
) -> Vec<(String, Member)> {
    let mut members = Vec::with_capacity(links.len());
    let mut nexts = Vec::new();
    let prefix = if group.depth == 0 { "" } else { &group.path };
    for (place, (name, link)) in links.into_iter().enumerate() {
        let path = format!("{prefix}/{name}");
        let member = match link {
            Link::Hard(address) if group.depth < DEPTH_MAX => {
                nexts.push(Next { parent: at, path, address, depth: group.depth + 1, place });
                Member::Elsewhere
            }
            Link::Hard(_) => {
                tree.troubles.push((
                    path,
                    Trouble::too_many(format!("more than {DEPTH_MAX} groups in each other")),
                ));
                Member::Elsewhere
            }
            Link::Soft(to) => {
                tree.aliases.push(Alias { path, stands_for: to.clone() });
                Member::Path(to)
            }
            Link::External(file, to) => {
                let what = format!("a link to {to} in another file, {file},");
                tree.troubles.push((path.clone(), Trouble::elsewhere(what)));
                tree.aliases.push(Alias { path, stands_for: format!("{file}:{to}") });
                Member::Elsewhere
            }
            Link::Other(kind) => {
                tree.troubles.push((path, Trouble::refused(format!("a link of kind {kind}"))));
                Member::Elsewhere
            }
        };
        members.push((name, member));
    }
    // The last one is taken first.
    left.extend(nexts.into_iter().rev());
    members
}
