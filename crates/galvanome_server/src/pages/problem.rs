//! A page that could not be shown: what happened, in words of a colleague, and where to go next.

use askama::Template;

use super::{Crumb, Shell};

/// What the page says.
#[derive(Debug, Clone)]
pub struct ProblemInput<'a> {
    /// The frame.
    pub shell: Shell<'a>,
    /// The HTTP status.
    pub status: u16,
    /// What happened, in a few words; empty takes the usual words of the status.
    pub title: &'a str,
    /// What happened and what to do, in a sentence or two; empty takes the usual sentence of the status.
    pub detail: &'a str,
    /// Where to go next; empty offers the campaign, or the list of campaigns.
    pub next: Vec<Crumb>,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct Page<'a> {
    shell: Shell<'a>,
    crumbs: Vec<Crumb>,
    status: u16,
    title: &'a str,
    detail: &'a str,
    next: Vec<Crumb>,
}

const fn usual(status: u16) -> (&'static str, &'static str) {
    match status {
        400 => (
            "This address cannot be read",
            "Something in the address or the form is not what this page expects. Check it, or start again from a page below.",
        ),
        403 => (
            "This is not shared with you",
            "The people who own it keep it within their group. Ask the coordinator of the campaign.",
        ),
        404 => (
            "There is nothing here",
            "The address may be mistyped, or the thing was never in this campaign. Nothing is ever deleted without a trace, so an old link that worked before still says what became of it.",
        ),
        405 => {
            ("This page cannot do that", "The address exists, but not for this kind of request.")
        }
        409 => (
            "Somebody was faster",
            "The data changed while you were working. Load the page again, and repeat what you did.",
        ),
        413 => ("That is too large", "The file or the form is larger than this server accepts."),
        503 => (
            "Not just now",
            "The server is busy or being prepared. Your data are safe; try again in a moment.",
        ),
        _ => (
            "Something went wrong here",
            "This is our fault, not yours. Nothing was changed. The server's log has the details; please tell whoever runs it what you did.",
        ),
    }
}

/// Renders the page.
pub fn render(input: &ProblemInput) -> askama::Result<String> {
    let (title, detail) = usual(input.status);
    let mut next = input.next.clone();
    if next.is_empty() {
        next.extend(
            input.shell.campaign.map(|campaign| Crumb::to("Campaign overview", campaign.href())),
        );
        next.push(Crumb::to("All campaigns", super::address::CAMPAIGNS));
    }
    Page {
        shell: input.shell,
        crumbs: Vec::new(),
        status: input.status,
        title: if input.title.is_empty() { title } else { input.title },
        detail: if input.detail.is_empty() { detail } else { input.detail },
        next,
    }
    .render()
}
