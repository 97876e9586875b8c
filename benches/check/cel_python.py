"""Peer: `jsonschema` and the conditions of the contract as they are, evaluated by `cel-python`."""

import json

import celpy
import jsonschema
from celpy.adapter import json_to_cel

import peer


def main():
    packages, schema, conditions, facts = peer.load()
    validator = jsonschema.Draft202012Validator(schema)
    environment = celpy.Environment()
    compiled = [
        (
            condition["graded"],
            environment.program(environment.compile(condition["when"])) if condition["when"] else None,
            environment.program(environment.compile(condition["text"])),
        )
        for condition in conditions
    ]

    def is_met(graded, when, program, scope):
        if when is not None and not when.evaluate(scope):
            return True
        value = program.evaluate(scope)
        return value == 10_000 if graded else bool(value)

    def check(text):
        payload = json.loads(text)["payload"]
        assert validator.is_valid(payload)
        scope = {name: json_to_cel(value) for name, value in facts.items()}
        scope["packet"] = json_to_cel(payload)
        return [at for at, parts in enumerate(compiled) if not is_met(*parts, scope)]

    peer.serve(packages, peer.expected_unmet(), check)


if __name__ == "__main__":
    main()
