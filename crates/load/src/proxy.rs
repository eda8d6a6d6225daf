//! Module proxies: the `GOPROXY` list, and fetching one file through it.
//!
//! The protocol is a plain GET of `MODULE/@v/VERSION.{info,mod,zip}` below the proxy's
//! URL. In the list, `,` goes on to the next proxy when a file does not exist (404, 410),
//! `|` after any error.

use crate::error::{LoadError, Result, os_text};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

/// Where to look for modules, in order.
#[derive(Debug)]
pub struct Proxies {
    list: Vec<(Proxy, OnError)>,
    shown: String,
}

#[derive(Debug, PartialEq)]
enum Proxy {
    Url(String),
    File(String),
    /// Fetch from version control. Not supported here.
    Direct,
    Off,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum OnError {
    /// Only a missing file lets the next proxy be asked.
    Stop,
    Continue,
}

/// One proxy's failure.
struct Failure {
    missing: bool,
    text: String,
    hint: &'static str,
}

const NETWORK_HINT: &str = "check the network, HTTPS_PROXY and SSL_CERT_FILE, or set GOPROXY";

impl Proxies {
    /// Parses a `GOPROXY` value.
    pub fn parse(list: &str) -> Proxies {
        let mut found = Vec::new();
        let mut rest = list;
        while !rest.is_empty() {
            let end = rest.find([',', '|']).unwrap_or(rest.len());
            let on_error = if rest[end..].starts_with('|') {
                OnError::Continue
            } else {
                OnError::Stop
            };
            let proxy = match rest[..end].trim() {
                "" => None,
                "direct" => Some(Proxy::Direct),
                "off" => Some(Proxy::Off),
                url => Some(match url.strip_prefix("file://") {
                    Some(path) => Proxy::File(path.trim_end_matches('/').to_string()),
                    None if url.contains("://") => Proxy::Url(url.trim_end_matches('/').into()),
                    None => Proxy::Url(format!("https://{}", url.trim_end_matches('/'))),
                }),
            };
            found.extend(proxy.map(|p| (p, on_error)));
            rest = rest.get(end + 1..).unwrap_or("");
        }
        Proxies {
            list: found,
            shown: list.to_string(),
        }
    }

    /// Writes the file at `path` (below a proxy's root) to `sink`. A progress bar named
    /// `title` is shown when standard error is a terminal; an empty title shows nothing.
    pub fn fetch(&self, path: &str, title: &str, sink: &mut dyn Write) -> Result<()> {
        let mut failures: Vec<Failure> = Vec::new();
        for (proxy, on_error) in &self.list {
            let failure = match fetch_from(proxy, path, title, sink) {
                Ok(()) => return Ok(()),
                Err(Stop::Proxy(failure)) => failure,
                Err(Stop::Sink(error)) => return Err(error),
            };
            let go_on = failure.missing || *on_error == OnError::Continue;
            failures.push(failure);
            if !go_on {
                break;
            }
        }
        Err(self.explain(path, &failures))
    }

    fn explain(&self, path: &str, failures: &[Failure]) -> LoadError {
        let Some(last) = failures.last() else {
            return LoadError::new(format!("cannot fetch {path}: GOPROXY names no proxy"))
                .hint("set GOPROXY to the URL of a module proxy");
        };
        let texts: Vec<&str> = failures.iter().map(|f| f.text.as_str()).collect();
        let hint = failures.iter().find(|f| !f.missing).unwrap_or(last).hint;
        LoadError::new(format!(
            "cannot fetch {path} (GOPROXY={}): {}",
            self.shown,
            texts.join("; ")
        ))
        .hint(hint)
    }
}

enum Stop {
    Proxy(Failure),
    /// Writing what was received failed.
    Sink(LoadError),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Proxy(failure)
    }
}

fn fetch_from(proxy: &Proxy, path: &str, title: &str, sink: &mut dyn Write) -> Result<(), Stop> {
    match proxy {
        Proxy::Off => Err(Failure {
            missing: false,
            text: "module lookup disabled by GOPROXY=off".into(),
            hint: "set GOPROXY to the URL of a module proxy",
        })?,
        Proxy::Direct => Err(Failure {
            missing: true,
            text: "\"direct\" (fetching from version control) is not supported".into(),
            hint: "set GOPROXY to the URL of a module proxy",
        })?,
        Proxy::File(root) => {
            let file = Path::new(root).join(path);
            let reader = std::fs::File::open(&file).map_err(|e| Failure {
                missing: e.kind() == std::io::ErrorKind::NotFound,
                text: format!("{}: {}", file.display(), os_text(&e)),
                hint: "check the file:// URL in GOPROXY",
            })?;
            let size = reader.metadata().ok().map(|m| m.len());
            copy(reader, size, title, sink)
        }
        Proxy::Url(root) => {
            let url = format!("{root}/{path}");
            let response = agent()
                .get(&url)
                .call()
                .map_err(|e| http_failure(&url, &e))?;
            let body = response.into_body();
            let size = body.content_length();
            copy(body.into_reader(), size, title, sink)
        }
    }
}

/// Certificates are those of the system (or of `SSL_CERT_FILE`), so that a company's own
/// authority works; `HTTPS_PROXY` and friends are read by ureq.
fn agent() -> ureq::Agent {
    use ureq::tls::{RootCerts, TlsConfig};
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .build();
    ureq::Agent::config_builder()
        .tls_config(tls)
        .timeout_connect(Some(Duration::from_secs(20)))
        .timeout_recv_response(Some(Duration::from_secs(60)))
        .user_agent("goxide")
        .build()
        .into()
}

fn http_failure(url: &str, error: &ureq::Error) -> Failure {
    let missing = matches!(error, ureq::Error::StatusCode(404 | 410));
    // A URL may carry a password.
    let shown = match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme && !url[scheme + 3..at].contains('/') => {
            format!("{}{}", &url[..scheme + 3], &url[at + 1..])
        }
        _ => url.to_string(),
    };
    Failure {
        missing,
        text: format!("{shown}: {error}"),
        hint: NETWORK_HINT,
    }
}

fn copy(
    mut from: impl Read,
    size: Option<u64>,
    title: &str,
    sink: &mut dyn Write,
) -> Result<(), Stop> {
    let bar = progress_bar(size, title);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(e) => Err(Failure {
                missing: false,
                text: format!("the download broke off: {e}"),
                hint: NETWORK_HINT,
            })?,
        };
        sink.write_all(&buffer[..count]).map_err(|e| {
            Stop::Sink(LoadError::new(format!(
                "writing the download: {}",
                os_text(&e)
            )))
        })?;
        bar.inc(count as u64);
    }
    bar.finish_and_clear();
    if size.is_some_and(|s| s != bar.position()) && !title.is_empty() {
        Err(Failure {
            missing: false,
            text: format!("the download broke off after {} bytes", bar.position()),
            hint: NETWORK_HINT,
        })?;
    }
    Ok(())
}

/// A bar on standard error, hidden (by indicatif) when that is no terminal.
fn progress_bar(size: Option<u64>, title: &str) -> ProgressBar {
    if title.is_empty() {
        return ProgressBar::hidden();
    }
    let bar = match size {
        Some(size) => ProgressBar::new(size),
        None => ProgressBar::new_spinner(),
    };
    let style = ProgressStyle::with_template(
        "{msg} [{bar:30}] {bytes}/{total_bytes} {bytes_per_sec} {eta}",
    );
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        .with_message(title.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(goproxy: &str, want: Expect) {
        let mut sink = Vec::new();
        let shown = match Proxies::parse(goproxy).fetch("m/@v/v1.0.0.mod", "", &mut sink) {
            Ok(()) => String::from_utf8(sink).expect("text"),
            Err(e) => e.to_string(),
        };
        want.assert_eq(&shown);
    }

    #[test]
    fn lists_are_walked_in_order() {
        let root = std::env::temp_dir().join(format!("goxide-proxy-{}", std::process::id()));
        std::fs::create_dir_all(root.join("m/@v")).expect("temp dir");
        std::fs::write(root.join("m/@v/v1.0.0.mod"), "module m\n").expect("write");
        let good = format!("file://{}", root.display());
        check(
            &format!("file:///nonexistent,{good}"),
            expect!["module m\n"],
        );
        check(&format!("off|{good}"), expect!["module m\n"]);
        check(
            &format!("off,{}", "file:///x"),
            expect![[r#"
                cannot fetch m/@v/v1.0.0.mod (GOPROXY=off,file:///x): module lookup disabled by GOPROXY=off
                	set GOPROXY to the URL of a module proxy"#]],
        );
        check(
            "file:///nonexistent,direct",
            expect![[r#"
                cannot fetch m/@v/v1.0.0.mod (GOPROXY=file:///nonexistent,direct): /nonexistent/m/@v/v1.0.0.mod: no such file or directory; "direct" (fetching from version control) is not supported
                	set GOPROXY to the URL of a module proxy"#]],
        );
        std::fs::remove_dir_all(&root).expect("clean up");
    }

    #[test]
    fn no_network_says_what_to_do() {
        let error = Proxies::parse("http://127.0.0.1:1").fetch("m/@v/list", "", &mut Vec::new());
        let text = error.expect_err("nothing listens there").to_string();
        assert!(
            text.contains("http://127.0.0.1:1/m/@v/list") && text.contains("HTTPS_PROXY"),
            "{text}"
        );
    }
}
