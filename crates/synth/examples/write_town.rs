//! Writes a made-up round: `write_town OUTDIR [--children N] [--nurseries N] [--seed S] …`, the
//! options of [`enmusubi_synth::Options`] with dashes, and `--calibrate F.csv` or `--demo yes`. For trying things out without the binary.

use enmusubi_synth::{Options, calibrated, demo_table, files, parse_calibration, town};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let out = std::path::PathBuf::from(args.next().ok_or("write_town OUTDIR [--children N] …")?);
    let mut options = Options::default();
    let mut table = None;
    while let Some(name) = args.next() {
        let value = args.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--children" => options.children = value.parse()?,
            "--nurseries" => options.nurseries = value.parse()?,
            "--seed" => options.seed = value.parse()?,
            "--siblings" => options.siblings = value.parse()?,
            "--same-age" => options.same_age = value.parse()?,
            "--triples" => options.triples = value.parse()?,
            "--siblings-apart" => options.siblings_apart = value.parse()?,
            "--transfers" => options.transfers = value.parse()?,
            "--sibling-transfers" => options.sibling_transfers = Some(value.parse()?),
            "--ties" => options.ties = value.parse()?,
            "--max-choices" => options.max_choices = value.parse()?,
            "--fill-choices" => options.fill_choices = value.parse()?,
            "--seats-ratio" => options.seats_ratio = value.parse()?,
            "--nursery-dependent" => options.nursery_dependent = value.parse()?,
            "--id-prefix" => options.id_prefix = value,
            "--municipalities" => options.municipalities = value.parse()?,
            "--calibrate" => {
                let read = parse_calibration(&std::fs::read(&value)?, &value);
                table = Some(read.map_err(|wrong| wrong.join("\n"))?);
            }
            "--demo" => table = Some(demo_table()),
            _ => return Err(format!("unknown option {name}").into()),
        }
    }
    options.check().map_err(|wrong| wrong.join("\n"))?;
    let made = match table {
        Some(table) => {
            let (made, shortfalls) = calibrated(&table, &options);
            for shortfall in shortfalls {
                eprintln!("{shortfall}");
            }
            made
        }
        None => town(&options),
    };
    std::fs::create_dir_all(&out)?;
    for (name, bytes) in files(&made) {
        std::fs::write(out.join(name), bytes)?;
    }
    Ok(())
}
