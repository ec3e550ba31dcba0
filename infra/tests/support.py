"""Templates as plain data, as they are and as SAM would deploy them."""

import functools
import os
import pathlib
import re

import yaml

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")

INFRA = pathlib.Path(__file__).resolve().parents[1]
ROOT = INFRA.parent
NAMES = sorted(path.name for path in INFRA.glob("*.yaml"))


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Reads `!Ref x` as `{"Ref": "x"}`."""


def _intrinsic(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _intrinsic)


def parse(text):
    """Text of a template as data."""
    return yaml.load(text, _Loader)


@functools.cache
def text(name):
    return (INFRA / name).read_text()


@functools.cache
def template(name):
    """A template as it stands; nobody changes it."""
    return parse(text(name))


@functools.cache
def translated():
    """The API stack as SAM would deploy it; takes seconds, so it is done once."""
    from samtranslator.translator.transform import transform

    class NoManagedPolicies:
        def load(self):
            return {}

    stack = parse(text("api.yaml"))
    for function in of_type(stack, "AWS::Serverless::Function").values():
        function["Properties"]["CodeUri"] = "s3://bucket/key"
    return transform(stack, {}, NoManagedPolicies())


def of_type(stack, kind):
    """Resources of one type by their names."""
    return {n: r for n, r in stack["Resources"].items() if r["Type"] == kind}


def walk(value, path=()):
    """Every mapping in a value, with the way to it."""
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            yield from walk(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from walk(inner, (*path, number))


def as_list(value):
    return value if isinstance(value, list) else [value]


def statements(stack):
    """Every statement of every policy, with the name of its resource."""
    for name, resource in stack["Resources"].items():
        for path, mapping in walk(resource):
            if "Effect" in mapping:
                yield name, resource["Type"], path, mapping


def runbooks(alarm):
    """Pages that an alarm names."""
    return re.findall(r"docs/runbooks/[a-z-]+[.]md", alarm["Properties"]["AlarmDescription"])


def decided(value, conditions):
    """A value with every `Fn::If` decided; what is left out is gone."""
    if isinstance(value, dict):
        if set(value) == {"Fn::If"}:
            name, yes, no = value["Fn::If"]
            return decided(yes if conditions[name] else no, conditions)
        kept = {k: decided(v, conditions) for k, v in value.items()}
        return {k: v for k, v in kept.items() if v != {"Ref": "AWS::NoValue"}}
    if isinstance(value, list):
        kept = [decided(v, conditions) for v in value]
        return [v for v in kept if v != {"Ref": "AWS::NoValue"}]
    return value


def truth(condition, parameters, conditions):
    """Whether a condition holds."""
    ((function, argument),) = condition.items()
    if function == "Condition":
        return truth(conditions[argument], parameters, conditions)
    inner = [
        truth(one, parameters, conditions) for one in as_list(argument) if function != "Fn::Equals"
    ]
    if function == "Fn::Not":
        return not inner[0]
    if function == "Fn::And":
        return all(inner)
    if function == "Fn::Or":
        return any(inner)
    left, right = (parameters[v["Ref"]] if isinstance(v, dict) else v for v in argument)
    return left == right


def deployed(name, **parameters):
    """Resources of a template under these parameters, every choice made."""
    return chosen(template(name), parameters)


def deployed_by_sam(**parameters):
    """The same of the API stack as SAM would deploy it."""
    return chosen(translated(), parameters)


def chosen(stack, parameters):
    values = {n: p.get("Default", f"<{n}>") for n, p in stack["Parameters"].items()}
    unknown = set(parameters) - set(values)
    if unknown:
        raise KeyError(unknown)
    values.update(parameters)
    named = stack.get("Conditions", {})
    held = {n: truth(c, values, named) for n, c in named.items()}
    kept = {n: r for n, r in stack["Resources"].items() if held.get(r.get("Condition"), True)}
    return decided(kept, held)
