package manifest

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

const (
	// maxAliases is how often an anchored value may be used, counting uses within uses: the npm package's maxAliasCount.
	maxAliases = 100
	// maxTag is how long a tag before an anchor may be, in bytes, to be seen.
	maxTag = 200
	// maxValues is how many values a file may stand for, counting those of aliases at each use.
	maxValues = 1 << 18
)

// treeCheck looks for what Forge's reader refuses, and what it reads otherwise than people mean it.
type treeCheck struct {
	src     *source
	anchors map[*yaml.Node]*anchorUse
	// values is the number of values up to now, at most a little over maxValues.
	values int
}

type anchorUse struct {
	// open is set while the value is walked; then size is the number of its values.
	open bool
	size int
	// count is 1 and the number of aliases up to now; weight is how many uses each of them stands for, once it is counted.
	count, weight int
	weighed       bool
	// told is set once the anchor has too many aliases.
	told bool
}

func (s *source) checkTree(root *yaml.Node) {
	check := treeCheck{src: s, anchors: map[*yaml.Node]*anchorUse{}}
	check.walk(root, 0)
}

func (c *treeCheck) fault(n *yaml.Node, fix, format string, args ...any) {
	c.src.fault(node{src: c.src, yaml: n}, fix, format, args...)
}

// walk checks a value. The lines after its first one need a number of spaces before them if it is in quotes or brackets.
func (c *treeCheck) walk(n *yaml.Node, indent int) {
	if n.Kind == yaml.AliasNode {
		c.alias(n)
		return
	}
	c.values++
	if otherTags[n.Tag] && n.Style&yaml.TaggedStyle != 0 {
		c.fault(n, "Write the value without the tag.", "the tag %s has no use in this file", n.Tag)
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
		indent = 0 // one fault is enough
	}
	if n.Kind == yaml.SequenceNode {
		for _, item := range n.Content {
			c.walk(item, indent)
		}
		return
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		c.walk(n.Content[i], indent)
		c.key(n.Content[i], lines)
		c.walk(n.Content[i+1], indent)
	}
}

// key checks a key of a mapping. The lines are those of the keys before it.
func (c *treeCheck) key(n *yaml.Node, lines map[string]int) {
	if target := resolved(n); target == nil || target.Kind != yaml.ScalarNode {
		c.fault(n, `Write each key as a text, such as "key: value". A text that begins with [ or { needs quotes.`, "a list or a mapping as a key")
		return
	}
	if n.Kind == yaml.ScalarNode && n.Value == "<<" && n.Style&quoted == 0 {
		c.fault(n, "Write the entries out. An alias can stand for a whole value only.", "<< merges nothing: Forge reads YAML 1.2, where it is a key like any other")
		return
	}
	key := keyOf(n)
	if line, twice := lines[key]; twice {
		c.fault(n, "Remove one of the two, or merge them.", "the key %q is already on line %d", key, line)
		return
	}
	lines[key] = n.Line
}

func (c *treeCheck) alias(n *yaml.Node) {
	use := c.anchors[n.Alias]
	if use.open {
		c.fault(n, "Write out what you mean here.", "the alias *%s stands for a value that it is a part of", n.Value)
		return
	}
	use.count++
	if !use.weighed {
		use.weighed, use.weight = true, c.weigh(n.Alias)
	}
	if !use.told && use.count*use.weight > maxAliases {
		use.told = true
		c.fault(n, "Write the value out where it is used.", "the aliases of &%s stand for more than the %d uses that Forge allows", n.Value, maxAliases)
	}
	if c.values <= maxValues {
		if c.values += use.size; c.values > maxValues {
			c.fault(n, "Is this the right file?", "the aliases stand for more than %d values", maxValues)
		}
	}
}

// weigh counts as the npm package yaml does: the most uses that any one part of a value stands for.
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
