package manifest

import (
	"strconv"

	"go.yaml.in/yaml/v4"
)

// node is a value in a YAML file, or the place where one is missing. Its methods never fail: a missing value has no
// entries, no items and no text, so that a reader only checks what it needs.
type node struct {
	src  *source
	yaml *yaml.Node
	// at is the key of the value, a better place to point at than the value.
	at *yaml.Node
}

type kind int

const (
	missing kind = iota
	scalar
	sequence
	mapping
)

func (n node) kind() kind {
	v := resolved(n.yaml)
	switch {
	case v == nil:
		return missing
	case v.Kind == yaml.MappingNode:
		return mapping
	case v.Kind == yaml.SequenceNode:
		return sequence
	case inJSON(scalarOf(v)) == nil:
		return missing
	}
	return scalar
}

// entry is one "key: value" of a mapping.
type entry struct {
	key   string
	value node
}

// entries returns the entries of a mapping, in order.
func (n node) entries() []entry {
	if n.kind() != mapping {
		return nil
	}
	content := resolved(n.yaml).Content
	entries := make([]entry, 0, len(content)/2)
	for i := 0; i+1 < len(content); i += 2 {
		entries = append(entries, entry{keyOf(content[i]), node{n.src, content[i+1], content[i]}})
	}
	return entries
}

// get returns the value under a path of keys. If it is missing, the result has the place of the deepest existing key.
func (n node) get(path ...string) node {
	for _, key := range path {
		next := node{src: n.src, at: n.place()}
		for _, e := range n.entries() {
			if e.key == key {
				next = e.value
				break
			}
		}
		n = next
	}
	return n
}

// items returns the items of a sequence.
func (n node) items() []node {
	if n.kind() != sequence {
		return nil
	}
	content := resolved(n.yaml).Content
	items := make([]node, 0, len(content))
	for _, item := range content {
		items = append(items, node{src: n.src, yaml: item})
	}
	return items
}

// scalar returns the value of a scalar, as scalarOf does, or nil for other nodes.
func (n node) scalar() any {
	if n.kind() != scalar {
		return nil
	}
	return scalarOf(resolved(n.yaml))
}

// text returns a scalar's text with its variables replaced. It returns "" for numbers, booleans and null, because
// Forge requires text where we read text.
func (n node) text() string {
	text, _ := n.scalar().(string)
	if n.src.expand != nil {
		text = n.src.expand(text)
	}
	return text
}

// quoted returns a value as a fault shows it: a text in quotes, another scalar as it is written, and otherwise its kind.
func (n node) quoted() string {
	switch n.kind() {
	case mapping:
		return "a mapping"
	case sequence:
		return "a list"
	case missing:
		return "an empty value"
	}
	if _, isText := n.scalar().(string); isText {
		return strconv.Quote(n.text())
	}
	return resolved(n.yaml).Value
}

// yes reports whether the value is true.
func (n node) yes() bool { return n.scalar() == true }

// json returns the value as JSON: nil, a bool, a float64, a string with its variables replaced, a []any or a
// map[string]any.
func (n node) json() any {
	switch n.kind() {
	case mapping:
		members := map[string]any{}
		for _, e := range n.entries() {
			members[e.key] = e.value.json()
		}
		return members
	case sequence:
		list := []any{}
		for _, item := range n.items() {
			list = append(list, item.json())
		}
		return list
	}
	if _, ok := n.scalar().(string); ok {
		return n.text()
	}
	return n.scalar()
}

// place returns the node that a fault of the value points at; nil means the start of the file.
func (n node) place() *yaml.Node {
	if n.at != nil {
		return n.at
	}
	return n.yaml
}

func (n node) position() (line, column int) {
	if at := n.place(); at != nil {
		return at.Line, at.Column
	}
	return 1, 1
}
