package manifest

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

const (
	// maxAliases is how often an anchored value may be used, including nested uses: the npm package's maxAliasCount.
	maxAliases = 100
	// maxTag is the length of the longest tag before an anchor that is recognised, in bytes.
	maxTag = 200
	// maxValues is how many values a file may have, counting the values of an alias at each use.
	maxValues = 1 << 18
)

// treeCheck finds what Forge's reader refuses, and what it reads differently from what people mean.
type treeCheck struct {
	src     *source
	anchors map[*yaml.Node]*anchorUse
	// values is the number of values so far, at most a little over maxValues.
	values int
}

type anchorUse struct {
	// open is set while the value is walked. Then size is the number of its values.
	open bool
	size int
	// count is 1 plus the number of aliases so far. weight is how many uses each alias represents, once counted.
	count, weight int
	weighed       bool
	// reported is set once the fault of too many aliases has been reported.
	reported bool
}

func (s *source) checkTree(root *yaml.Node) {
	check := treeCheck{src: s, anchors: map[*yaml.Node]*anchorUse{}}
	check.walk(root, 0)
}

func (c *treeCheck) fault(n *yaml.Node, fix, format string, args ...any) {
	c.src.fault(node{src: c.src, yaml: n}, fix, format, args...)
}

// walk checks a value. If the value is in quotes or brackets, the lines after its first need at least indent spaces.
func (c *treeCheck) walk(n *yaml.Node, indent int) {
	if n.Kind == yaml.AliasNode {
		c.alias(n)
		return
	}
	c.values++
	if otherTags[n.Tag] && n.Style&yaml.TaggedStyle != 0 {
		c.fault(n, "Write the value without the tag.", "the tag %s is not used in this file", n.Tag)
	}
	if n.Kind == yaml.ScalarNode && n.Value == "?" && n.Style&quoted == 0 {
		c.fault(n, "Write it in quotes.", "a ? without a key")
	}
	if n.Anchor != "" {
		if start := c.src.from(n); strings.Contains(start[:min(len(start), len(n.Anchor)+maxTag)], "&"+n.Anchor+":") {
			c.fault(n, "Write a space between the anchor and the key or value that it names.", "an anchor with a colon in its name")
		}
		use, before := &anchorUse{open: true, count: 1}, c.values
		c.anchors[n] = use
		defer func() { use.open, use.size = false, c.values-before+1 }()
	}
	switch isBlock := n.Kind != yaml.ScalarNode && n.Style&yaml.FlowStyle == 0; {
	case isBlock:
		indent = n.Column
	case n.Style&(yaml.FlowStyle|yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 && !c.checkIndent(n, indent):
		indent = 0 // report only one fault
	}
	if n.Kind == yaml.SequenceNode {
		for _, item := range n.Content {
			c.walk(item, indent)
		}
		return
	}
	lines := map[any]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		c.walk(n.Content[i], indent)
		c.key(n.Content[i], lines)
		c.walk(n.Content[i+1], indent)
	}
}

// keyText is the text of a key, whatever its value.
type keyText string

// key checks a key of a mapping. lines has the lines of the keys before it, by their values and by their texts.
func (c *treeCheck) key(n *yaml.Node, lines map[any]int) {
	if target := resolved(n); target == nil || target.Kind != yaml.ScalarNode {
		c.fault(n, `Write each key as a text, such as "key: value". A text that begins with [ or { needs quotes.`, "a list or a mapping as a key")
		return
	}
	if n.Kind == yaml.ScalarNode && n.Value == "<<" && n.Style&quoted == 0 {
		c.fault(n, "Write the entries out. An alias can only replace a whole value.", "<< does not merge: Forge reads YAML 1.2, where it is an ordinary key")
		c.src.faults[len(c.src.faults)-1].accepted = true
	}
	key, value := keyText(keyOf(n)), scalarOf(resolved(n))
	line, twice := lines[value]
	if !twice {
		// Forge reads 1 and "1" as two keys, and NaN is never the same as another. But it uses only one of them.
		line = lines[key]
	}
	if line > 0 {
		c.fault(n, "Remove one of the two, or merge them.", "the key %q is already on line %d", string(key), line)
		c.src.faults[len(c.src.faults)-1].accepted = !twice
	}
	lines[key], lines[value] = n.Line, n.Line
}

func (c *treeCheck) alias(n *yaml.Node) {
	use := c.anchors[n.Alias]
	if use.open {
		c.fault(n, "Write out the value here.", "the alias *%s is inside the value that it refers to", n.Value)
		return
	}
	use.count++
	if !use.weighed {
		use.weighed, use.weight = true, c.weigh(n.Alias)
	}
	if !use.reported && use.count*use.weight > maxAliases {
		use.reported = true
		c.fault(n, "Write the value out where it is used.", "the aliases of &%s stand for more than the %d uses that Forge allows", n.Value, maxAliases)
	}
	if c.values <= maxValues {
		if c.values += use.size; c.values > maxValues {
			c.fault(n, "Is this the right file?", "the aliases stand for more than %d values", maxValues)
		}
	}
}

// weigh counts as the npm package yaml does: the largest number of uses of any one part of a value.
func (c *treeCheck) weigh(n *yaml.Node) int {
	switch n.Kind {
	case yaml.AliasNode:
		use := c.anchors[n.Alias]
		return min(use.count*use.weight, maxAliases+1)
	case yaml.ScalarNode:
		return 1
	}
	most := 0
	for _, part := range n.Content {
		most = max(most, c.weigh(part))
	}
	return most
}
