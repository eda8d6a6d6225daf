//! Builds the runtime image (`crates/image`) with a cargo of its own, because it needs other
//! settings than goxide: always optimised, static, not position independent, `panic=abort`.
//! Its path reaches the crate as `GOXIDE_RUNTIME_IMAGE`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Crates whose sources make up the image.
const IMAGE_CRATES: [&str; 5] = ["abi", "fiber", "heap", "rt", "image"];

fn main() {
    let crate_dir = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let workspace = crate_dir.join("../..");
    for name in IMAGE_CRATES {
        println!(
            "cargo::rerun-if-changed={}",
            workspace.join("crates").join(name).display()
        );
    }
    println!("cargo::rerun-if-changed=build.rs");
    let image = build_image(&workspace);
    println!("cargo::rustc-env=GOXIDE_RUNTIME_IMAGE={}", image.display());
}

fn build_image(workspace: &Path) -> PathBuf {
    let out_dir = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo"));
    // target/<profile>/build/<crate>/out: one image build serves all profiles.
    let target_dir = out_dir
        .ancestors()
        .nth(4)
        .expect("OUT_DIR in a target folder")
        .join("image");
    let cargo = env::var_os("CARGO").expect("set by cargo");
    let status = Command::new(cargo)
        .current_dir(workspace)
        .args([
            "build",
            "--quiet",
            "--package",
            "goxide-image",
            "--profile",
            "image",
        ])
        .arg("--target-dir")
        .arg(&target_dir)
        .args(["--target", "x86_64-unknown-linux-gnu"])
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env(
            "RUSTFLAGS",
            "-C target-feature=+crt-static -C relocation-model=static",
        )
        // Lint drivers of the outer build must not compile the image.
        .env_remove("RUSTC_WORKSPACE_WRAPPER")
        .env_remove("RUSTC_WRAPPER")
        .status()
        .expect("cargo can be started");
    assert!(status.success(), "the runtime image does not build");
    let built = target_dir.join("x86_64-unknown-linux-gnu/image/goxide-image");
    let image = out_dir.join("goxide-image");
    fs::copy(&built, &image).expect("the runtime image is there");
    image
}
