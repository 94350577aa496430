//! Hands on to the linker what `scripts/order-functions.sh` found out, where packages are built.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=PICFERRY_LINK_ARGS");
    for argument in std::env::var("PICFERRY_LINK_ARGS").unwrap_or_default().split_whitespace() {
        println!("cargo::rustc-link-arg-bins={argument}");
    }
}
