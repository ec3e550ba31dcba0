//! Path parameters, by the gateway's word or by our own matching.
//!
//! A parameter is text until it is asked for as an id; what is no id of the kind is not found.

use std::str::FromStr;

use interlock_policy::{ResourceId, ResourceKind};

use crate::{Problem, RawRequest, Route};

/// Path parameters by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PathParameters(Vec<(String, String)>);

impl PathParameters {
    /// Of a request to a route.
    pub fn of(route: &Route, request: &RawRequest) -> Self {
        if !request.path_parameters.is_empty() {
            return Self(request.path_parameters.clone());
        }
        route.paths().find_map(|path| matched(path, &request.path)).unwrap_or_default()
    }

    /// The text of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// A parameter as an id; a foreign and a malformed id are told alike (RELIABILITY Z2).
    pub fn id<T: FromStr>(&self, name: &str) -> Result<T, Problem> {
        let text = self.get(name).ok_or_else(Problem::not_found)?;
        text.parse().map_err(|_| Problem::not_found())
    }

    /// The machine or host; each only under its own path.
    pub fn resource_id(&self) -> Result<ResourceId, Problem> {
        let (name, kind) = if self.get("hostId").is_some() {
            ("hostId", ResourceKind::Host)
        } else {
            ("machineId", ResourceKind::Machine)
        };
        let id: ResourceId = self.id(name)?;
        if id.kind() == kind { Ok(id) } else { Err(Problem::not_found()) }
    }
}

fn matched(pattern: &str, path: &str) -> Option<PathParameters> {
    let mut parameters = Vec::new();
    let mut segments = path.split('/');
    for part in pattern.split('/') {
        let segment = segments.next()?;
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(name) if !segment.is_empty() => {
                parameters.push((name.to_owned(), segment.to_owned()));
            }
            None if part == segment => {}
            Some(_) | None => return None,
        }
    }
    segments.next().is_none().then_some(PathParameters(parameters))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(path: &str) -> PathParameters {
        const ROUTE: Route = Route::get("machines.get", "/api/machines/{machineId}")
            .twin("/api/hosts/{hostId}")
            .any_caller();
        let request = RawRequest::new("GET", path, "req_1".parse().unwrap());
        PathParameters::of(&ROUTE, &request)
    }

    #[test]
    fn each_kind_of_resource_lives_under_its_own_path() {
        let id = |path| parameters(path).resource_id().map(|id| id.as_str().to_owned());
        assert_eq!(id("/api/machines/mch_laser").unwrap(), "mch_laser");
        assert_eq!(id("/api/hosts/hst_coach").unwrap(), "hst_coach");
        for path in [
            "/api/machines/hst_coach",
            "/api/hosts/mch_laser",
            "/api/machines/usr_ada",
            "/api/machines/",
            "/api/machines/MCH_LASER",
            "/api/machines/mch_laser/more",
            "/api/machines/mch_%6caser",
            "/other",
        ] {
            assert_eq!(id(path).unwrap_err().code(), "not_found", "{path}");
        }
    }

    #[test]
    fn what_the_gateway_found_goes_before_our_own_matching() {
        const ROUTE: Route = Route::get("machines.get", "/api/machines/{machineId}").any_caller();
        let mut request =
            RawRequest::new("GET", "/stage/api/machines/mch_a", "req_1".parse().unwrap());
        request.path_parameters = vec![("machineId".into(), "mch_b".into())];
        let found = PathParameters::of(&ROUTE, &request).resource_id().unwrap();
        assert_eq!(found.as_str(), "mch_b");
    }
}
