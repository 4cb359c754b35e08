package manifest

import (
	"os"
	"regexp"

	"go.yaml.in/yaml/v4"
)

// maxExpanded is how long the values of all ${NAME} in a manifest may be together, in bytes. A text of a few thousand ${NAME}
// could otherwise become gigabytes.
const maxExpanded = 1 << 20

var variable = regexp.MustCompile(`\$\{([a-zA-Z_][a-zA-Z0-9_]*)\}`)

// readVariables makes texts replace ${NAME} for each name under environment.variables, from this process's
// environment or the default in the manifest, as the Forge CLI does
// (https://developer.atlassian.com/platform/forge/manifest-reference/environment/). Other ${NAME} stay unchanged. A
// variable without a value is a fault only where a text uses it, as for Forge.
func (s *source) readVariables() {
	values := map[string]string{}
	uses := map[string]int{}
	s.root.addVariables(uses)
	expanded := 0
	for _, item := range s.root.get("environment", "variables").items() {
		name, fallback := item.text(), node{src: s}
		if item.kind() == mapping {
			name, fallback = item.get("key").text(), item.get("default")
		}
		if name == "" {
			continue
		}
		value, ok := os.LookupEnv(name)
		switch {
		case ok:
		case fallback.kind() == scalar:
			value = inJavaScript(fallback.scalar())
		case uses[name] > 0:
			s.fault(item, "Set it before the command, or give the variable a key: and a default: here.",
				"the environment variable %q is not set", name)
		}
		if expanded += uses[name] * len(value); expanded > maxExpanded {
			s.fault(item, "Use it less often, or shorten its value.", "the variables stand for more than %d MB of text", maxExpanded>>20)
			break
		}
		values[name] = value
	}
	s.expand = func(text string) string {
		return variable.ReplaceAllStringFunc(text, func(match string) string {
			if value, ok := values[match[2:len(match)-1]]; ok {
				return value
			}
			return match
		})
	}
}

// addVariables counts the uses of each ${NAME} in the texts of a value.
func (n node) addVariables(uses map[string]int) {
	if n.yaml == nil || n.yaml.Kind == yaml.AliasNode {
		return // the value that an alias refers to is elsewhere in the file
	}
	for _, e := range n.entries() {
		e.value.addVariables(uses)
	}
	for _, item := range n.items() {
		item.addVariables(uses)
	}
	if text, ok := n.scalar().(string); ok {
		for _, match := range variable.FindAllStringSubmatch(text, -1) {
			uses[match[1]]++
		}
	}
}
