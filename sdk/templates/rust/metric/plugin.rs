//! @NAME@: how many files are open on this host.

#[allow(dead_code)]
mod shoal;
#[allow(dead_code)]
#[macro_use]
mod shoal_abi;
mod file_nr;

use shoal::{Context, Failure, Metric, Plugin, Round, Series};

shoal_plugin!(metric OpenFiles);
shoal_manifest!(concat!(
    r#"{"id": "@NAME@", "version": "0.1.0", "abi": ""#, shoal_abi_text!(), r#"", "kind": "metric",
  "summary": "how many files are open on this host",
  "options": {
    "path": {"type": "string", "default": "/proc/sys/fs/file-nr",
             "description": "where the kernel tells"}
  },
  "series": [
    {"name": "@NAME@.open", "kind": "gauge", "unit": "integer"},
    {"name": "@NAME@.most", "kind": "gauge", "unit": "integer"}
  ]
}"#));

struct OpenFiles {
    path: String,
    open: Series,
    most: Series,
}

impl Plugin for OpenFiles {
    fn new(context: Context) -> Result<Self, Failure> {
        Ok(OpenFiles {
            path: context.text("/path").unwrap_or_default(),
            open: context.gauge("@NAME@.open", "integer")?,
            most: context.gauge("@NAME@.most", "integer")?,
        })
    }
}

impl Metric for OpenFiles {
    fn collect(&mut self, round: &mut Round) -> Result<(), Failure> {
        let found = file_nr::read(&self.path)?;
        round.emit(self.open, found.open);
        round.emit(self.most, found.most);
        Ok(())
    }
}
