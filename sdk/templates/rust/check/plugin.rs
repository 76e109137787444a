//! @NAME@: whether this host runs out of open files.

#[allow(dead_code)]
mod shoal;
#[allow(dead_code)]
#[macro_use]
mod shoal_abi;
mod file_nr;

use shoal::{Check, Context, Failure, Plugin, Round, Verdict};

shoal_plugin!(check OpenFiles);
shoal_manifest!(concat!(
    r#"{"id": "@NAME@", "version": "0.1.0", "abi": ""#, shoal_abi_text!(), r#"", "kind": "check",
  "summary": "whether this host runs out of open files",
  "options": {
    "warning": {"type": "number", "default": 80, "minimum": 0, "maximum": 100,
                "description": "WARNING above this percentage of what may be open"},
    "critical": {"type": "number", "default": 90, "minimum": 0, "maximum": 100,
                 "description": "CRITICAL above this percentage"}
  }
}"#));

struct OpenFiles {
    warning: f64,
    critical: f64,
}

impl Plugin for OpenFiles {
    fn new(context: Context) -> Result<Self, Failure> {
        let warning = context.number("/warning").unwrap_or(80.0);
        let critical = context.number("/critical").unwrap_or(90.0);
        if critical < warning {
            return Err(Failure::config("critical: expected no less than warning"));
        }
        Ok(OpenFiles { warning, critical })
    }
}

impl Check for OpenFiles {
    fn check(&mut self, _round: &mut Round) -> Result<Verdict, Failure> {
        let found = file_nr::read("/proc/sys/fs/file-nr")?;
        Ok(Verdict {
            status: self.judge(100.0 * found.open / found.most),
            text: format!("{} of {} files are open", found.open, found.most),
        })
    }
}

impl OpenFiles {
    fn judge(&self, percentage: f64) -> u32 {
        if percentage > self.critical {
            shoal_abi::CHECK_CRITICAL
        } else if percentage > self.warning {
            shoal_abi::CHECK_WARNING
        } else {
            shoal_abi::CHECK_OK
        }
    }
}
