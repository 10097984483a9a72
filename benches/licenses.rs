//! Reads each line of a file as a rights statement and prints how long that took:
//! `cargo run --release --example licenses -- FILE`

use naturalia::license::{Status, parse};
use std::io::Write;
use std::time::Instant;

fn main() -> std::io::Result<()> {
    let file = std::env::args().nth(1).unwrap_or_default();
    let text = std::fs::read_to_string(file)?;
    let lines: Vec<&str> = text.lines().collect();
    let run = || lines.iter().filter(|line| parse(line).status() == Status::Exact).count();
    let exact = run();
    let start = Instant::now();
    let again = run();
    let seconds = start.elapsed().as_secs_f64();
    assert_eq!(exact, again);
    writeln!(std::io::stdout(), "{{\"lines\": {}, \"exact\": {exact}, \"seconds\": {seconds}}}", lines.len())
}
