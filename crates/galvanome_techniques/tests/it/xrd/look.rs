use super::simulated::Made;
#[test]
#[ignore = "a look"]
fn look() {
    let a = Made::default().analyzed(1, &["instrument-width=0.06"]);
    for q in &a.quantities { eprintln!("{} {:?} {} {:?} {}", q.descriptor, q.qualifier, q.value, q.uncertainty, q.detail); }
    for n in &a.notes { eprintln!("{} {}", n.code, n.message); }
    let t = a.tables.iter().find(|t| t.name=="lattice").unwrap();
    for r in 0..t.rows { for c in &t.columns { match &c.values { galvanome_model::measurement::Values::Number(v) => eprint!("{} ", v[r]), galvanome_model::measurement::Values::Text(v) => eprint!("{} ", v[r]) } } eprintln!(); }
    let t = a.tables.iter().find(|t| t.name=="peaks").unwrap();
    for r in 0..t.rows { for c in &t.columns { match &c.values { galvanome_model::measurement::Values::Number(v) => eprint!("{:.4} ", v[r]), galvanome_model::measurement::Values::Text(v) => eprint!("{} ", v[r]) } } eprintln!(); }
}
