"""Cuts Shopify's Admin schema down to what our documents touch: ``schema.graphql``, which the fake answers from.

    python -m plugin.testing.fake_shopify.slice_schema --write

The introspection is the one that the npm package ``@shopify/dev-mcp`` carries, where the app's tools are installed.
Kept: every type, field and argument that a document names, enums and input objects whole, which data is protected
(``@protected``) and which scopes open a type or field (``@access``, any one of them). Left out: descriptions, and all
else. Same in, same bytes out; without ``--write`` it is printed.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graphql import (
    ArgumentNode,
    DirectiveNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    Visitor,
    build_client_schema,
    get_named_type,
    parse,
    visit,
)

Raw = dict[str, Any]
STANDARD = {"include", "skip", "deprecated", "specifiedBy"}
BUILT_IN = {"String", "Int", "Float", "Boolean", "ID"}
MADE_ON = "2026-11-22"
PACKAGE = "@shopify/dev-mcp"
ROOT = Path(__file__).parents[3]
DOCUMENTS = Path("adapters/shopify/documents")
INTROSPECTION = Path("adapters/shopify/app/node_modules", PACKAGE, "dist/data/admin_2026-10.json.gz")
UNMARKED = {
    ("QueryRoot", "deliveryProfile"): ["read_shipping", "read_assigned_shipping"],
    ("QueryRoot", "deliveryProfiles"): ["read_shipping", "read_assigned_shipping"],
}
"""Scopes that Shopify documents and the package's marks leave out: "any of assigned_shipping or shipping access
scopes", https://shopify.dev/docs/api/admin-graphql/2024-07/objects/DeliveryMethodDefinition (read 2026-11-22)."""
HEAD = """# The part of Shopify's Admin GraphQL API {version} that the documents in adapters/shopify/documents touch.
# Origin: npm package {package} {release} (ISC), dist/data/admin_{version}.json.gz, cut on {made_on} by
# plugin/testing/fake_shopify/slice_schema.py: types, fields, arguments, enums and inputs as they stand there, without
# their descriptions. Do not edit: change a document, then run that file with --write.
"""


@dataclass
class Touched:
    """What the documents name. `fields`: type → field → arguments."""

    fields: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    types: set[str] = field(default_factory=set)
    directives: set[str] = field(default_factory=set)


class _Reader(Visitor):
    def __init__(self, info: TypeInfo, touched: Touched) -> None:
        super().__init__()
        self.info, self.touched = info, touched

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent = self.info.get_parent_type()
        if parent is None or self.info.get_field_def() is None:
            if node.name.value != "__typename":
                raise SystemExit(f"There is no field {node.name.value} on {parent}.")
            return
        if not node.name.value.startswith("__"):
            self.touched.fields.setdefault(parent.name, {}).setdefault(node.name.value, set())

    def enter_argument(
        self, node: ArgumentNode, _key: object, _parent: object, _path: object, ancestors: list[Any]
    ) -> None:
        parent = self.info.get_parent_type()
        owner = ancestors[-1] if not isinstance(ancestors[-1], (list, tuple)) else ancestors[-2]
        if parent is not None and isinstance(owner, FieldNode):
            self.touched.fields[parent.name][owner.name.value].add(node.name.value)

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        if node.name.value not in STANDARD:
            self.touched.directives.add(node.name.value)

    def enter_variable_definition(self, _node: VariableDefinitionNode, *_: object) -> None:
        given = self.info.get_input_type()
        if given is not None:
            self.touched.types.add(get_named_type(given).name)

    def enter_inline_fragment(self, _node: InlineFragmentNode, *_: object) -> None:
        inside = self.info.get_type()
        if inside is not None:
            self.touched.types.add(get_named_type(inside).name)

    def enter_fragment_spread(self, _node: FragmentSpreadNode, *_: object) -> None:
        """What it spreads is read where it is defined."""


def read_touched(schema: GraphQLSchema, texts: Iterable[str]) -> Touched:
    """What these documents touch. Raises SystemExit for a field that is not there."""
    touched = Touched()
    for text in texts:
        info = TypeInfo(schema)
        visit(parse(text, no_location=True), TypeInfoVisitor(info, _Reader(info, touched)))
    return touched


def read_named(ref: Raw) -> str:
    while ref.get("ofType"):
        ref = ref["ofType"]
    return str(ref["name"])


def write_ref(ref: Raw) -> str:
    if ref["kind"] == "NON_NULL":
        return f"{write_ref(ref['ofType'])}!"
    return f"[{write_ref(ref['ofType'])}]" if ref["kind"] == "LIST" else str(ref["name"])


class Slicer:
    """Keeps growing until nothing that is kept names something that is not."""

    def __init__(self, introspection: Raw, touched: Touched) -> None:
        schema = introspection["data"]["__schema"]
        self.types: dict[str, Raw] = {one["name"]: one for one in schema["types"]}
        self.directives: dict[str, Raw] = {one["name"]: one for one in schema.get("directives", ())}
        self.roots = {kind: schema[f"{kind}Type"]["name"] for kind in ("query", "mutation") if schema[f"{kind}Type"]}
        self.scopes = UNMARKED | {
            (one["typeName"], one.get("fieldName")): one["offlineScopes"]
            for one in introspection["offline_scopes"]["items"]
            if one["offlineScopes"]
        }
        self.touched = touched
        self.kept: set[str] = {*touched.fields, *touched.types}

    def keep(self) -> None:
        todo = sorted(self.kept)
        while todo:
            one = self.types[todo.pop()]
            for name in self.list_named(one):
                if name not in self.kept and name not in BUILT_IN:
                    self.kept.add(name)
                    todo.append(name)
        for kept in list(self.kept):
            for above in (str(other["name"]) for other in self.types[kept].get("interfaces") or ()):
                for shared in self.touched.fields.get(above, {}) if above in self.kept else ():
                    self.touched.fields.setdefault(kept, {}).setdefault(shared, set())

    def list_named(self, one: Raw) -> Iterable[str]:
        for each in self.list_fields(one):
            yield read_named(each["type"])
            for arg in self.list_args(one, each):
                yield read_named(arg["type"])
        for each in one.get("inputFields") or ():
            yield read_named(each["type"])
        members = [each["name"] for each in one.get("possibleTypes") or () if one["kind"] == "UNION"]
        if not self.touched.types.union(self.touched.fields).intersection(members):
            # Only its name was asked: every member that can stand for itself.
            yield from (name for name in members if self.list_fields(self.types[name]))

    def list_fields(self, one: Raw) -> list[Raw]:
        """The touched fields; a type of which only its name was asked keeps its first plain one."""
        wanted = self.touched.fields.get(one["name"], {})
        fields = sorted(one.get("fields") or (), key=lambda each: str(each["name"]))
        kept = [each for each in fields if each["name"] in wanted]
        plain = (each for each in fields if not each["args"] and self.is_leaf(each["type"]))
        return kept or [each for each in (next(plain, None),) if each is not None]

    def is_leaf(self, ref: Raw) -> bool:
        return self.types[read_named(ref)]["kind"] in ("SCALAR", "ENUM")

    def list_args(self, one: Raw, each: Raw) -> list[Raw]:
        wanted = self.touched.fields.get(one["name"], {}).get(each["name"], set())
        args = sorted(each["args"], key=lambda arg: str(arg["name"]))
        needed = [arg["name"] for arg in args if arg["type"]["kind"] == "NON_NULL" and arg["defaultValue"] is None]
        return [arg for arg in args if arg["name"] in wanted or arg["name"] in needed]

    def write(self) -> str:
        parts = [
            "directive @access(scopes: [String!]!) on OBJECT | FIELD_DEFINITION\n",
            "directive @oneOf on INPUT_OBJECT\n",
            "directive @protected(data: String!) on FIELD_DEFINITION\n",
            *(self.write_directive(name) for name in sorted(self.touched.directives)),
            write_block("schema", (f"{kind}: {name}" for kind, name in self.roots.items() if name in self.kept)),
            *(self.write_type(self.types[name]) for name in sorted(self.kept) if name not in BUILT_IN),
        ]
        return "\n".join(parts)

    def write_directive(self, name: str) -> str:
        one = self.directives[name]
        args = ", ".join(f"{arg['name']}: {write_ref(arg['type'])}" for arg in one["args"])
        return f"directive @{name}{f'({args})' if args else ''} on {' | '.join(one['locations'])}\n"

    def write_type(self, one: Raw) -> str:
        kind, name = one["kind"], one["name"]
        if kind == "SCALAR":
            return f"scalar {name}\n"
        if kind == "ENUM":
            return write_block(f"enum {name}", (str(value["name"]) for value in sort_named(one["enumValues"])))
        if kind == "INPUT_OBJECT":
            mark = " @oneOf" if one.get("isOneOf") else ""
            return write_block(f"input {name}{mark}", (write_input(each) for each in sort_named(one["inputFields"])))
        if kind == "UNION":
            members = [each["name"] for each in sort_named(one["possibleTypes"]) if each["name"] in self.kept]
            return f"union {name} = {' | '.join(members)}\n"
        above = [each["name"] for each in sort_named(one.get("interfaces") or ()) if each["name"] in self.kept]
        word = "interface" if kind == "INTERFACE" else "type"
        marks = (f" implements {' & '.join(above)}" if above else "") + self.write_access(name, None)
        return write_block(f"{word} {name}{marks}", (self.write_field(one, each) for each in self.list_fields(one)))

    def write_field(self, one: Raw, each: Raw) -> str:
        args = ", ".join(write_input(arg) for arg in self.list_args(one, each))
        marks = self.write_access(one["name"], each["name"])
        if each.get("isProtected"):
            marks += f" @protected(data: {json.dumps(each.get('protectedContent') or 'name')})"
        return f"{each['name']}{f'({args})' if args else ''}: {write_ref(each['type'])}{marks}"

    def write_access(self, name: str, each: str | None) -> str:
        scopes = self.scopes.get((name, each), ())
        return f" @access(scopes: [{', '.join(json.dumps(scope) for scope in scopes)}])" if scopes else ""


def sort_named(many: Iterable[Raw]) -> list[Raw]:
    return sorted(many, key=lambda each: str(each["name"]))


def write_input(each: Raw) -> str:
    default = f" = {each['defaultValue']}" if each.get("defaultValue") is not None else ""
    return f"{each['name']}: {write_ref(each['type'])}{default}"


def write_block(head: str, lines: Iterable[str]) -> str:
    return f"{head} {{\n{''.join(f'  {line}{chr(10)}' for line in lines)}}}\n"


def slice_schema(introspection: Path, documents: Iterable[Path]) -> str:
    """The text of ``schema.graphql``. Raises SystemExit where a document names what the schema does not have."""
    read = json.loads(gzip.decompress(introspection.read_bytes()))
    schema = build_client_schema(read["data"], assume_valid=True)
    slicer = Slicer(read, read_touched(schema, [path.read_text(encoding="utf-8") for path in sorted(documents)]))
    slicer.keep()
    release = json.loads((introspection.parents[2] / "package.json").read_text(encoding="utf-8"))["version"]
    version = introspection.name.removeprefix("admin_").removesuffix(".json.gz")
    return HEAD.format(version=version, package=PACKAGE, release=release, made_on=MADE_ON) + "\n" + slicer.write()


if __name__ == "__main__":
    made = slice_schema(ROOT / INTROSPECTION, (ROOT / DOCUMENTS).glob("*.graphql"))
    if "--write" in sys.argv:
        (Path(__file__).parent / "schema.graphql").write_text(made, encoding="utf-8")
    else:
        sys.stdout.write(made)
