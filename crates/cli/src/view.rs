//! The views of a compiler writer: `goxide ast`, `goxide ssa`, `goxide asm`.

use crate::flags::Parsed;
use crate::options;
use goxide_driver::{Failure, ast_text};
use std::path::Path;
use std::process::ExitCode;

/// `goxide ast`.
pub fn ast(parsed: &Parsed) -> ExitCode {
    options::with_session(parsed, |_| {
        let [file] = &parsed.args[..] else {
            return Err(Failure::Usage("ast: name one Go file".to_string()));
        };
        print!("{}", ast_text(Path::new(file), parsed.on("json"))?);
        Ok(ExitCode::SUCCESS)
    })
}

/// `goxide ssa`.
pub fn ssa(parsed: &Parsed) -> ExitCode {
    options::with_session(parsed, |session| {
        let (function, program) = function_and_program(&parsed.args)?;
        print!("{}", session.ssa(function, program, parsed.get("after"))?);
        Ok(ExitCode::SUCCESS)
    })
}

/// `goxide asm`.
pub fn asm(parsed: &Parsed) -> ExitCode {
    options::with_session(parsed, |session| {
        let (function, program) = function_and_program(&parsed.args)?;
        print!("{}", session.asm(function, program)?);
        Ok(ExitCode::SUCCESS)
    })
}

fn function_and_program(args: &[String]) -> Result<(&str, &[String]), Failure> {
    match args {
        [function, program @ ..] => Ok((function, program)),
        [] => Err(Failure::Usage(
            "name a function, as in main.main".to_string(),
        )),
    }
}
