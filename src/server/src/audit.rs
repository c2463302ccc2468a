//! `marshmallow audit`: verifies the trail in the database, or in a downloaded file without any server.
//! It refuses to repair: what was found is for people to look into.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use marshmallow_core::{AuditExport, VerifyReport, verify_export};
use marshmallow_store::Store;

use crate::database;

/// What to do with the trail.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Check every chain and the root entries; name each entry that was changed, removed, reordered or inserted.
    Verify(VerifyOptions),
}

/// What to verify.
#[derive(Debug, Args)]
pub struct VerifyOptions {
    /// A file downloaded under Settings, Activity; without it, the database is verified.
    #[arg(long)]
    pub file: Option<PathBuf>,

    /// The folder of the database, unless DATABASE_URL names one.
    #[arg(long, env = "MARSHMALLOW_DATA", default_value = "marshmallow-data")]
    pub data: PathBuf,
}

/// Runs the command. What verification finds is an error, so that scripts notice.
pub async fn run(command: AuditCommand) -> Result<()> {
    let AuditCommand::Verify(options) = command;
    let report = match &options.file {
        Some(file) => of_file(file)?,
        None => of_database(&options.data).await?,
    };
    tell(&report, &mut io::stdout().lock()).context("the outcome cannot be written")?;
    match report.findings.len() {
        0 => Ok(()),
        1 => bail!("the audit trail is not as it was written: 1 finding"),
        count => bail!("the audit trail is not as it was written: {count} findings"),
    }
}

fn of_file(file: &Path) -> Result<VerifyReport> {
    let shown = file.display();
    let text = fs::read(file).with_context(|| format!("{shown} cannot be read"))?;
    let export: AuditExport = serde_json::from_slice(&text)
        .with_context(|| format!("{shown} is no audit download of Marshmallow, or it was cut off"))?;
    if export.format != AuditExport::FORMAT || export.version != AuditExport::VERSION {
        bail!("{shown} has a form that this version does not know; use the version that made it");
    }
    Ok(verify_export(export))
}

async fn of_database(data: &Path) -> Result<VerifyReport> {
    let url = database::url(data);
    let file = url
        .strip_prefix("sqlite:")
        .map(|path| path.trim_start_matches("//"));
    if let Some(file) = file.filter(|file| !Path::new(file).exists()) {
        bail!("there is no database at {file}; name its folder with --data, or set DATABASE_URL");
    }
    let store = Store::open(&url).await.context("the database cannot be opened")?;
    let report = marshmallow_service::audit::verify(&store).await;
    store.close().await;
    report.context("the database cannot be read")
}

fn tell(report: &VerifyReport, out: &mut impl Write) -> io::Result<()> {
    for finding in &report.findings {
        writeln!(out, "{finding}")?;
    }
    writeln!(out, "entries: {}, chains: {}", report.entries, report.chains)?;
    match &report.last_root {
        Some(root) => writeln!(out, "last root entry: {} {}", root.seq, root.hash)?,
        None => writeln!(out, "no root entry")?,
    }
    if report.findings.is_empty() {
        writeln!(out, "all is as it was written")?;
    }
    Ok(())
}
