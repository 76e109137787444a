//! @NAME@: appends samples to a file, a line each.

#[allow(dead_code)]
mod shoal;
#[allow(dead_code)]
#[macro_use]
mod shoal_abi;
mod line;

use shoal::{Batch, Context, Failure, Output, Plugin, Record};
use std::io::Write;

shoal_plugin!(output LineFile);
shoal_manifest!(concat!(
    r#"{"id": "@NAME@", "version": "0.1.0", "abi": ""#, shoal_abi_text!(), r#"", "kind": "output",
  "summary": "appends samples to a file, a line each",
  "options": {
    "path": {"type": "string", "required": true, "description": "the file"}
  },
  "accepts": ["sample"]
}"#));

struct LineFile {
    path: String,
}

impl Plugin for LineFile {
    fn new(context: Context) -> Result<Self, Failure> {
        Ok(LineFile { path: context.text("/path").unwrap_or_default() })
    }
}

impl Output for LineFile {
    fn deliver(&mut self, batch: &mut Batch) -> Result<(), Failure> {
        let mut lines = String::new();
        for index in 0..batch.len() {
            if let Record::Sample(sample) = batch.record(index) {
                lines += &line::to_line(&sample.name.to_text(), sample.value, sample.time_ns);
            }
        }
        // The agent keeps the batch until the file can be written.
        self.add(&lines).map_err(|error| Failure::retry(format!("{}: {}", self.path, error)))?;
        batch.deliver_all();
        Ok(())
    }
}

impl LineFile {
    fn add(&self, lines: &str) -> std::io::Result<()> {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(&self.path)?;
        file.write_all(lines.as_bytes())
    }
}
