package manifest

import (
	"os"
	"regexp"
)

var variable = regexp.MustCompile(`\$\{([a-zA-Z_][a-zA-Z0-9_]*)\}`)

// readVariables makes texts replace ${NAME} for each name under environment.variables, from this process's
// environment or the default in the manifest, as the Forge CLI does
// (https://developer.atlassian.com/platform/forge/manifest-reference/environment/). Other ${NAME} stay unchanged.
func (s *source) readVariables() {
	values := map[string]string{}
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
		default:
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
