//! scratch
mod catalogue;
fn main() -> anyhow::Result<()> {
    let a: Vec<String> = std::env::args().collect();
    let n = catalogue::refresh(a[2].as_ref(), "src/service/data/catalogue.json".as_ref())?;
    println!("{n}");
    Ok(())
}
