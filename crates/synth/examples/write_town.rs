//! Writes a made-up round: `write_town OUTDIR [--children N] [--nurseries N] [--seed S] …`, the
//! options of [`enmusubi_synth::Options`] with dashes. For trying things out without the binary.

use enmusubi_synth::{Options, areas_csv, children_csv, nurseries_csv, town};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let out = std::path::PathBuf::from(args.next().ok_or("write_town OUTDIR [--children N] …")?);
    let mut options = Options::default();
    while let Some(name) = args.next() {
        let value = args.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--children" => options.children = value.parse()?,
            "--nurseries" => options.nurseries = value.parse()?,
            "--seed" => options.seed = value.parse()?,
            "--siblings" => options.siblings = value.parse()?,
            "--same-age" => options.same_age = value.parse()?,
            "--triples" => options.triples = value.parse()?,
            "--transfers" => options.transfers = value.parse()?,
            "--ties" => options.ties = value.parse()?,
            "--max-choices" => options.max_choices = value.parse()?,
            "--fill-choices" => options.fill_choices = value.parse()?,
            "--seats-ratio" => options.seats_ratio = value.parse()?,
            "--nursery-dependent" => options.nursery_dependent = value.parse()?,
            "--id-prefix" => options.id_prefix = value,
            "--municipalities" => options.municipalities = value.parse()?,
            _ => return Err(format!("unknown option {name}").into()),
        }
    }
    options.check().map_err(|wrong| wrong.join("\n"))?;
    let made = town(&options);
    std::fs::create_dir_all(&out)?;
    std::fs::write(out.join("children.csv"), children_csv(&made))?;
    std::fs::write(out.join("nurseries.csv"), nurseries_csv(&made))?;
    std::fs::write(out.join("areas.csv"), areas_csv(&made))?;
    Ok(())
}
