//! Images of Cal.com: built once from a commit, and waited for where a build is under way.

use serde_json::Value;

use super::acts::{Done, done};
use super::calls::place;
use super::shell::{Call, Shell};
use super::{LOOKS, PAUSE, Setting};

/// The images of a commit, each in a repository of its own.
const KINDS: [(&str, &str); 2] = [("web", "CalcomWebImage"), ("api", "CalcomApiImage")];

pub(super) fn images(setting: &Setting, shell: &mut dyn Shell) -> Done {
    let mut tags = Vec::new();
    for (kind, name) in KINDS {
        tags.push((kind, tag(setting, shell, name)?));
    }
    let first = tags.first().map(|(_, tag)| tag.clone()).unwrap_or_default();
    if there(setting, shell, &tags)? {
        return done(format!("there are those of {first}"));
    }
    if let Some(id) = under_way(setting, shell)? {
        println!("      waiting for the build {id}, which is under way");
        built(shell, &id)?;
        if there(setting, shell, &tags)? {
            return done(format!("built from {first}"));
        }
    }
    let id = shell.read(&start_build(setting))?;
    built(shell, &id)?;
    if there(setting, shell, &tags)? {
        return done(format!("built from {first}"));
    }
    Err(format!("the build {id} succeeded, and an image of {first} is not there"))
}

/// The tag that the configuration asks for, as infra/calcom-images.yaml makes it.
pub(super) fn wanted(setting: &Setting) -> String {
    let part = setting.part("calcom-images");
    let [commit, domain] =
        ["CalcomCommit", "InternalDomain"].map(|name| part.value(name).unwrap_or_default());
    format!("{commit}-{domain}")
}

/// The tag of an image by its place.
pub(super) fn tag(setting: &Setting, shell: &mut dyn Shell, name: &str) -> Result<String, String> {
    let image = shell.read(&place(setting, name))?;
    let (_, tag) = image.rsplit_once(':').ok_or_else(|| format!("no tag in `{image}`"))?;
    Ok(tag.to_owned())
}

fn there(
    setting: &Setting,
    shell: &mut dyn Shell,
    tags: &[(&str, String)],
) -> Result<bool, String> {
    let mut all = true;
    for (kind, tag) in tags {
        match shell.read(&image(setting, kind, tag)) {
            Ok(_) => {}
            Err(error) if error.contains("ImageNotFoundException") => all = false,
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}

/// A build that somebody started before.
fn under_way(setting: &Setting, shell: &mut dyn Shell) -> Result<Option<String>, String> {
    let answer = shell.read(&builds(setting))?;
    let ids: Value =
        serde_json::from_str(&answer).map_err(|error| format!("the list of builds: {error}"))?;
    let newest = ids.as_array().and_then(|ids| ids.first()).and_then(Value::as_str);
    let Some(id) = newest else { return Ok(None) };
    let status = shell.read(&build_status(id))?;
    Ok((status == "IN_PROGRESS").then(|| id.to_owned()))
}

fn built(shell: &mut dyn Shell, id: &str) -> Result<(), String> {
    for _ in 0..LOOKS {
        match shell.read(&build_status(id))?.as_str() {
            "SUCCEEDED" => return Ok(()),
            "IN_PROGRESS" => shell.wait(PAUSE),
            other => return Err(format!("the build {id} ended as {other}: see its log")),
        }
    }
    Err(format!("the build {id} takes too long"))
}

fn image(setting: &Setting, kind: &str, tag: &str) -> Call {
    let repository = format!("interlock-{}-calcom-{kind}", setting.env);
    let tag = format!("imageTag={tag}");
    Call::new("aws ecr describe-images --repository-name", &[&repository, "--image-ids", &tag])
}

fn project(setting: &Setting) -> String {
    format!("interlock-{}-calcom-images", setting.env)
}

/// Ids of builds, the newest first; a project runs one at a time.
fn builds(setting: &Setting) -> Call {
    let line = "aws codebuild list-builds-for-project --no-paginate --sort-order DESCENDING \
                --query ids --output json --project-name";
    Call::new(line, &[&project(setting)])
}

fn start_build(setting: &Setting) -> Call {
    let line = "aws codebuild start-build --query build.id --output text --project-name";
    Call::new(line, &[&project(setting)])
}

fn build_status(id: &str) -> Call {
    let line = "aws codebuild batch-get-builds --output text --query builds[0].buildStatus --ids";
    Call::new(line, &[id])
}

/// What the step of images runs.
pub(super) fn image_calls(setting: &Setting) -> Vec<Call> {
    let mut calls: Vec<Call> = KINDS.iter().map(|(_, name)| place(setting, name)).collect();
    calls.extend(KINDS.iter().map(|(kind, _)| image(setting, kind, "<tag>")));
    calls.extend([builds(setting), start_build(setting), build_status("<build>")]);
    calls
}
