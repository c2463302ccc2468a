//! Where root secrets come from: the environment, or files of mode 0600 in the data folder. During a change there
//! are two. A secret that is missing, short or known to the world stops the server.

mod files;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use marshmallow_core::Random;
use marshmallow_service::{RootSecret, RootSecrets, RootSecretsError};

const VARIABLE: &str = "MARSHMALLOW_ROOT_SECRET";
const NEXT_VARIABLE: &str = "MARSHMALLOW_ROOT_SECRET_NEXT";

/// The place of this installation's root secrets.
pub enum Source {
    /// `MARSHMALLOW_ROOT_SECRET` and, during a change, `MARSHMALLOW_ROOT_SECRET_NEXT`.
    Environment,
    /// `root-secret` and, during a change, `root-secret.next` in this folder; after one, `root-secret.previous`.
    Files(PathBuf),
}

impl Source {
    /// The environment, if it brings a root secret; else the data folder.
    pub fn of(data: &Path) -> Self {
        if std::env::var_os(VARIABLE).is_some() {
            Self::Environment
        } else {
            Self::Files(data.to_owned())
        }
    }

    /// Makes the root secret of a new installation, and refuses where an older one lacks it. `is_first_start` says
    /// whether the database is new: a lost secret must not be replaced silently, since no stored key would open any
    /// more.
    pub fn prepare(&self, is_first_start: bool, random: &dyn Random) -> Result<()> {
        let Self::Files(data) = self else { return Ok(()) };
        let path = data.join(files::PRESENT);
        if path.exists() {
            return Ok(());
        }
        if !is_first_start {
            bail!(
                "{} is missing, and {VARIABLE} is not set. Stored keys were sealed under it: restore it from your \
                 backup. To begin anew without the stored keys, use an empty data folder.",
                path.display()
            );
        }
        files::write(&path, &RootSecret::make(random))?;
        tracing::info!(path = %path.display(), "made the root secret; back it up apart from the database");
        Ok(())
    }

    /// The public id of the root secret that is to follow, if there is one.
    pub fn next(&self) -> Result<Option<String>> {
        let next = match self {
            Self::Environment => from_environment(NEXT_VARIABLE)?,
            Self::Files(data) => files::read(&data.join(files::NEXT))?,
        };
        Ok(next.map(|secret| secret.kek_id().to_string()))
    }

    /// Makes the root secret that is to follow, on disk, and says its public id.
    pub fn make_next(&self, random: &dyn Random) -> Result<String> {
        match self {
            Self::Environment => bail!(
                "the root secret comes from {VARIABLE}, so its successor has to as well. Make one with \
                 `openssl rand -hex 32`, back it up, give it as {NEXT_VARIABLE} to every server, restart them one \
                 after the other, and run this again with both variables set."
            ),
            Self::Files(data) => {
                let next = RootSecret::make(random);
                files::write(&data.join(files::NEXT), &next)?;
                Ok(next.kek_id().to_string())
            }
        }
    }

    /// Puts the successor into the place of the present root secret, after everything opens under it.
    pub fn promote(&self) -> Result<&'static str> {
        match self {
            Self::Environment => Ok(
                "Now set MARSHMALLOW_ROOT_SECRET to the new secret and remove MARSHMALLOW_ROOT_SECRET_NEXT, on every \
                 server, at its next restart.",
            ),
            Self::Files(data) => {
                files::promote(data)?;
                Ok(
                    "`root-secret` holds the new secret: back it up. The former one is in `root-secret.previous`; \
                     older backups of the database need it. Move it to where they are, or delete it with them.",
                )
            }
        }
    }
}

impl RootSecrets for Source {
    fn read(&self) -> Result<Vec<RootSecret>, RootSecretsError> {
        let found = match self {
            Self::Environment => [from_environment(VARIABLE)?, from_environment(NEXT_VARIABLE)?]
                .into_iter()
                .flatten()
                .collect(),
            Self::Files(data) => files::read_all(data)?,
        };
        Ok(found)
    }
}

fn from_environment(variable: &str) -> Result<Option<RootSecret>> {
    match std::env::var(variable) {
        Ok(text) => {
            let text = zeroize::Zeroizing::new(text);
            let secret = RootSecret::parse(&text).with_context(|| format!("{variable} cannot be used"))?;
            Ok(Some(secret))
        }
        Err(_) => Ok(None),
    }
}
