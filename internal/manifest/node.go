package manifest

import (
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// node is a value in a YAML file, or the place where one is missing. Its methods never fail: what is not there has no
// entries, no items and no text, so that a reader checks only what it needs.
type node struct {
	src *source
	ast ast.Node
	// at is the key that the value belongs to: a better place to point at than the value.
	at *token.Token
}

type kind int

const (
	missing kind = iota
	scalar
	sequence
	mapping
)

// maxAliases bounds chains of aliases and merges; YAML can make them circular.
const maxAliases = 16

// value is the node behind anchors, tags and aliases.
func (n node) value() ast.Node {
	v := n.ast
	for range maxAliases {
		switch t := v.(type) {
		case *ast.AnchorNode:
			v = t.Value
		case *ast.TagNode:
			v = t.Value
		case *ast.AliasNode:
			if t.Value == nil || t.Value.GetToken() == nil {
				return nil
			}
			v = n.src.anchors[t.Value.GetToken().Value]
		default:
			return v
		}
	}
	return nil
}

func (n node) kind() kind {
	switch n.value().(type) {
	case nil, *ast.NullNode:
		return missing
	case *ast.MappingNode, *ast.MappingValueNode:
		return mapping
	case *ast.SequenceNode:
		return sequence
	case ast.ScalarNode, *ast.LiteralNode:
		return scalar
	}
	return missing
}

// entry is one "key: value" of a mapping.
type entry struct {
	key   string
	value node
}

// entries are those of a mapping in its order; merged ones ("<<: *x") last.
func (n node) entries() []entry { return n.entriesWithin(maxAliases) }

func (n node) entriesWithin(merges int) []entry {
	var pairs []*ast.MappingValueNode
	switch t := n.value().(type) {
	case *ast.MappingNode:
		pairs = t.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{t}
	}
	var own, merged []entry
	for _, pair := range pairs {
		if pair == nil || pair.Key == nil || pair.Key.GetToken() == nil {
			continue
		}
		value := node{n.src, pair.Value, pair.Key.GetToken()}
		if pair.Key.IsMergeKey() {
			if merges > 0 {
				merged = append(merged, value.entriesWithin(merges-1)...)
			}
			continue
		}
		own = append(own, entry{keyText(pair.Key), value})
	}
	return append(own, merged...)
}

func keyText(key ast.MapKeyNode) string {
	if s, ok := key.(*ast.StringNode); ok {
		return s.Value
	}
	return key.GetToken().Value
}

// get is the value under a path of keys. A missing one keeps the place of the deepest key that is there.
func (n node) get(path ...string) node {
	for _, key := range path {
		next := node{src: n.src, at: n.at}
		if n.at == nil {
			next.at = firstToken(n.ast)
		}
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

// items are those of a sequence.
func (n node) items() []node {
	s, ok := n.value().(*ast.SequenceNode)
	if !ok {
		return nil
	}
	items := make([]node, 0, len(s.Values))
	for _, v := range s.Values {
		items = append(items, node{n.src, v, firstToken(v)})
	}
	return items
}

// text is a scalar's text with its variables replaced. Numbers, booleans and null have none: Forge wants text where we
// read text.
func (n node) text() string {
	var s string
	switch t := n.value().(type) {
	case *ast.StringNode:
		s = t.Value
	case *ast.LiteralNode:
		if t.Value != nil {
			s = t.Value.Value
		}
	}
	if n.src.expand != nil {
		s = n.src.expand(s)
	}
	return s
}

// yes says whether the value is true.
func (n node) yes() bool {
	b, ok := n.value().(*ast.BoolNode)
	return ok && b.Value
}

func (n node) position() (line, column int) {
	t := n.at
	if t == nil {
		t = firstToken(n.ast)
	}
	if t == nil || t.Position == nil {
		return 1, 1
	}
	return t.Position.Line, t.Position.Column
}

// firstToken is where a value begins. The library's own token of a mapping is its first colon.
func firstToken(n ast.Node) *token.Token {
	switch t := n.(type) {
	case nil:
		return nil
	case *ast.MappingNode:
		if t.IsFlowStyle || len(t.Values) == 0 {
			return t.Start
		}
		return firstToken(t.Values[0])
	case *ast.MappingValueNode:
		if t.Key != nil {
			return t.Key.GetToken()
		}
	}
	return n.GetToken()
}
