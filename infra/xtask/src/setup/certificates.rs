//! Both certificates: that they are issued, where they must be, and for the right names.

use serde_json::Value;

use super::Setting;
use super::acts::EDGE_REGION;
use super::shell::{Call, Shell};

/// A certificate of the configuration.
struct Wanted {
    arn: String,
    /// Where it must be, if the configuration says so.
    region: Option<String>,
    names: Vec<String>,
}

/// Both certificates.
fn wanted(setting: &Setting) -> [Wanted; 2] {
    let certificate = |stack| setting.part(stack).value("CertificateArn").unwrap_or_default();
    let inner = setting.part("network-calcom").value("InternalDomain").unwrap_or_default();
    let app = setting.part("edge").value("AppDomain").unwrap_or_default();
    let inner = ["cal", "calapi", "hooks"].map(|name| format!("{name}.{inner}"));
    [
        Wanted {
            arn: certificate("network-calcom"),
            region: setting.part("network-calcom").region(),
            names: inner.to_vec(),
        },
        Wanted { arn: certificate("edge"), region: Some(EDGE_REGION.to_owned()), names: vec![app] },
    ]
}

/// What is wrong with them.
pub(super) fn certificates(setting: &Setting, shell: &mut dyn Shell) -> Vec<String> {
    let mut faults = Vec::new();
    for Wanted { arn, region, names } in wanted(setting) {
        if let Some(region) = region.filter(|region| arn.split(':').nth(3) != Some(region)) {
            faults.push(format!("the certificate {arn} is not in {region}: ask for one there"));
            continue;
        }
        let told = shell.read(&certificate(&arn)).and_then(|answer| {
            serde_json::from_str::<Value>(&answer).map_err(|error| error.to_string())
        });
        match told {
            Ok(told) => faults.extend(unfit(&arn, &told, &names)),
            Err(error) => faults.push(format!("the certificate {arn}: {error}")),
        }
    }
    faults
}

fn unfit(arn: &str, told: &Value, names: &[String]) -> Option<String> {
    let status = told.get("status").and_then(Value::as_str).unwrap_or_default();
    if status != "ISSUED" {
        return Some(format!(
            "the certificate {arn} is {status}: set the records that `aws acm \
             describe-certificate` names in the public zone, and wait"
        ));
    }
    let list = told.get("names").and_then(Value::as_array).cloned().unwrap_or_default();
    let has = |name: &str| list.iter().any(|one| one.as_str() == Some(name));
    let covered = |name: &String| {
        let wild = name.split_once('.').map(|(_, rest)| format!("*.{rest}"));
        has(name) || wild.is_some_and(|wild| has(&wild))
    };
    let lacking = names.iter().find(|name| !covered(name))?;
    Some(format!("the certificate {arn} is not for {lacking}: ask for one that is"))
}

fn certificate(arn: &str) -> Call {
    let region = arn.split(':').nth(3).filter(|region| !region.is_empty()).unwrap_or(EDGE_REGION);
    let line = "aws acm describe-certificate --output json --query";
    let query = "Certificate.{status:Status,names:SubjectAlternativeNames}";
    Call::new(line, &[query, "--region", region, "--certificate-arn", arn])
}

/// What is asked of them.
pub(super) fn certificate_calls(setting: &Setting) -> Vec<Call> {
    wanted(setting).iter().map(|one| certificate(&one.arn)).collect()
}
