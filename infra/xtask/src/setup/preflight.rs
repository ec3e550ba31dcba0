//! What is looked at before anything is changed, each fault with what helps against it.
//!
//! All faults are told at once; what AWS does not tell (a right that is lacking) is told and
//! stands in nobody's way.

use super::Setting;
use super::acts::{Done, done};
use super::certificates::{certificate_calls, certificates};
use super::config::FILE;
use super::shell::{Call, Shell};
use super::stacks;

/// Fewest concurrent executions an account must allow; ours take some and AWS keeps 100 back.
const EXECUTIONS: f64 = 200.0;
/// What stands in the sample configuration until somebody fills it in.
const SAMPLES: [&str; 4] =
    ["example.org", "000000000000", "certificate/internal", "certificate/app"];

/// A program that is needed, from which version on, and how one comes by it.
struct Tool {
    line: &'static str,
    least: [u32; 2],
    remedy: &'static str,
}

const TOOLS: [Tool; 7] = [
    Tool { line: "aws --version", least: [2, 0], remedy: "install AWS CLI 2" },
    Tool {
        line: "sam --version",
        least: [1, 170],
        remedy: "pip install -r .ci/tools.txt, in a venv that is active",
    },
    Tool { line: "openssl version", least: [1, 1], remedy: "install openssl" },
    Tool { line: "curl --version", least: [7, 71], remedy: "install curl" },
    Tool { line: "node --version", least: [22, 12], remedy: "install Node.js 22 or newer" },
    Tool { line: "npm --version", least: [10, 0], remedy: "it comes with Node.js" },
    Tool {
        line: "session-manager-plugin --version",
        least: [1, 1],
        remedy: "install the Session Manager plugin of AWS CLI; steps 13 and 14 need it",
    },
];
/// Needed where functions are built.
const BUILDER: Tool = Tool {
    line: "cargo lambda --version",
    least: [1, 9],
    remedy: "pip install -r .ci/tools.txt, in a venv that is active",
};
const ZIG: [&str; 2] = ["sh -c", "zig version || python3 -m ziglang version"];

/// A limit of the account.
struct Quota {
    what: &'static str,
    service: &'static str,
    code: &'static str,
    needed: f64,
    /// Counts what is there already, where each new one counts.
    used: Option<&'static str>,
}

pub(super) fn check(setting: &Setting, shell: &mut dyn Shell) -> Done {
    let mut faults = configured(setting);
    if !faults.is_empty() {
        return Err(faults.join("\n"));
    }
    faults.extend(tools(setting, shell));
    if let Err(error) = shell.read(&who()) {
        faults.push(format!("no credentials: `aws configure` or `aws sso login` ({error})"));
        return Err(faults.join("\n"));
    }
    let mut unknown = Vec::new();
    faults.extend(region(setting, shell));
    faults.extend(executions(shell));
    faults.extend(certificates(setting, shell));
    faults.extend(sender(setting, shell, &mut unknown));
    match quotas(setting, shell, &mut unknown) {
        Ok(short) => faults.extend(short),
        Err(error) => faults.push(error),
    }
    if !faults.is_empty() {
        return Err(faults.join("\n"));
    }
    unknown.insert(0, "all there".to_owned());
    done(unknown.join("\n      "))
}

/// Samples that nobody filled in, and what `sam` does not take.
fn configured(setting: &Setting) -> Vec<String> {
    let head = format!("[\"{}.", setting.env);
    let mut own = false;
    let mut faults = Vec::new();
    for line in setting.config.lines().map(str::trim) {
        if line.starts_with('[') {
            own = line.starts_with(&head);
        }
        if own && let Some(sample) = SAMPLES.iter().find(|sample| line.contains(**sample)) {
            faults.push(format!("{FILE} still has the sample `{sample}`: {line}"));
        }
    }
    for stack in ["data", "calcom-images", "network-calcom", "api", "edge", "ops"] {
        let empty = setting.part(stack).overrides().into_iter().find(|entry| entry.ends_with('='));
        if let Some(empty) = empty {
            // A stack that is there keeps what it had of a parameter that is not named.
            faults.push(format!(
                "{FILE}, {}.{stack}: `{empty}` has no value, which sam refuses: say \
                 '{empty}\"\"'",
                setting.env
            ));
        }
    }
    faults
}

fn tools(setting: &Setting, shell: &mut dyn Shell) -> Vec<String> {
    let mut faults: Vec<String> = TOOLS.iter().filter_map(|tool| lacks(tool, shell)).collect();
    if !setting.built {
        faults.extend(lacks(&BUILDER, shell));
        if shell.read(&zig()).is_err() {
            faults.push("zig is not there: it comes with .ci/tools.txt".to_owned());
        }
    }
    faults
}

fn lacks(tool: &Tool, shell: &mut dyn Shell) -> Option<String> {
    let [major, minor] = tool.least;
    let wanted = format!("{major}.{minor} or newer is needed: {}", tool.remedy);
    let Ok(told) = shell.read(&Call::new(tool.line, &[])) else {
        return Some(format!("`{}` fails; {wanted}", tool.line));
    };
    (version(&told)? < tool.least).then(|| format!("`{}` is {told}; {wanted}", tool.line))
}

/// The first two numbers of a version; nothing where a text has none.
fn version(told: &str) -> Option<[u32; 2]> {
    let words = told.split(|letter: char| !letter.is_ascii_digit() && letter != '.');
    words.into_iter().find_map(|word| {
        let mut numbers = word.split('.').map(str::parse::<u32>);
        match (numbers.next(), numbers.next()) {
            (Some(Ok(major)), Some(Ok(minor))) => Some([major, minor]),
            (_, _) => None,
        }
    })
}

fn region(setting: &Setting, shell: &mut dyn Shell) -> Option<String> {
    let wanted = setting.part("data").region()?;
    match shell.read(&zone()) {
        Ok(region) if region == wanted => None,
        Ok(region) => Some(format!(
            "the profile's region is {region} and that of {FILE} is {wanted}: set AWS_REGION"
        )),
        Err(error) => Some(format!("no region is set: set AWS_REGION={wanted} ({error})")),
    }
}

fn executions(shell: &mut dyn Shell) -> Option<String> {
    let remedy = "aws service-quotas request-service-quota-increase --service-code lambda \
                  --quota-code L-B99A9384 --desired-value 1000";
    match shell.read(&allowed()) {
        Ok(answer) => match answer.parse::<f64>() {
            Ok(allowed) if allowed >= EXECUTIONS => None,
            Ok(_) | Err(_) => Some(format!(
                "{answer} concurrent executions of functions, and {EXECUTIONS} are needed: {remedy}"
            )),
        },
        Err(error) => Some(error),
    }
}

/// The address and the domains that may be proven for it, the nearest first.
fn identities(setting: &Setting) -> Vec<String> {
    let part = setting.part("api");
    let relay = part.value("SmtpSecretArn").unwrap_or_default();
    let from = part.value("MailFrom").unwrap_or_default();
    let Some((_, domain)) = from.split_once('@').filter(|_| relay.is_empty()) else {
        return Vec::new();
    };
    let mut found = vec![from.clone(), domain.to_owned()];
    let mut rest = domain;
    while let Some((_, parent)) = rest.split_once('.').filter(|(_, parent)| parent.contains('.')) {
        found.push(parent.to_owned());
        rest = parent;
    }
    found
}

fn sender(setting: &Setting, shell: &mut dyn Shell, unknown: &mut Vec<String>) -> Option<String> {
    let identities = identities(setting);
    let from = identities.first()?;
    let domain = identities.get(1)?;
    if shell.read(&sandbox()).is_ok_and(|out| out == "False") {
        unknown
            .push("SES is in its sandbox: mails reach addresses alone that it proved".to_owned());
    }
    for one in &identities {
        match shell.read(&identity(one)) {
            Ok(verified) if verified == "True" => return None,
            Ok(_) => {}
            Err(error) if error.contains("NotFoundException") => {}
            Err(error) => {
                unknown.push(format!("whether SES may send as {from} is not known: {error}"));
                return None;
            }
        }
    }
    Some(format!(
        "SES may not send as {from}: `aws sesv2 create-email-identity --email-identity {domain}`, \
         set the records it answers, and wait; or give SmtpSecretArn"
    ))
}

/// What the templates need of an account, for the profile that is configured.
fn needed(setting: &Setting) -> Vec<Quota> {
    let part = setting.part("network-calcom");
    let is_small = part.value("Profile").is_none_or(|profile| profile == "small");
    let has_nat = part.value("Egress").is_none_or(|egress| egress == "nat");
    let on_spot = part.value("SmallCapacity").is_none_or(|kind| kind == "FARGATE_SPOT");
    let quota = |what, service, code, needed| Quota { what, service, code, needed, used: None };
    // Twice what runs, for while an update replaces it, and the largest task that runs once.
    let on_demand = if is_small { 2.0 } else { 7.0 };
    let mut list = vec![
        quota("builds at a time on Linux/Large", "codebuild", "L-4DDC4A99", 1.0),
        quota("vCPUs of Fargate", "fargate", "L-3032A538", on_demand),
    ];
    if is_small && on_spot {
        list.push(quota("vCPUs of Fargate Spot", "fargate", "L-36FBB829", 2.0));
    }
    let vpcs = quota("VPCs", "vpc", "L-F678F1CE", 1.0);
    let count = "aws ec2 describe-vpcs --output json --query length(Vpcs)";
    list.push(Quota { used: Some(count), ..vpcs });
    if has_nat {
        let addresses = quota("elastic addresses", "ec2", "L-0263D0A3", 1.0);
        let count = "aws ec2 describe-addresses --output json --query length(Addresses)";
        list.push(Quota { used: Some(count), ..addresses });
    }
    list
}

fn quotas(
    setting: &Setting,
    shell: &mut dyn Shell,
    unknown: &mut Vec<String>,
) -> Result<Vec<String>, String> {
    let is_there = stacks::state(setting, shell, "network-calcom")?.is_some();
    let mut faults = Vec::new();
    for quota in needed(setting) {
        if is_there && quota.used.is_some() {
            continue;
        }
        let used = quota.used.map(|line| number(shell, &Call::new(line, &[]))).transpose();
        match (number(shell, &limit(&quota)), used) {
            (Ok(limit), Ok(used)) => faults.extend(short(&quota, limit, used.unwrap_or(0.0))),
            (Err(error), _) | (_, Err(error)) => {
                unknown.push(format!("not known how many {} may be: {error}", quota.what));
            }
        }
    }
    Ok(faults)
}

fn number(shell: &mut dyn Shell, call: &Call) -> Result<f64, String> {
    let answer = shell.read(call)?;
    answer.trim().parse().map_err(|_| format!("no number in `{answer}`"))
}

fn short(quota: &Quota, limit: f64, used: f64) -> Option<String> {
    let Quota { what, service, code, needed, .. } = quota;
    let wanted = used + needed;
    (limit < wanted).then(|| {
        format!(
            "{limit} {what} are allowed, and {wanted} are needed: aws service-quotas \
             request-service-quota-increase --service-code {service} --quota-code {code} \
             --desired-value {wanted}"
        )
    })
}

fn zig() -> Call {
    let [line, script] = ZIG;
    Call::new(line, &[script])
}

fn who() -> Call {
    Call::new("aws sts get-caller-identity --query Account --output text", &[])
}

/// The region that calls really go to, wherever it is set.
fn zone() -> Call {
    let line = "aws ec2 describe-availability-zones --output text \
                --query AvailabilityZones[0].RegionName";
    Call::new(line, &[])
}

fn allowed() -> Call {
    let line = "aws lambda get-account-settings --output text \
                --query AccountLimit.ConcurrentExecutions";
    Call::new(line, &[])
}

fn sandbox() -> Call {
    Call::new("aws sesv2 get-account --output text --query ProductionAccessEnabled", &[])
}

fn identity(name: &str) -> Call {
    let line = "aws sesv2 get-email-identity --output text --query VerifiedForSendingStatus";
    Call::new(line, &["--email-identity", name])
}

fn limit(quota: &Quota) -> Call {
    let line = "aws service-quotas get-service-quota --output text --query Quota.Value";
    Call::new(line, &["--service-code", quota.service, "--quota-code", quota.code])
}

/// What is asked before the first change.
pub(super) fn checks(setting: &Setting) -> Vec<Call> {
    let mut calls: Vec<Call> = TOOLS.iter().map(|tool| Call::new(tool.line, &[])).collect();
    if !setting.built {
        calls.extend([Call::new(BUILDER.line, &[]), zig()]);
    }
    calls.extend([who(), zone(), allowed()]);
    calls.extend(certificate_calls(setting));
    let identities = identities(setting);
    if !identities.is_empty() {
        calls.push(sandbox());
        calls.extend(identities.iter().map(|name| identity(name)));
    }
    calls.push(stacks::look(setting, "network-calcom"));
    for quota in needed(setting) {
        calls.push(limit(&quota));
        calls.extend(quota.used.map(|line| Call::new(line, &[])));
    }
    calls
}
