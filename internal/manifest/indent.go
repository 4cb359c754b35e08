package manifest

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// The library accepts lines of a quoted text or between brackets with any indentation. Forge refuses them unless they
// are indented further than the key or list that they belong to.

// checkIndent checks the lines of a value in quotes or brackets, and reports whether each has at least least spaces.
func (c *treeCheck) checkIndent(n *yaml.Node, least int) bool {
	if n.Kind == yaml.ScalarNode {
		return c.checkQuoted(n, least)
	}
	for line := n.Line + 1; line <= min(lastLine(n), len(c.src.lines)); line++ {
		text := c.src.lines[line-1]
		if content := strings.TrimLeft(text, " "); strings.TrimSpace(content) != "" && content[0] != '#' && !c.indented(line, least) {
			return false
		}
	}
	return true
}

// lastLine returns the last line on which a part of the value starts.
func lastLine(n *yaml.Node) int {
	last := n.Line
	for _, part := range n.Content {
		last = max(last, lastLine(part))
	}
	return last
}

func (c *treeCheck) checkQuoted(n *yaml.Node, least int) bool {
	quote := byte('"')
	if n.Style&yaml.SingleQuotedStyle != 0 {
		quote = '\''
	}
	rest := c.src.from(n)
	_, rest, _ = strings.Cut(rest, string(quote))
	for line := n.Line; ; line++ {
		end, escaped := quoteEnd(rest, quote)
		if end >= 0 || line >= len(c.src.lines) {
			return true
		}
		rest = c.src.lines[line]
		blank := strings.TrimSpace(rest) == ""
		if escaped && blank {
			c.src.faults = append(c.src.faults, c.src.at(line, len([]rune(c.src.lines[line-1])), `Write \n for a line end.`, `a \ at the end of a line before an empty line, which YAML readers read differently`))
			return false
		}
		if !blank && !c.indented(line+1, least) {
			return false
		}
	}
}

// quoteEnd returns where a quoted text ends, or -1, and whether the line's last character is an escaping \.
func quoteEnd(text string, quote byte) (end int, escaped bool) {
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quote == '"':
			i++
			escaped = i == len(text)
		case text[i] == quote && quote == '\'' && strings.HasPrefix(text[i+1:], "'"):
			i++
		case text[i] == quote:
			return i, false
		}
	}
	return -1, escaped
}

func (c *treeCheck) indented(line, least int) bool {
	text := c.src.lines[line-1]
	spaces := len(text) - len(strings.TrimLeft(text, " "))
	if spaces < least {
		c.src.faults = append(c.src.faults, c.src.at(line, spaces+1, "Indent the line further than the key or the list that it belongs to.", "a value continues here with too little indentation"))
	}
	return spaces >= least
}
