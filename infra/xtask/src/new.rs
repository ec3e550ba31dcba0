//! What a new function needs, printed; nothing is created silently.

use crate::functions::Function;

/// Prints the places of a route name such as `reservations.extend`.
pub(crate) fn run(name: &str) -> Result<(), String> {
    println!("{}", places(name)?);
    Ok(())
}

fn places(name: &str) -> Result<String, String> {
    let well_formed = |word: &str| {
        !word.is_empty() && word.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-')
    };
    let (domain, rest) = name
        .split_once('.')
        .filter(|(domain, rest)| well_formed(domain) && well_formed(rest))
        .ok_or_else(|| format!("`{name}` is not of the form `domain.verb`"))?;
    let function = Function::new(&format!("{domain}-{rest}"), domain);
    Ok(format!(
        "1. [[bin]] `{}` in functions/{}/Cargo.toml, and {}\n\
         2. module {} with `ROUTE` named `{}` and `handle`\n\
         3. resource `{}` in infra/api.yaml with the same routes and its own policy\n\
         4. sample {}\n\
         5. row in docs/API.md\n\
         6. operation `{}` in docs/openapi.json\n\
         7. line in the role matrix of the acceptance suite\n\
         8. scenario in infra/local/tests",
        function.name,
        function.package,
        function.bin_file(),
        function.module_file(),
        function.route_name(),
        function.resource(),
        function.event_file(),
        function.name,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_name_gives_eight_places() {
        let text = places("reservations.extend").unwrap();
        assert_eq!(text.lines().count(), 8);
        assert!(text.contains("ReservationsExtendFunction"));
    }

    #[test]
    fn a_name_without_a_domain_is_refused() {
        assert!(places("extend").is_err());
        assert!(places("Reservations.extend").is_err());
    }
}
