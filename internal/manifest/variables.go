package manifest

import (
	"os"
	"regexp"

	"go.yaml.in/yaml/v4"
)

var variable = regexp.MustCompile(`\$\{([a-zA-Z_][a-zA-Z0-9_]*)\}`)

// readVariables makes texts replace ${NAME} for each name under environment.variables, from this process's
// environment or the default in the manifest, as the Forge CLI does
// (https://developer.atlassian.com/platform/forge/manifest-reference/environment/). Other ${NAME} stay unchanged. A
// variable without a value is a fault only where a text uses it, as for Forge.
func (s *source) readVariables() {
	values := map[string]string{}
	used := map[string]bool{}
	s.root.addVariables(used)
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
		case used[name]:
			s.fault(item, "Set it before the command, or give the variable a key: and a default: here.",
				"the environment variable %q is not set", name)
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

// addVariables adds the names in all ${NAME} of the texts of a value.
func (n node) addVariables(names map[string]bool) {
	if n.yaml == nil || n.yaml.Kind == yaml.AliasNode {
		return // the value that an alias refers to is elsewhere in the file
	}
	for _, e := range n.entries() {
		e.value.addVariables(names)
	}
	for _, item := range n.items() {
		item.addVariables(names)
	}
	if text, ok := n.scalar().(string); ok {
		for _, match := range variable.FindAllStringSubmatch(text, -1) {
			names[match[1]] = true
		}
	}
}
