//! The things one can do with a campaign, one file per verb.
